"""A repository of its own with the real launcher, among programs that behave like Java, Maven, MiniStack and the AWS CLI.

What they are told to do wrong is a file in the folder `faults`; what they were told otherwise is kept in `seen`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from launcher import environment, services, tools

PROGRAM = Path(__file__).with_name("fake_program.py")


class Machine:
    """Everything that `smartdoor` finds on a machine, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repository = folder / "repository"
        self.home = folder / "home"
        self.faults = folder / "faults"
        self.seen = folder / "seen"
        for made in (self.repository, self.faults, self.seen):
            made.mkdir()
        infra = environment.REPOSITORY / "infra"
        ignored = shutil.ignore_patterns("tests", "__pycache__")
        shutil.copytree(infra / "launcher", self.repository / "infra" / "launcher", ignore=ignored)
        for name in (tools.EMULATOR, tools.AWS_CLI, tools.LINT, tools.CHECKOV, "stacks", "workflows", "jvm"):
            shutil.copytree(infra / name, self.repository / "infra" / name)
        shutil.copy2(environment.REPOSITORY / "smartdoor", self.repository)
        (self.repository / "pom.xml").touch()
        for module in {module for service in services.ALL for module in service.modules}:
            (self.repository / module).mkdir()
            (self.repository / module / "pom.xml").touch()
        for program in ("bin/aws", "bin/docker", "bin/docker-compose", "bin/mvn", "jdk/bin/java", "jdk/bin/javac"):
            self._install(folder / program)
        for tool in (tools.EMULATOR, tools.LINT, tools.CHECKOV):
            self._install(folder / "tools" / tools.place(tool).name / "bin/python")
        (folder / "jdk" / "release").write_text('JAVA_VERSION="25.0.1"\n')

    def _install(self, program: Path) -> None:
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{PROGRAM}" "{self.folder}" "{program.name}" "$@"\n')
        program.chmod(0o755)

    def environment(self, **more: str) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "SMARTDOOR_"))}
        return inherited | {
            "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
            "JAVA_HOME": str(self.folder / "jdk"),
            "SMARTDOOR_HOME": str(self.home),
            "SMARTDOOR_TOOLS": str(self.folder / "tools"),
            "SMARTDOOR_FREE_PORTS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            **more,
        }

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(self.repository / "smartdoor"), *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment(**environ), stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def run(self, *arguments: str, **environ: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        with self.start(*arguments, **environ) as process:
            out, err = process.communicate(timeout=60)
            return process.returncode, out, err

    def remove_jdk(self) -> None:
        """As on a machine whose usual folders have none, whatever this one's have."""
        shutil.rmtree(self.folder / "jdk")
        with (self.repository / "infra" / "launcher" / "jdk.py").open("a") as source:
            source.write("\n\nFOLDERS = ()\n")

    def break_part(self, name: str) -> None:
        (self.faults / name).touch()

    def mend(self, name: str) -> None:
        (self.faults / name).unlink()

    def secret(self, secret: str) -> None:
        """What the next doors that are registered sign by."""
        (self.seen / "secret").write_text(secret)

    def told(self, service: str) -> dict[str, str]:
        """The environment that a service was started with last."""
        found: dict[str, str] = json.loads((self.seen / f"{service}.json").read_text())
        return found

    def running(self) -> list[int]:
        """Every process that was started here and has not ended."""
        pids = [int(file.name.rpartition(".")[2]) for file in self.seen.glob("process.*")]
        return [pid for pid in pids if _belongs_here(pid, self.folder)]

    def clean_up(self) -> None:
        for pid in self.running():
            os.kill(pid, signal.SIGKILL)


def _belongs_here(pid: int, folder: Path) -> bool:
    shown = subprocess.run(["ps", "-o", "state=,command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return str(folder) in shown and not shown.startswith("Z")

