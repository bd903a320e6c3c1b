"""How events were told, but for their names and days: events are many and ways are few."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm_gdpr.policy import Event, Gist
from crm_gdpr.policy.dialogue import NO

BUSINESS = ("deal", "ticket")  # these bind or show a relation, whether or not they are a dialogue


@dataclass(frozen=True)
class Way:
    """Fields that many events have in common, and what the policy's row says of them."""

    fields: Mapping[str, Any]
    says: str


class Ways(dict[str, Way]):
    """The ways met in one reading of the index; with a gist, `silent` are those of them that bear on no verdict."""

    def __init__(self, gist: Gist | None = None) -> None:
        super().__init__()
        self.gist, self.silent = gist, list[str]()

    def __missing__(self, text: str) -> Way:
        fields = json.loads(text)
        says = self.gist.says(Event(ref="", **fields)) if self.gist else ""
        if says == NO and fields["kind"] not in BUSINESS:
            self.silent.append(text)
        self[text] = Way(fields, says)
        return self[text]


def way_of(event: Event) -> str:
    """Write how an event was told; the same way is the same text."""
    said = {name: value for name, value in vars(event).items() if value not in (None, False)}
    return json.dumps({name: value for name, value in said.items() if name not in ("ref", "on")})
