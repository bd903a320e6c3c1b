"""The paths of each API version, and the few answers in which versions differ.

A new version is one more line in ``FAMILIES``.
"""

from dataclasses import dataclass

from crm_gdpr.emulator.wire.paths import PATHS


@dataclass(frozen=True)
class Family:
    """One API version: where its areas live, and what it answers."""

    name: str
    objects: str
    pairs: str
    associations: str
    properties: str
    owners: str
    pipelines: str
    account: str
    partial: int  # the status of a batch that failed in part
    created: int  # of an association batch create
    archived: int  # of an association batch archive
    defined: int  # of a property batch create
    enforcing: bool  # writes are held against what the administrator requires

    def base(self, area: str) -> str | None:
        """Where an area lives in this version, if it is there at all."""
        if area in PATHS:
            return PATHS[area].get(self.name)
        found: str = getattr(self, area)
        return found


def _dated(version: str, *, partial: int, created: int, defined: int) -> Family:
    return Family(
        name=version,
        objects=f"/crm/objects/{version}/<kind>",
        pairs=f"/crm/objects/{version}/<kind>/<id_>/associations",
        associations=f"/crm/associations/{version}/<kind>/<to_kind>/batch",
        properties=f"/crm/properties/{version}/<kind>",
        owners=f"/crm/owners/{version}",
        pipelines=f"/crm/pipelines/{version}/<kind>",
        account=f"/account-info/{version}",
        partial=partial,
        created=created,
        archived=200,
        defined=defined,
        enforcing=version == "2026-09",
    )


_V3 = Family(
    name="v3",
    objects="/crm/v3/objects/<kind>",
    pairs="/crm/v4/objects/<kind>/<id_>/associations",
    associations="/crm/v4/associations/<kind>/<to_kind>/batch",
    properties="/crm/v3/properties/<kind>",
    owners="/crm/v3/owners",
    pipelines="/crm/v3/pipelines/<kind>",
    account="/account-info/v3",
    partial=207,
    created=201,
    archived=204,
    defined=201,
    enforcing=False,
)
FAMILIES = (
    _dated("2026-09", partial=200, created=200, defined=200),
    _dated("2026-03", partial=207, created=201, defined=201),
    _V3,
)
