"""Which ports to listen on."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterable, Mapping

from .console import Problem
from .environment import LOOPBACK

# Below the ports that systems hand out to outgoing connections (Linux from 32768, macOS from 49152): one of those could
# take a port between our choosing it and the program's opening it.
CHOSEN = range(20000, 32000)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a port on which only finished connections linger is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    # On some systems a program that listens on all addresses does not keep others from one of them: ask it.
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) != 0


def choose(names: Iterable[str], taken: Iterable[int] = ()) -> dict[str, int]:
    """A free port for each name, no two the same, and none of those that are taken already."""
    chosen: dict[str, int] = {}
    others = set(taken)
    for name in names:
        chosen[name] = _free_port(others | set(chosen.values()))
    return chosen


def _free_port(taken: set[int]) -> int:
    for port in random.SystemRandom().sample(CHOSEN, 200):
        if port not in taken and is_free(port):
            return port
    raise Problem(f"expected a free port between {CHOSEN.start} and {CHOSEN.stop - 1}, found none among 200 tried: stop other programs")


def require_free(ports: Mapping[str, int]) -> None:
    busy = [f"{port} ({name})" for name, port in ports.items() if not is_free(port)]
    if busy:
        raise Problem(
            f"expected port {', '.join(busy)} to be free, found another program there: "
            "stop that program, name other ports (SMARTDOOR_PORT_LOCK and so on), or let free ones be chosen with --free-ports"
        )
