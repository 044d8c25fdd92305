"""Measuring how faces are known."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path
from unittest import mock

from launcher import cli, faces, tools
from launcher.console import Problem


class Faces(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()

    def test_the_bench_is_told_what_was_asked_for_and_where_pictures_and_documents_are(self) -> None:
        with (
            mock.patch("launcher.jdk.find", return_value=self.folder),
            mock.patch("launcher.faces.data", return_value=self.folder / "data"),
            mock.patch("launcher.faces._build", return_value="classes"),
            mock.patch("subprocess.run") as run,
        ):
            run.return_value.returncode = 1
            self.assertEqual(1, faces.faces(True, True, True, True))
        command = run.call_args.args[0]
        docs = str(faces.REPOSITORY / "docs")
        self.assertEqual(
            ["classes", faces.PROGRAM, "--data", str(self.folder / "data"), "--json", "--tolerant", "--short", "--docs", docs],
            command[command.index("-cp") + 1 :],
        )

    def test_bench_measures_faces_where_faces_are_named(self) -> None:
        with mock.patch("launcher.faces.faces", return_value=0) as measured:
            self.assertEqual(0, cli.run(["bench", "faces", "--short"]))
        measured.assert_called_once_with(False, False, True, False)

    def test_pictures_are_those_of_the_installed_package(self) -> None:
        place = self.folder / "faces"
        pictures = place / "lib/python3.11/site-packages" / faces.DATA
        pictures.mkdir(parents=True)
        with mock.patch.object(tools, "python"), mock.patch.object(tools, "place", return_value=place):
            with self.assertRaisesRegex(Problem, "expected astronaut.png, coffee.png, lfw_subset.npy in .*, found none"):
                faces.data()
            for name in faces.NEEDED:
                (pictures / name).touch()
            self.assertEqual(pictures, faces.data())
