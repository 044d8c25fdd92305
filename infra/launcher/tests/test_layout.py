"""Where the states of a machine are drawn: nothing covers anything, and every arrow leads from box to box."""

from __future__ import annotations

import itertools
import random
import unittest
from collections.abc import Iterator, Sequence

from launcher import environment, layout
from launcher.layout import BOX, Layout, Point
from launcher.statemachine import StateMachine

OURS = StateMachine.of((environment.REPOSITORY / "infra" / "workflows" / "identify.asl.json").read_text())
STEPS = 40


def made_up(seed: int) -> StateMachine:
    """Of up to 20 states, with arrows in all directions, also back and to themselves."""
    chance = random.Random(seed)
    names = [f"S{number}" for number in range(chance.randint(1, 20))]
    states = {}
    for number, name in enumerate(names):
        follower = names[min(number + 1, len(names) - 1)]
        far = [{"Next": chance.choice(names)} for _ in range(chance.randint(0, 3))]
        states[name] = {"Type": "Choice", "Choices": far, "Default": follower}
    return StateMachine({"StartAt": names[0], "States": states})


def drawn(points: Sequence[Point]) -> Iterator[Point]:
    """Points along the curve, as picture.py draws it: straight in a lane, bent between layers."""
    for index, ((x, y), (to_x, to_y)) in enumerate(zip(points, points[1:])):
        for step in range(STEPS + 1):
            t = step / STEPS
            if index % 2:
                yield x + t * (to_x - x), y + t * (to_y - y)
            else:
                bend = 3 * t**2 - 2 * t**3
                yield x + bend * (to_x - x), y + (to_y - y) * (1.5 * t - 1.5 * t**2 + t**3)


class Drawings(unittest.TestCase):
    MACHINES = [OURS, *map(made_up, range(30))]

    def test_no_box_covers_another_and_all_lie_within(self) -> None:
        for number, machine in enumerate(self.MACHINES):
            with self.subTest(number):
                found = layout.of(machine)
                self.assertEqual(set(machine.states), set(found.boxes))
                for (x, y), (other_x, other_y) in itertools.combinations(found.boxes.values(), 2):
                    self.assertTrue(abs(x - other_x) > BOX[0] or abs(y - other_y) > BOX[1])
                for x, y in found.boxes.values():
                    self.assertTrue(BOX[0] / 2 <= x <= found.width - BOX[0] / 2 and BOX[1] / 2 <= y <= found.height - BOX[1] / 2)

    def test_every_arrow_begins_and_ends_at_its_boxes(self) -> None:
        for number, machine in enumerate(self.MACHINES):
            with self.subTest(number):
                found = layout.of(machine)
                self.assertEqual(set(machine.transitions), set(found.paths))
                for it, points in found.paths.items():
                    for (x, y), state in ((points[0], it.source), (points[-1], it.target)):
                        middle_x, middle_y = found.boxes[state]
                        self.assertLessEqual(abs(x - middle_x), BOX[0] / 2 + 0.01)
                        self.assertLessEqual(abs(y - middle_y), BOX[1] / 2 + 0.01)

    def test_no_arrow_crosses_a_box(self) -> None:
        for number, machine in enumerate(self.MACHINES):
            with self.subTest(number):
                found = layout.of(machine)
                for it, points in found.paths.items():
                    if it.source != it.target:
                        self.assertEqual([], crossed(found, points), it)

    def test_every_arrow_ends_at_a_place_of_its_own(self) -> None:
        for number, machine in enumerate(self.MACHINES):
            with self.subTest(number):
                ends = [points[-1] for it, points in layout.of(machine).paths.items() if it.source != it.target]
                self.assertEqual(len(ends), len(set(ends)))

    def test_a_state_lies_below_all_that_lead_to_it(self) -> None:
        found = layout.layers(OURS)
        self.assertEqual(0, found[OURS.start])
        for it in OURS.transitions:
            self.assertLess(found[it.source], found[it.target])

    def test_crossings_are_few(self) -> None:
        """Ours can be drawn with a dozen; a change of the layout that tangles it is noticed."""
        found = layout.of(OURS)
        lines = [pair for points in found.paths.values() for index, pair in enumerate(zip(points, points[1:])) if index % 2 == 0]
        crossings = sum(
            a[1] == c[1] and (a[0] - c[0]) * (b[0] - d[0]) < 0 and b[1] == d[1] for (a, b), (c, d) in itertools.combinations(lines, 2)
        )
        self.assertLess(crossings, 16)


def crossed(found: Layout, points: Sequence[Point]) -> list[str]:
    """Names of the boxes that a curve leads through, its own two ends aside."""
    return [
        state
        for state, (x, y) in found.boxes.items()
        if any(abs(at_x - x) < BOX[0] / 2 - 0.5 and abs(at_y - y) < BOX[1] / 2 - 0.5 for at_x, at_y in drawn(points))
    ]
