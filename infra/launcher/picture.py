"""An execution's way through its state machine as an SVG file that needs nothing else, on a light or a dark screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from . import layout
from .itinerary import said
from .layout import BOX, MARGIN, Point
from .statemachine import StateMachine, Transition, Visit, Walk

HEAD = 78.0  # height of what is said above the drawing
LEGEND = 40.0
LEAST = 560.0  # width, which a key and an error need
FITS = 25  # characters of a name in a box

STYLE = """\
text{font:12px system-ui,sans-serif;fill:#1c2733;text-anchor:middle}
.back{fill:#fff}.head{text-anchor:start}.head.big{font-size:16px;font-weight:600}.bad{fill:#b3261e}
rect.box{fill:#e7f4ea;stroke:#1e7a3c;stroke-width:2}rect.not{fill:#f7f8fa;stroke:#b9c1cc;stroke-width:1}rect.caught{fill:#fff4d6;stroke:#946200}
rect.died{fill:#fde8e6;stroke:#b3261e}text.name{font-weight:600}text.not{fill:#667080;font-weight:400}text.small{font-size:10.5px}
path{fill:none;stroke:#b9c1cc;stroke-width:1}path.taken{stroke:#1e7a3c;stroke-width:2.4}path.taken.catch{stroke:#946200}path.catch{stroke-dasharray:5 4}
polygon{fill:#b9c1cc}polygon.taken{fill:#1e7a3c}polygon.taken.catch{fill:#946200}
text.label{font-size:10.5px;fill:#667080;paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}text.label.taken{fill:#1c2733}
@media (prefers-color-scheme:dark){text{fill:#e6ebf1}.back{fill:#14181d}.bad{fill:#ff8a80}
rect.box{fill:#173222;stroke:#5bbf7e}rect.not{fill:#1b2027;stroke:#47515e}rect.caught{fill:#3a2f12;stroke:#e0a93a}rect.died{fill:#401c1a;stroke:#ff8a80}text.not{fill:#97a3b3}
path{stroke:#47515e}path.taken{stroke:#5bbf7e}path.taken.catch{stroke:#e0a93a}polygon{fill:#47515e}polygon.taken{fill:#5bbf7e}polygon.taken.catch{fill:#e0a93a}
text.label{fill:#97a3b3;stroke:#14181d}text.label.taken{fill:#e6ebf1}}"""


def svg(name: str, machine: StateMachine, walk: Walk, headline: str, started: datetime) -> str:
    """The whole file. `headline` says how it ended, in one line."""
    placed = layout.of(machine)
    width, height = max(placed.width, LEAST), HEAD + placed.height + LEGEND
    shift = (width - placed.width) / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
        ' role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(f"Execution {name}: {headline}")}</title>',
        f'<desc id="desc">{escape(described(walk, started))}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="back" width="{width:.0f}" height="{height:.0f}"/>',
        f'<text class="head big" x="{MARGIN:.0f}" y="32">{escape(name)}</text>',
        f'<text class="head{" bad" if walk.ending else ""}" x="{MARGIN:.0f}" y="54">{escape(_fitting(headline, width))}</text>',
        f'<g transform="translate({shift:.1f} {HEAD:.0f})">',
    ]
    # What was taken lies above what was not.
    for it in sorted(machine.transitions, key=walk.times):
        parts += _arrow(it, placed.paths[it], walk)
    for state, middle in placed.boxes.items():
        visits = [it for it in walk.visits if it.state == state]
        is_end = bool(walk.ending and walk.visits and walk.visits[-1].state == state)
        parts += _box(machine, state, middle, visits, is_end, started)
    parts += [_tag(it, placed.paths[it], walk) for it in machine.transitions if it.kind in ("choice", "default")]
    parts += ["</g>", *_legend(height), "</svg>\n"]
    return "\n".join(parts)


def described(walk: Walk, started: datetime) -> str:
    """The way in words, for whoever cannot see it."""
    if not walk.visits:
        return "No state was entered."
    said_of = []
    for visit in walk.visits:
        tries = f", {visit.attempts} attempts" if visit.attempts > 1 else ""
        errors = "".join(f", {it.error}" for it in visit.failures)
        said_of.append(f"{visit.state} after {(visit.entered - started).total_seconds():.3f} s{tries}{errors}")
    end = f" It ended there: {said(walk.ending)}." if walk.ending else ""
    return f"The way: {'; '.join(said_of)}.{end}"


def _box(machine: StateMachine, state: str, middle: Point, visits: Sequence[Visit], is_end: bool, started: datetime) -> Iterator[str]:
    (x, y), (width, height) = middle, BOX
    failed = any(it.failures for it in visits)
    kind = "died" if is_end else "caught" if failed else "" if visits else "not"
    round_by = 22 if machine.kind(state) in ("Succeed", "Fail") else 3 if machine.kind(state) == "Choice" else 9
    errors = "".join(f"; {said(it)}" for each in visits for it in each.failures)
    yield (
        f'<g><title>{escape(f"{state} ({machine.kind(state)}){errors}")}</title>'
        f'<rect class="box {kind}" x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" width="{width:.0f}" height="{height:.0f}" rx="{round_by}"/>'
    )
    name = state if len(state) <= FITS else state[: FITS - 1] + "…"
    pale = "" if visits else " not"
    lift = 10 if failed else 4 if visits else -4
    yield f'<text class="name{pale}" x="{x:.1f}" y="{y - lift:.1f}">{escape(name)}</text>'
    if visits:
        last = visits[-1]
        facts = [f"{(last.entered - started).total_seconds():.3f} s"]
        retries = sum(max(0, it.attempts - 1) for it in visits)
        facts += [f"{len(visits)} times"] if len(visits) > 1 else []
        facts += [f"{retries} {'retry' if retries == 1 else 'retries'}"] if retries else []
        yield f'<text class="small" x="{x:.1f}" y="{y + 6 if failed else y + 13:.1f}">{escape(" · ".join(facts))}</text>'
        if failed:
            error = next(it.failures[-1].error for it in reversed(visits) if it.failures)
            yield f'<text class="small bad" x="{x:.1f}" y="{y + 20:.1f}">{escape(error if len(error) <= FITS + 5 else error[: FITS + 4] + "…")}</text>'
    yield "</g>"


def _arrow(it: Transition, points: Sequence[Point], walk: Walk) -> Iterator[str]:
    times = walk.times(it)
    kind = " ".join(filter(None, ("taken" if times else "", "catch" if it.kind == "catch" else "")))
    what = f"{it.source} → {it.target}" + (f": {it.label}" if it.label else "") + (f", {times} times" if times > 1 else "")
    down = 1 if points[-1][1] >= points[0][1] else -1
    (x, y), tip = points[-1], 7.0
    yield f'<g><title>{escape(what)}</title><path class="{kind}" d="{_curve(points, tip * down)}"/>'
    # An arrow of a state to itself comes back from the side.
    corners = ((tip, -3.5), (tip, 3.5)) if it.source == it.target else ((-3.5, -tip * down), (3.5, -tip * down))
    tips = " ".join(f"{x + by:.1f},{y + off:.1f}" for by, off in ((0, 0), *corners))
    yield f'<polygon class="{kind}" points="{tips}"/></g>'


def _curve(points: Sequence[Point], tip: float) -> str:
    """Through the lanes straight, between layers bent; both ends meet their boxes upright."""
    said_of = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    last = len(points) - 1
    for index, ((x, y), (to_x, to_y)) in enumerate(zip(points, points[1:])):
        end = to_y - tip if index == last - 1 else to_y
        if index % 2 or x == to_x:
            said_of += f"L{to_x:.1f} {end:.1f}"
        else:
            half = (y + to_y) / 2
            said_of += f"C{x:.1f} {half:.1f} {to_x:.1f} {half:.1f} {to_x:.1f} {end:.1f}"
    return said_of


def _tag(it: Transition, points: Sequence[Point], walk: Walk) -> str:
    """In the middle of the first gap that the arrow crosses: a bend passes through there."""
    (x, y), (to_x, to_y) = points[0], points[1]
    return (
        f'<text class="label{" taken" if walk.times(it) else ""}" x="{(x + to_x) / 2:.1f}" y="{(y + to_y) / 2 + 4:.1f}">'
        f"{escape(it.label)}</text>"
    )


def _legend(height: float) -> Iterator[str]:
    y = height - 18
    at = MARGIN
    kinds = (("", "visited", 86), ("caught", "failed, and caught", 146), ("died", "ended in failure", 134), ("not", "not visited", 100))
    for kind, what, width in kinds:
        yield f'<rect class="box {kind}" x="{at:.0f}" y="{y - 11:.0f}" width="18" height="13" rx="3"/>'
        yield f'<text class="head" x="{at + 25:.0f}" y="{y:.0f}">{what}</text>'
        at += width
    yield f'<path class="catch" d="M{at:.0f} {y - 4:.0f}h26"/><text class="head" x="{at + 33:.0f}" y="{y:.0f}">on error</text>'


def _fitting(text: str, width: float) -> str:
    most = int((width - 2 * MARGIN) / 6.2)
    return text if len(text) <= most else text[: most - 1] + "…"
