"""Which path an API family has in which version of HubSpot's API.  One table; nothing else knows versions.

The official client writes v1, v3 and v4 paths only.  Date-versioned paths replace them; families without one keep
theirs and say so here, so that `doctor` can tell when each stops being supported.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

DEFAULT = "2026-09"
VERSIONS = ("2026-09", "v3")

# A version is unsupported 18 months after it became current; HubSpot announced the numbered ones by date, and where
# it named a month only, the first day is used.
ENDS_ON: Mapping[str, date] = {
    "2026-09": date(2028, 3, 9),
    "v4": date(2027, 3, 30),
    "v3": date(2027, 9, 1),
    "v1": date(2027, 9, 1),
}


@dataclass(frozen=True)
class Family:
    """An API family: the path the client writes, and the one to be used in its place."""

    name: str
    client: str
    dated: str | None = None

    def path(self, version: str) -> str:
        return self.dated if self.dated and version == DEFAULT else self.client


FAMILIES = (
    Family("objects", "/crm/v3/objects", "/crm/objects/2026-09"),
    Family("associations of one object", "/crm/v4/objects", "/crm/objects/2026-09"),
    Family("associations", "/crm/v4/associations", "/crm/associations/2026-09"),
    Family("properties", "/crm/v3/properties", "/crm/properties/2026-09"),
    Family("owners", "/crm/v3/owners", "/crm/owners/2026-09"),
    Family("pipelines", "/crm/v3/pipelines", "/crm/pipelines/2026-09"),
    Family("lists", "/crm/v3/lists", "/crm/lists/2026-09"),
    Family("account", "/account-info/v3", "/account-info/2026-09"),
    Family("communication preferences", "/communication-preferences/v4", "/communication-preferences/2026-09"),
    Family("subscribing", "/communication-preferences/v3", "/communication-preferences/2026-09"),
    Family("events", "/events/v3/events", "/events/event-occurrences/2026-09"),
    Family("conversations", "/conversations/v3/conversations", "/conversations/conversations/2026-09"),
    Family("object schemas", "/crm-object-schemas/v3/schemas", "/crm-object-schemas/2026-09/schemas"),
    Family("files", "/files/v3/files"),
    Family("forms", "/marketing/v3/forms"),
    Family("form submissions", "/form-integrations/v1/submissions"),
    Family("e-mail events", "/email/public/v1/events"),
)


@dataclass(frozen=True)
class InUse:
    """A family as it is called now, and the day its version stops being supported."""

    family: str
    path: str
    version: str
    ends_on: date


def versioned(path: str, version: str) -> str:
    """The path to call instead of the one the client wrote; the client's stray last slash is dropped."""
    path = path.rstrip("/")
    for family in FAMILIES:
        if path == family.client or path.startswith(family.client + "/"):
            return family.path(version) + path.removeprefix(family.client)
    raise LookupError(f"{path!r} belongs to no API family in crm_gdpr/sync/versions.py")


def in_use(version: str) -> Iterator[InUse]:
    """Every family with the path and version it is called by, for `doctor`."""
    for family in FAMILIES:
        path = family.path(version)
        named = next(part for part in path.split("/") if part in ENDS_ON)
        yield InUse(family.name, path, named, ENDS_ON[named])
