"""Finds a JDK 25, whatever JDK the machine's default is."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from .console import Problem

VERSION = 25
# Where installers put JDKs; "~" is the user's home. On macOS a JDK is a bundle around the folder that counts.
FOLDERS = (
    "/usr/lib/jvm/*",
    "/usr/lib64/jvm/*",
    "/usr/java/*",
    "/opt/java/*",
    "/opt/jdk*",
    "/opt/jdks/*",
    "~/.sdkman/candidates/java/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "~/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "/home/linuxbrew/.linuxbrew/opt/openjdk*/libexec",
    "~/.jdks/*",
    "~/.gradle/jdks/*",
    "~/.asdf/installs/java/*",
    "~/.local/share/mise/installs/java/*",
    "~/.jenv/versions/*",
)


def find(environ: Mapping[str, str] = os.environ, root: Path = Path("/"), user_home: Path | None = None) -> Path:
    """The folder of a JDK 25: JAVA_HOME's if it is one, else the first in the usual folders, else the one on the PATH."""
    seen: dict[Path, str] = {}
    for candidate in candidates(environ, root, user_home or Path(environ.get("HOME") or Path.home())):
        if candidate in seen or not _is_jdk(candidate):
            continue
        seen[candidate] = version(candidate) or "unknown"
        if _feature(seen[candidate]) == VERSION:
            return candidate
    others = ", ".join(f"{found} at {place}" for place, found in seen.items()) or "no JDK at all"
    raise Problem(
        f"expected a JDK {VERSION}, found {others}: install one (Temurin {VERSION} from https://adoptium.net, or "
        f"`sdk install java {VERSION}-tem`), or name its folder by JAVA_HOME"
    )


def candidates(environ: Mapping[str, str], root: Path, user_home: Path) -> Iterator[Path]:
    """Folders that may be JDKs, the user's own choice first."""
    if environ.get("JAVA_HOME"):
        yield Path(environ["JAVA_HOME"]).absolute()  # what is started by it has other working folders
    for pattern in FOLDERS:
        base, relative = (user_home, pattern[2:]) if pattern.startswith("~/") else (root, pattern[1:])
        try:
            # Newest name first: of 25.0.1 and 25.0.2 the second.
            yield from sorted(base.glob(relative), reverse=True)
        except OSError:
            continue  # a folder that this user may not read
    for folder in environ.get("PATH", "").split(os.pathsep):
        javac = Path(folder) / "javac"
        if folder and javac.is_file():
            yield javac.resolve().parent.parent


def version(home: Path) -> str | None:
    """What the JDK says of itself: in its `release` file, or where that is missing, when run."""
    try:
        stated = re.search(r'^JAVA_VERSION="([^"]+)"', (home / "release").read_text(errors="replace"), re.MULTILINE)
        if stated:
            return stated.group(1)
    except OSError:
        pass
    try:
        said = subprocess.run([home / "bin/java", "-version"], capture_output=True, text=True, timeout=20, check=False).stderr
    except (OSError, subprocess.SubprocessError):
        return None
    run = re.search(r'version "([^"]+)"', said)
    return run.group(1) if run else None


def _is_jdk(home: Path) -> bool:
    """A JRE cannot build."""
    return os.access(home / "bin/java", os.X_OK) and os.access(home / "bin/javac", os.X_OK)


def _feature(stated: str) -> int | None:
    number = re.match(r"\d+", stated)
    return int(number.group()) if number else None
