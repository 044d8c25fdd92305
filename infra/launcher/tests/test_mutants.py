"""The command `prove mutants`: what it reads, and when it fails."""

from __future__ import annotations

import tempfile
import unittest
from collections import Counter
from pathlib import Path

from launcher import mutants
from launcher.console import Problem
from launcher.mutants import Mutant


def mutation(status: str, method: str = "look", description: str = "negated conditional", name: str = "consuming.InHand") -> str:
    return (
        f"<mutation detected='false' status='{status}'><mutatedClass>io.smartdoor.messaging.{name}</mutatedClass>"
        f"<mutatedMethod>{method}</mutatedMethod><lineNumber>7</lineNumber><description>{description}</description></mutation>"
    )


def read(*mutations: str) -> mutants.Result:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "mutations.xml"
        report.write_text(f"<mutations>{''.join(mutations)}</mutations>")
        return mutants.read(report)


class Mutants(unittest.TestCase):
    def test_it_counts_what_was_noticed(self) -> None:
        result = read(mutation("KILLED"), mutation("TIMED_OUT"), mutation("SURVIVED"), mutation("NO_COVERAGE", name="Backoff"))
        self.assertEqual({"consuming.InHand": 2}, dict(result.noticed))
        self.assertEqual({"consuming.InHand": 3, "Backoff": 1}, dict(result.all))

    def test_a_mutant_is_named_without_what_changes_elsewhere(self) -> None:
        described = "replaced boolean return with true for io/smartdoor/messaging/consuming/Poller::lambda$join$0"
        removed = "removed call to java/util/concurrent/locks/ReentrantLock::unlock"
        result = read(mutation("KILLED"), mutation("SURVIVED", "lambda$join$0", described), mutation("SURVIVED", "settle", removed))
        self.assertEqual(
            {
                Mutant("consuming.InHand.join", "replaced boolean return with true"): 1,
                Mutant("consuming.InHand.settle", "removed call to ReentrantLock::unlock"): 1,
            },
            dict(result.unnoticed),
        )

    def test_what_goes_unnoticed_has_to_be_explained_each_time_that_it_does(self) -> None:
        result = read(mutation("KILLED", "renew"), mutation("SURVIVED"), mutation("SURVIVED"))
        mutant = Mutant("consuming.InHand.look", "negated conditional")
        self.assertEqual(["no test notices consuming.InHand.look: negated conditional (2, explained 0)"], mutants.judge(result, Counter()))
        self.assertEqual(1, len(mutants.judge(result, Counter({mutant: 1}))))
        self.assertEqual([], mutants.judge(result, Counter({mutant: 2})))

    def test_what_is_explained_has_to_be_there(self) -> None:
        result = read(mutation("KILLED"))
        gone = Mutant("consuming.InHand.gone", "negated conditional")
        self.assertRegex(mutants.judge(result, Counter({gone: 1}))[0], "explains 1 of consuming.InHand.gone.*found 0: correct it")
        self.assertEqual([], mutants.judge(result, Counter({Mutant("consuming.InHand.look", "negated conditional"): 1})))

    def test_a_run_without_tests_says_nothing(self) -> None:
        with self.assertRaisesRegex(Problem, "found none that ran"):
            read(mutation("NO_COVERAGE"))
        with self.assertRaisesRegex(Problem, "found NOT_STARTED"):
            read(mutation("NOT_STARTED"))

    def test_explanations_are_the_rows_of_a_table(self) -> None:
        lines = ["# Mutants", "| place | change | at most | why |", "|---|---|---|---|", "| `Backoff.limit` | changed conditional boundary | 2 | both give the same |"]
        self.assertEqual({Mutant("Backoff.limit", "changed conditional boundary"): 2}, dict(mutants.explanations(lines)))

    def test_every_explanation_here_can_be_read(self) -> None:
        rows = [line for line in mutants.EXPLANATIONS.read_text().splitlines() if line.startswith("| `")]
        self.assertEqual(len(rows), len(mutants.explanations(rows)))
