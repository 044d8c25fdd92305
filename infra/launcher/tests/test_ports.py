"""Choosing and checking ports."""

from __future__ import annotations

import socket
import unittest

from launcher import ports
from launcher.console import Problem


class Ports(unittest.TestCase):
    def test_a_busy_port_is_named_with_whose_it_would_be(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            with self.assertRaisesRegex(Problem, rf"expected port {port} \(lock-service\) to be free.*--free-ports"):
                ports.require_free({"lock-service": port})

    def test_a_program_on_all_addresses_makes_a_port_busy_too(self) -> None:
        with socket.create_server(("0.0.0.0", 0)) as other:
            self.assertFalse(ports.is_free(other.getsockname()[1]))

    def test_chosen_ports_are_free_and_differ(self) -> None:
        chosen = ports.choose(["a", "b", "c", "d"])
        self.assertEqual(4, len(set(chosen.values())))
        ports.require_free(chosen)

    def test_a_port_is_free_again_after_its_program_ended(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            address = other.getsockname()
            with socket.create_connection(address), other.accept()[0]:
                pass
        self.assertTrue(ports.is_free(address[1]))
