"""The command `bench faces`: whom the embedded face matcher takes for whom, and how long it takes beside plain OpenCV."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from . import console, jdk, maven, tools
from .console import Problem
from .environment import REPOSITORY, UMASK
from .services import IDENTIFICATION, JVM

MODULE = IDENTIFICATION.name
PROGRAM = "io.smartdoor.identification.face.FacesBench"
DATA = "skimage/data"
NEEDED = ("astronaut.png", "coffee.png", "lfw_subset.npy")


def faces(as_json: bool, tolerant: bool, short: bool, docs: bool) -> int:
    """Zero if no stranger was taken for somebody at the default threshold, and if the time is reached."""
    java_home = jdk.find()
    pictures = data()
    with tempfile.TemporaryDirectory(prefix="smartdoor-faces-") as folder:
        classpath = _build(java_home, Path(folder))
        flags = [*(["--json"] if as_json else []), *(["--tolerant"] if tolerant else []), *(["--short"] if short else [])]
        arguments = ["--data", str(pictures), *flags, *(["--docs", str(REPOSITORY / "docs")] if docs else [])]
        # Its libraries would like to log; the bench itself says what it does.
        options = [*JVM, "--enable-native-access=ALL-UNNAMED", "-Dslf4j.internal.verbosity=ERROR", "-Dlogging.level.root=WARN"]
        command = [str(java_home / "bin/java"), *options, "-cp", classpath, PROGRAM, *arguments]
        return subprocess.run(command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, check=False).returncode


def data() -> Path:
    """The folder of scikit-image's pictures, which is installed first if needed."""
    tools.python(tools.FACES)
    for folder in sorted(tools.place(tools.FACES).glob(f"lib/python3*/site-packages/{DATA}")):
        if all((folder / name).is_file() for name in NEEDED):
            return folder
    raise Problem(f"expected {', '.join(NEEDED)} in {tools.place(tools.FACES)}, found none: remove that folder, and it is made anew")


def _build(java_home: Path, folder: Path) -> str:
    """The class path of the service's tests, of which the bench is one that is not run with them."""
    libraries, log = folder / "libraries", folder / "build.log"
    program = maven.require(java_home)
    asked = [f"-Dmdep.outputFile={libraries}", "-Dmdep.includeScope=test"]
    command = [program, "-q", "-B", "test-compile", "dependency:build-classpath", *asked, "-pl", MODULE, "-am"]
    with tools.lock(MODULE), console.step("building what measures"), log.open("w") as output:
        done = subprocess.run(
            command,
            cwd=REPOSITORY,
            env=maven.environment(java_home),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            umask=UMASK,
            check=False,
        )
    if done.returncode != 0 or not libraries.exists():
        errors = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.startswith("[ERROR]")]
        raise Problem(f"expected what measures to build, found: {(errors or ['nothing'])[0]}: see `{' '.join(command)}`")
    target = REPOSITORY / MODULE / "target"
    return os.pathsep.join([str(target / "test-classes"), str(target / "classes"), libraries.read_text().strip()])
