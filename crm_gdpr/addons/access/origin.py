"""Where the data comes from and what shows it (Art. 15(1)(g)), in words, from what the contact carries.  Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crm_gdpr.addons.access import wording
from crm_gdpr.policy import Source, Text

UNKNOWN = "unknown"
BY_HAND = "decided in HubSpot"  # so begins the evidence of a source that a person chose


def source(properties: Mapping[str, str | None], found: Source) -> Iterator[Text]:
    """Yield the source and its evidence; where the source is not known, all that is known of how the data came."""
    recorded = properties.get("gdpr_source") or UNKNOWN
    said = wording.SOURCES.get(recorded)
    if recorded == UNKNOWN:
        yield wording.SOURCE_UNKNOWN
    elif said is not None:
        yield said
    if (properties.get("gdpr_source_evidence") or "").startswith(BY_HAND):
        yield wording.SOURCE_DECIDED
    elif found.source == recorded != UNKNOWN:
        yield wording.reckoned(found.why)
    elif said is None and recorded != UNKNOWN:
        yield wording.source_of_another_sort(recorded)
    yield from _evidence(properties)
    further = [each for each in (properties.get("gdpr_sources") or "").split(", ") if each and each != recorded]
    if any(each in wording.SOURCES for each in further):
        yield wording.also(further)


def _evidence(properties: Mapping[str, str | None]) -> Iterator[Text]:
    """Yield the way the record came to be, the public page, and the day."""
    if properties.get("createdate") and properties.get("hs_object_source"):
        detail = properties.get("hs_object_source_detail_1") or ""
        yield wording.created(str(properties["createdate"])[:10], str(properties["hs_object_source"]), detail)
    if properties.get("gdpr_found_at"):
        yield wording.found_at(str(properties["gdpr_found_at"]))
    if properties.get("gdpr_collected_on"):
        yield wording.collected(str(properties["gdpr_collected_on"]))
