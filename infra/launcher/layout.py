"""Places the states of a machine in layers, top to bottom, so that no box covers another and no arrow crosses a box.

The usual way (Sugiyama, Tagawa and Toda, 1981): a state lies below all that lead to it; an arrow over several layers has a
narrow place of its own in each of them; places are ordered, then shifted, towards their neighbours. Few states, so plain code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .statemachine import StateMachine, Transition

BOX = (204.0, 56.0)
GAP = 60.0  # between two layers
SPACE = 26.0  # between two neighbours
LANE = 16.0  # the width that an arrow needs where it passes a layer
PORT = 11.0  # between two arrows of one box
MARGIN = 24.0
SWEEPS = 24

Point = tuple[float, float]


@dataclass
class Place:
    """A state's box, or where an arrow passes a layer."""

    layer: int
    width: float
    state: str = ""
    x: float = 0.0
    """Of its middle."""
    above: list[Place] = field(default_factory=list)
    below: list[Place] = field(default_factory=list)

    def __hash__(self) -> int:
        return id(self)


@dataclass(frozen=True)
class Layout:
    width: float
    height: float
    boxes: Mapping[str, Point]
    """The middle of each."""
    paths: Mapping[Transition, Sequence[Point]]
    """From box to box. Between two points of one height's layer an arrow runs straight down; between layers it may bend."""


def layers(machine: StateMachine) -> dict[str, int]:
    """By state. One that nothing leads to lies at the top; an arrow back to where one came from counts as one from there."""
    back = _leading_back(machine)
    found = {name: 0 for name in machine.states}
    for _ in found:
        for it in machine.transitions:
            if it.source != it.target:
                upper, lower = (it.target, it.source) if it in back else (it.source, it.target)
                found[lower] = max(found[lower], found[upper] + 1)
    return found


def _leading_back(machine: StateMachine) -> set[Transition]:
    back: set[Transition] = set()
    done: set[str] = set()

    def follow(state: str, way: tuple[str, ...]) -> None:
        if state in done:
            return
        for it in machine.out_of(state):
            if it.target in (*way, state):
                back.add(it)
            else:
                follow(it.target, (*way, state))
        done.add(state)

    for state in (machine.start, *machine.states):
        follow(state, ())
    return back


def of(machine: StateMachine) -> Layout:
    at = layers(machine)
    rows: list[list[Place]] = [[] for _ in range(max(at.values()) + 1)]
    boxes = {name: Place(at[name], BOX[0], name) for name in machine.states}
    for box in boxes.values():
        rows[box.layer].append(box)
    chains: dict[Transition, list[Place]] = {}
    for it in machine.transitions:
        if it.source != it.target:
            chains[it] = _chain(it, boxes, rows)
    best = _ordered(rows)
    for row, order in zip(rows, best):
        row[:] = order
    _shift(rows)
    left = min(it.x - it.width / 2 for row in rows for it in row) - MARGIN
    for row in rows:
        for place in row:
            place.x -= left
    width = max(it.x + it.width / 2 for row in rows for it in row) + MARGIN
    height = 2 * MARGIN + len(rows) * BOX[1] + (len(rows) - 1) * GAP
    middles = {name: (box.x, _top(box.layer) + BOX[1] / 2) for name, box in boxes.items()}
    return Layout(width, height, middles, _paths(machine, chains, boxes, at))


def _top(layer: int) -> float:
    return MARGIN + layer * (BOX[1] + GAP)


def _chain(it: Transition, boxes: Mapping[str, Place], rows: list[list[Place]]) -> list[Place]:
    upper, lower = sorted((boxes[it.source], boxes[it.target]), key=lambda box: box.layer)
    chain = [upper]
    for layer in range(upper.layer + 1, lower.layer):
        lane = Place(layer, LANE)
        rows[layer].append(lane)
        chain.append(lane)
    chain.append(lower)
    for first, second in zip(chain, chain[1:]):
        first.below.append(second)
        second.above.append(first)
    return chain


def _ordered(rows: Sequence[Sequence[Place]]) -> list[list[Place]]:
    """The order with the fewest crossings of those that sweeping up and down comes by."""
    current = [list(row) for row in rows]
    best, fewest = [list(row) for row in current], _crossings(current)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for index in range(len(current)) if down else reversed(range(len(current))):
            ranks = {place: rank for row in current for rank, place in enumerate(row)}

            def middle(place: Place, ranks: Mapping[Place, int] = ranks, down: bool = down) -> float:
                near = place.above if down else place.below
                return sum(ranks[it] for it in near) / len(near) if near else float(ranks[place])

            current[index].sort(key=middle)
        crossings = _crossings(current)
        if crossings < fewest:
            best, fewest = [list(row) for row in current], crossings
    return best


def _crossings(rows: Sequence[Sequence[Place]]) -> int:
    ranks = {place: rank for row in rows for rank, place in enumerate(row)}
    total = 0
    for row in rows:
        lines = [(ranks[it], ranks[lower]) for it in row for lower in it.below]
        total += sum((a < c) != (b < d) for i, (a, b) in enumerate(lines) for c, d in lines[:i] if a != c and b != d)
    return total


def _shift(rows: Sequence[Sequence[Place]]) -> None:
    """Each towards the middle of its neighbours, keeping order and distance."""
    for row in rows:
        _pack(row, [0.0] * len(row), [1.0] * len(row))
    for sweep in range(SWEEPS * 2):
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            near = [it.above if down else it.below for it in row]
            wishes = [sum(each.x for each in those) / len(those) if those else it.x for it, those in zip(row, near)]
            # A lane that bends looks worse than a box that is a little off.
            _pack(row, wishes, [1.0 if it.state else 4.0 for it in row])


def _pack(row: Sequence[Place], wishes: Sequence[float], weights: Sequence[float]) -> None:
    """As near to the wishes as the distances allow, by least squares: pools adjacent violators."""
    offsets = [0.0]
    for first, second in zip(row, row[1:]):
        offsets.append(offsets[-1] + (first.width + second.width) / 2 + SPACE)
    pools: list[tuple[float, float, int]] = []  # where, weight, how many
    for wish, weight, offset in zip(wishes, weights, offsets):
        pools.append((wish - offset, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, first, m), (b, second, n) = pools[-2:]
            pools[-2:] = [((a * first + b * second) / (first + second), first + second, m + n)]
    places = [where for where, _, many in pools for _ in range(many)]
    for place, where, offset in zip(row, places, offsets):
        place.x = where + offset


def _paths(
    machine: StateMachine, chains: Mapping[Transition, list[Place]], boxes: Mapping[str, Place], at: Mapping[str, int]
) -> dict[Transition, list[Point]]:
    """Arrows leave and reach a box side by side, in the order of where they come from and lead to."""
    ports: dict[tuple[Transition, bool], float] = {}
    for box in boxes.values():
        for is_upper in (True, False):
            here = [it for it, chain in chains.items() if (chain[0] if is_upper else chain[-1]) is box]
            here.sort(key=lambda it: ((chains[it][1] if is_upper else chains[it][-2]).x, it.index))
            step = min(PORT, (BOX[0] - 2 * PORT) / max(1, len(here) - 1))
            for rank, it in enumerate(here):
                ports[it, is_upper] = box.x + (rank - (len(here) - 1) / 2) * step
    found = {}
    for it, chain in chains.items():
        points = [(ports[it, True], _top(chain[0].layer) + BOX[1])]
        for lane in chain[1:-1]:
            points += [(lane.x, _top(lane.layer)), (lane.x, _top(lane.layer) + BOX[1])]
        points.append((ports[it, False], _top(chain[-1].layer)))
        found[it] = points if at[it.source] < at[it.target] else points[::-1]
    for it in machine.transitions:
        if it.source == it.target:  # around its own corner, within the space that is beside each box
            x, y = boxes[it.source].x + BOX[0] / 2, _top(at[it.source]) + BOX[1] / 2
            found[it] = [(x, y - 12), (x + SPACE / 2, y - 12), (x + SPACE / 2, y + 12), (x, y + 12)]
    return found
