"""Long lists, a page at a time: which page is asked for, and what leads to the others."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

SIZE = 100


@dataclass(frozen=True)
class Paging:
    """One page of `total` things; `number` counts from 1."""

    number: int
    total: int

    @property
    def first(self) -> int:
        """How many things come before this page."""
        return (self.number - 1) * SIZE

    @property
    def last(self) -> int:
        return min(self.first + SIZE, self.total)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // SIZE))

    @property
    def here(self) -> slice:
        return slice(self.first, self.last)


def asked(total: int) -> Paging:
    """Return the page that the address asks for; one past the end, or no number at all, is the nearest there is."""
    given = request.args.get("page", 1, type=int)
    return Paging(min(max(given, 1), Paging(1, total).pages), total)
