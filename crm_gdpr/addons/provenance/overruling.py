"""What a person decided in HubSpot wins over what we find, and is remembered with who and when.  Pure.

Beside the tags stands what we last wrote.  A value that is neither that nor a decision already known was changed by
somebody; HubSpot's history says who, and only a person's own edit by hand counts.  What a machine wrote over a decision
is put back, even one that nobody had told us of; emptied by a person, the value is ours again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_gdpr.addons.provenance.legal_basis import PROPERTY

if TYPE_CHECKING:
    from crm_gdpr.sync import Author

Values = Mapping[str, str | None]

STAMP, DECISIONS = "gdpr_tagged_as", "gdpr_overruled"
OPEN_TO_PEOPLE = ("gdpr_source", "gdpr_class", "gdpr_legal_basis", PROPERTY)
COLLECTED = "gdpr_collected_on"  # ours alone: what we wrote is put back
_DECISION = re.compile(r"(?P<value>.*) \((?P<by>[^()]*), (?P<at>[^(),]*)\)")


@dataclass(frozen=True)
class Decision:
    """A value that a person chose."""

    value: str
    by: str
    at: str

    def __str__(self) -> str:
        return f"{self.value} ({self.by}, {self.at})"


def stamp_of(values: Values) -> str:
    """Write down what the tags are now, so that a change by somebody else shows."""
    return " | ".join(f"{name}={values[name]}" for name in (*OPEN_TO_PEOPLE, COLLECTED) if values.get(name))


def collected_before(values: Values) -> str | None:
    """Return the day of collection as we wrote it last, else as the contact came with it."""
    return _pairs(values.get(STAMP)).get(COLLECTED) or values.get(COLLECTED)


def decisions(text: str | None) -> dict[str, Decision]:
    """Read the decisions of people back."""
    found = {name: _DECISION.fullmatch(value) for name, value in _pairs(text).items()}
    return {name: Decision(**match.groupdict()) for name, match in found.items() if match}


def text_of(known: Mapping[str, Decision]) -> str:
    """Write the decisions of people down."""
    return " | ".join(f"{name}={decision}" for name, decision in known.items())


def unexplained(values: Values) -> tuple[str, ...]:
    """Name the values that neither we nor a known decision put there."""
    stamped, known = _pairs(values.get(STAMP)), decisions(values.get(DECISIONS))
    expected = {**stamped, **{name: decision.value for name, decision in known.items()}}
    return tuple(
        name
        for name in OPEN_TO_PEOPLE
        if (values.get(name) or name in known) and (values.get(name) or "") != expected.get(name, "")
    )


def decide(values: Values, name: str, author: Author | None) -> Decision | None:
    """Return what a person decided about a value, now that it is known who set it last by hand."""
    known = decisions(values.get(DECISIONS)).get(name)
    if author is None or (known and author.at <= known.at):
        return known
    if name not in unexplained(values) and author.value == (values.get(name) or ""):
        return known  # what we wrote too
    return Decision(author.value, author.by, author.at) if author.value else None


def _pairs(text: str | None) -> dict[str, str]:
    pairs = [part.partition("=") for part in (text or "").split(" | ")]
    return {name: value for name, _, value in pairs if value}
