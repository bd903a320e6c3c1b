"""What the installed addons say on a contact, in the words of a page.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from crm_gdpr.addon import Property
from crm_gdpr.addons.access.meaning import YES_NO
from crm_gdpr.policy import Text


@dataclass(frozen=True)
class Mark:
    """One property that has a value: a day, or words in both languages."""

    label: Text
    value: date | Text


def marks(properties: Iterable[Property], values: Mapping[str, str | None]) -> Iterator[Mark]:
    """Yield what stands on a contact, in the addons' order; what is empty is left out."""
    for found in properties:
        if value := values.get(found.name):
            yield Mark(found.label, _meaning(found, value))


def _meaning(found: Property, value: str) -> date | Text:
    """Return what a value stands for; one that is not of its kind stays as it is."""
    as_it_is = Text(sv=value, en=value)
    if found.type == "bool":
        return YES_NO.get(value, as_it_is)
    if found.type != "date":
        return next((option.label for option in found.options if option.value == value), as_it_is)
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return as_it_is
