"""What the launcher says while it works, and how it says that something is wrong."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
HEARTBEAT = 10.0  # seconds of silence after which a step says that it is still at work


class Problem(Exception):
    """Something the user has to know and can act on. Its text is one line: what was expected, what was found, what to do."""


def progress(text: str) -> None:
    """Says on standard error what goes on; standard output is for results. That nobody listens any more changes nothing."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def give_up_output() -> None:
    """Whoever read our output is gone: Python must not complain of that once more at its end, and change the exit code."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


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
    with _signals_noted():
        yield


@contextlib.contextmanager
def undivided() -> Iterator[None]:
    """Lets what must not be cut in two (starting a process and noting it) finish; a signal that came meanwhile comes after it."""
    with _signals_noted() as came:
        yield
    for kind in came:
        signal.raise_signal(kind)


@contextlib.contextmanager
def _signals_noted() -> Iterator[list[int]]:
    """By a handler, which a program started meanwhile does not inherit: it would go on ignoring what we ignore."""
    came: list[int] = []
    kinds = SIGNALS if threading.current_thread() is threading.main_thread() else ()  # others get no signals
    handled = [kind for kind in kinds if signal.getsignal(kind) not in (signal.SIG_IGN, None)]
    before = {kind: signal.signal(kind, lambda number, _: came.append(number)) for kind in handled}
    try:
        yield came
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
