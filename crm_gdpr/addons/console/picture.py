"""The picture of the overview: how many people have been silent for how many months.  Geometry only, pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crm_gdpr.policy.book import Ladder

LAST = 36  # everyone silent for longer stands in the last bar
LEFT, TOP, STEP, HEIGHT, BASE = 44, 52, 18, 170, 222
WIDTH = LEFT + (LAST + 1) * STEP + 16


@dataclass(frozen=True)
class Bar:
    """The people silent for so many months; `band` is the step their silence has reached."""

    months: int
    people: int
    band: str
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Line:
    """Where a step of the ladder stands."""

    months: int
    step: str
    x: int
    label_x: int
    label_y: int
    anchor: str


@dataclass(frozen=True)
class Picture:
    """Bars, lines, and the same in figures for those who do not see it."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    top: int
    bands: Mapping[str, int]
    width: int = WIDTH
    height: int = BASE + 40
    left: int = LEFT
    base: int = BASE
    ceiling: int = TOP
    step: int = STEP


def draw(silence: Mapping[int, int], ladder: Ladder) -> Picture:
    """Draw the months of silence against the ladder."""
    by_month = [0] * (LAST + 1)
    for months, people in silence.items():
        by_month[min(months, LAST)] += people
    top = max(*by_month, 1)
    bars = tuple(_bar(months, people, top, ladder) for months, people in enumerate(by_month))
    bands = {band: sum(b.people for b in bars if b.band == band) for band in ("keep", "review", "archive", "erase")}
    return Picture(bars, tuple(_lines(ladder)), top, bands)


def _lines(ladder: Ladder) -> Iterator[Line]:
    """The middle label stands lower and to the left, so that three close steps do not write over each other."""
    steps = (("review", ladder.review_months), ("archive", ladder.archive_months), ("erase", ladder.erase_months))
    for step, months in steps:
        x, middle = LEFT + months * STEP, step == "archive"
        yield Line(months, step, x, x - 6 if middle else x + 6, 36 if middle else 16, "end" if middle else "start")


def _bar(months: int, people: int, top: int, ladder: Ladder) -> Bar:
    height = max(round(people / top * HEIGHT), 1 if people else 0)
    return Bar(months, people, band_of(months, ladder), LEFT + months * STEP + 2, BASE - height, height)


def band_of(months: int, ladder: Ladder) -> str:
    """Return the step that so many months of silence have reached."""
    if months >= ladder.erase_months:
        return "erase"
    if months >= ladder.archive_months:
        return "archive"
    return "review" if months >= ladder.review_months else "keep"
