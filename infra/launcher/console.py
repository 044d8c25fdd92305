"""What the launcher says while it works, and how it says that something is wrong."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator

HEARTBEAT = 10.0  # seconds of silence after which a step says that it is still at work


class Problem(Exception):
    """Something the user has to know and can act on. Its text is one line: what was expected, what was found, what to do."""


def progress(text: str) -> None:
    """Says on standard error what goes on; standard output is for results."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Announces a step, says every ten seconds that it still runs, and how long it took."""
    progress(f"- {what} ...")
    started = time.monotonic()
    ended = threading.Event()

    def heartbeat() -> None:
        while not ended.wait(HEARTBEAT):
            progress(f"  still at it after {time.monotonic() - started:.0f} s")

    speaker = threading.Thread(target=heartbeat, daemon=True)
    speaker.start()
    try:
        yield
    finally:
        ended.set()
        speaker.join()
    progress(f"  done in {time.monotonic() - started:.1f} s")


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Lets what must not stay half done (stopping processes) finish although Ctrl-C is pressed again."""
    kinds = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {kind: signal.signal(kind, signal.SIG_IGN) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def stop_on_signals() -> None:
    """Makes a polite kill and a closed terminal end the command as Ctrl-C does, so that the same clean-up runs."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    # A command started by nohup ignores the closing of its terminal, and has to go on doing so.
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, interrupt)
