"""The command `prove`: what it is run with."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from launcher import bench, cli, prove
from launcher.console import Problem
from launcher.services import ALL


class Prove(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.repository = Path(folder.name)
        for module in prove.MADE_OF:
            (self.repository / module / "src" / "main").mkdir(parents=True)
            (self.repository / module / "pom.xml").touch()
        (self.repository / "pom.xml").touch()
        for name, value in {"prove.REPOSITORY": self.repository, "tools.folder": lambda: self.repository / "tools"}.items():
            patched = mock.patch(f"launcher.{name}", value)
            patched.start()
            self.addCleanup(patched.stop)

    def test_it_refuses_an_aws_elsewhere(self) -> None:
        with mock.patch.dict("os.environ", {"AWS_ENDPOINT_URL": "https://dynamodb.eu-central-1.amazonaws.com"}):
            with self.assertRaisesRegex(Problem, "expected an AWS endpoint on this machine"):
                prove.crashes(False, None)

    def test_it_is_built_once_for_the_same_sources(self) -> None:
        built = []

        def build(_java_home: Path, _log: Path) -> None:
            built.append(1)
            (self.repository / prove.MODULE / "target" / "lib").mkdir(parents=True, exist_ok=True)

        with mock.patch("launcher.prove._build", build):
            classpath = prove.prepare(Path("jdk"), Path("log"))
            self.assertEqual(classpath, prove.prepare(Path("jdk"), Path("log")))
            self.assertEqual([1], built)
            (self.repository / "infra" / "src" / "main" / "New.java").touch()
            prove.prepare(Path("jdk"), Path("log"))
        self.assertEqual([1, 1], built)
        self.assertEqual(2, len(classpath.split(os.pathsep)))

    def test_the_proof_is_told_where_the_services_are_and_what_was_asked_for(self) -> None:
        jars = {service.name: Path(f"{service.name}.jar") for service in prove.ALL}
        with (
            mock.patch.dict("os.environ", {"AWS_PROFILE": "ours"}),
            mock.patch("launcher.jdk.find", return_value=Path("jdk")),
            mock.patch("launcher.prove.prepare", return_value="classes"),
            mock.patch("launcher.applications.prepare", return_value=jars),
            mock.patch("subprocess.Popen") as popen,
        ):
            os.environ.pop("AWS_ENDPOINT_URL", None)
            popen.return_value.wait.return_value = 1
            self.assertEqual(1, prove.crashes(True, "PutEvents"))
        command, settings = popen.call_args.args[0], popen.call_args.kwargs["env"]
        self.assertEqual("jdk/bin/java", command[0])
        given = command[command.index("io.smartdoor.proof.ProveCrashes") + 1 :]
        stated = ["lock=lock-service.jar", "notification=notification-service.jar", "identification=identification-service.jar"]
        self.assertEqual(["--json", "--only", "PutEvents", *stated], given)
        self.assertFalse({"AWS_PROFILE", "AWS_ENDPOINT_URL"} & set(settings))

    def test_a_soak_is_told_how_long_and_by_which_seed(self) -> None:
        with mock.patch("launcher.prove.run", return_value=0) as run:
            self.assertEqual(0, prove.soak(True, True, 2.0, 7))
            self.assertEqual(0, prove.soak(False, False, 0.5, None))
        self.assertEqual(("io.smartdoor.proof.ProveSoak", ["--json", "--broken", "--minutes", "2.0", "--seed", "7"]), run.call_args_list[0].args)
        self.assertEqual(["--minutes", "0.5", "--seed"], run.call_args_list[1].args[1][:-1])
        self.assertTrue(run.call_args_list[1].args[1][-1].isdigit())

    def test_an_upgrade_is_told_from_which_release(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for service in ALL:
            (Path(folder.name) / f"{service.name}.jar").touch()
        with mock.patch("launcher.prove.run", return_value=0) as run:
            given = cli.parser().parse_args(["prove", "upgrade", "--seed", "7", "--from", folder.name])
            self.assertEqual(0, given.run(given))
            self.assertEqual(0, prove.upgrade(True, 1.5, None, None))
        self.assertEqual(
            ("io.smartdoor.proof.ProveUpgrade", ["--from", folder.name, "--minutes", "2.0", "--seed", "7"]), run.call_args_list[0].args
        )
        self.assertEqual(["--json", "--minutes", "1.5", "--seed"], run.call_args_list[1].args[1][:-1])

    def test_a_release_that_is_not_there_is_refused_before_anything_is_built(self) -> None:
        with tempfile.TemporaryDirectory() as folder, mock.patch("launcher.prove.run") as run:
            (Path(folder) / "lock-service.jar").touch()
            for release, found in ((Path("/nope"), "no such folder"), (Path(folder), "no notification-service.jar, identification-service.jar")):
                with self.subTest(release), self.assertRaisesRegex(Problem, f"in {release}, found {found}: correct --from"):
                    prove.upgrade(False, 2.0, None, release)
        run.assert_not_called()

    def test_startup_is_told_nothing_that_is_for_the_benchmark(self) -> None:
        for option, words in (("--only", ["accept"]), ("--docs", []), ("--tolerant", [])):
            given = cli.parser().parse_args(["bench", "startup", option, *words])
            with self.subTest(option), mock.patch("launcher.startup.startup") as run, self.assertRaisesRegex(Problem, f"found {option}: leave out"):
                given.run(given)
            run.assert_not_called()

    def test_a_soak_lasts_half_a_minute_or_more(self) -> None:
        given = cli.parser().parse_args(["prove", "soak", "--minutes", "0.5"])
        self.assertEqual(0.5, given.minutes)
        for text in ("0", "0.4", "-1", "two", "nan"):
            with self.subTest(text), contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
                cli.parser().parse_args(["prove", "soak", f"--minutes={text}"])

    def test_the_benchmark_is_told_what_was_asked_for_and_where_plots_belong(self) -> None:
        with mock.patch("launcher.prove.run", return_value=1) as run:
            self.assertEqual(1, bench.bench(True, True, 3, ["drain", "accept"], True))
        docs = str(bench.REPOSITORY / "docs")
        run.assert_called_once_with(
            "io.smartdoor.bench.Bench",
            ["--json", "--tolerant", "--rounds", "3", "--only", "drain", "--only", "accept", "--docs", docs],
        )
