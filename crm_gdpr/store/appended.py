"""A file of lines, each a small JSON object: added to or replaced whole, and readable whoever died over it.

A line with a number `n` ends what was added at once; the last of them says how far the file goes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Line = Mapping[str, Any]
TAIL = 1000  # bytes that surely hold the last line with a number


class Appended:
    """Durable when a call returns."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def last(self) -> int:
        """Return the last number, 0 where there is no file."""
        if not self.path.exists():
            return 0
        with self.path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
            end = _parsed(file.read().rpartition(b"\n")[0].rpartition(b"\n")[2])
        return int(end["n"]) if "n" in end else max((int(line.get("n", 0)) for line in self.lines()), default=0)

    def lines(self) -> list[Line]:
        """Return every line that was not torn."""
        return [line for line in map(_parsed, self.path.read_bytes().split(b"\n")) if line]

    def append(self, lines: Iterable[Line]) -> None:
        """Add lines, behind one that was torn if need be."""
        _write(self.path, os.O_APPEND, b"\n" + _told(lines))

    def replace(self, lines: Iterable[Line]) -> None:
        """Write the file anew; until it is whole the one before stands."""
        beside = self.path.with_suffix(".new")
        _write(beside, os.O_TRUNC, _told(lines))
        beside.replace(self.path)
        _sync(self.path.parent)


def _told(lines: Iterable[Line]) -> bytes:
    return "".join(f"{json.dumps(line, sort_keys=True)}\n" for line in lines).encode()


def _parsed(line: bytes) -> Line:
    """Return what a line says; nothing when it was torn."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, how: int, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_new = not path.exists()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
