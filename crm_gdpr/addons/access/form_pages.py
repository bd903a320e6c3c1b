"""Form submissions, which HubSpot lists by form and never by person: read once a day, for all requests of that day.

What is read lies encrypted beside the packages until the day is over; of it, each request gets what its person sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.access.files import of_today

if TYPE_CHECKING:
    from crm_gdpr.addons.access.reader import Reader


def sent_from(reader: Reader) -> Iterator[dict[str, Any]]:
    """Yield what was submitted with one of a person's addresses in any of its fields."""
    addresses = set(reader.addresses)
    for each in of_today(reader.env, "forms", lambda: list(_read(reader))):
        if any(value.strip().lower() in addresses for _, _, value in each["values"]):
            yield each


def _read(reader: Reader) -> Iterator[dict[str, Any]]:
    for form in reader.for_all.forms():
        for sent in reader.for_all.submissions(form.id):
            yield {
                "form_id": form.id,
                "form": form.name,
                "page": sent.page,
                "at": sent.at.isoformat() if sent.at else None,
                "values": [_value(form.labels, name, value) for name, value in sent.values],
            }


def _value(labels: Mapping[str, str], name: str, value: str) -> tuple[str, str, str]:
    return name, labels.get(name, name), value
