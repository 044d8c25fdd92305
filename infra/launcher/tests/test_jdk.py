"""Finding a JDK 25 among what machines have."""

from __future__ import annotations

import os
import tempfile
import unittest
from pathlib import Path

from launcher import jdk
from launcher.console import Problem


class Discovery(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "root"
        self.user_home = Path(folder.name) / "user"

    def install(self, place: Path, version: str | None, compiler: bool = True, said: str = "") -> Path:
        (place / "bin").mkdir(parents=True)
        for program in ("java", "javac") if compiler else ("java",):
            file = place / "bin" / program
            file.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
            file.chmod(0o755)
        if version is not None:
            (place / "release").write_text(f'IMPLEMENTOR="Somebody"\nJAVA_VERSION="{version}"\n')
        return place

    def find(self, **environ: str) -> Path:
        return jdk.find({"PATH": "", **environ}, self.root, self.user_home)

    def test_java_home_wins_where_it_is_a_25(self) -> None:
        self.install(self.root / "usr/lib/jvm/temurin-25", "25.0.3")
        own = self.install(self.user_home / "own", "25")
        self.assertEqual(own, self.find(JAVA_HOME=str(own)))

    def test_java_home_may_be_relative(self) -> None:
        own = self.install(self.user_home / "own", "25")
        found = self.find(JAVA_HOME=os.path.relpath(own))
        self.assertTrue(found.is_absolute())
        self.assertTrue(found.samefile(own))

    def test_a_25_is_found_although_java_home_is_a_17(self) -> None:
        old = self.install(self.root / "usr/lib/jvm/java-17", "17.0.15")
        new = self.install(self.root / "usr/lib/jvm/temurin-25", "25.0.3")
        self.assertEqual(new, self.find(JAVA_HOME=str(old)))

    def test_every_usual_folder_is_looked_into(self) -> None:
        for place in (
            self.root / "usr/lib/jvm/temurin-25-jdk-amd64",
            self.root / "Library/Java/JavaVirtualMachines/temurin-25.jdk/Contents/Home",
            self.root / "opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home",
            self.user_home / ".sdkman/candidates/java/25-tem",
            self.user_home / ".jdks/temurin-25",
            self.user_home / ".asdf/installs/java/temurin-25",
            self.user_home / ".local/share/mise/installs/java/25",
            self.user_home / ".jenv/versions/25",
        ):
            with self.subTest(place):
                self.install(place, "25.0.1")
                self.assertEqual(place, self.find())
                os.remove(place / "bin/javac")

    def test_the_one_on_the_path_is_found_through_its_links(self) -> None:
        real = self.install(self.root / "somewhere/jdk", "25.0.1")
        links = self.root / "links"
        links.mkdir()
        (links / "javac").symlink_to(real / "bin/javac")
        self.assertEqual(real.resolve(), self.find(PATH=str(links)))

    def test_without_a_release_file_java_itself_is_asked(self) -> None:
        place = self.install(self.root / "usr/lib/jvm/odd", None, said='openjdk version "25.0.2" 2026-01-20')
        self.assertEqual(place, self.find())

    def test_a_25_that_cannot_compile_is_passed_over(self) -> None:
        self.install(self.root / "usr/lib/jvm/jre-25", "25.0.1", compiler=False)
        with self.assertRaisesRegex(Problem, "no JDK at all"):
            self.find()

    def test_the_refusal_names_what_was_found_and_what_to_do(self) -> None:
        self.install(self.root / "usr/lib/jvm/java-17", "17.0.15")
        self.install(self.root / "usr/lib/jvm/java-26", "26")
        with self.assertRaises(Problem) as refused:
            self.find()
        said = str(refused.exception)
        self.assertNotIn("\n", said)
        for part in ("expected a JDK 25", "17.0.15 at", "26 at", "JAVA_HOME"):
            self.assertIn(part, said)
