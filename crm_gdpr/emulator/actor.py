"""Who changed something. HubSpot keeps it on the record (provenance) and on every value (history)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """``source`` is HubSpot's PropertySource, ``id`` what it points at: a user, an import, an app, a form."""

    source: str
    id: str = ""
    detail: str = ""

    def provenance(self) -> dict[str, str]:
        """The read-only properties that say how a record came to be."""
        named = {
            "hs_object_source": self.source,
            "hs_object_source_label": self.source,
            "hs_object_source_id": self.id,
            "hs_object_source_detail_1": self.detail,
        }
        return {name: value for name, value in named.items() if value}

    @property
    def user_id(self) -> int | None:
        """The person behind a change made in the CRM's own pages."""
        return int(self.id.removeprefix("userId:")) if self.id.startswith("userId:") else None


def user(user_id: int, detail: str = "") -> Actor:
    """A person working in the CRM."""
    return Actor("CRM_UI", f"userId:{user_id}", detail)


def imported(import_id: str, detail: str = "") -> Actor:
    return Actor("IMPORT", import_id, detail)


def form(form_id: str, detail: str = "") -> Actor:
    return Actor("FORM", form_id, detail)


def mail(mailbox: str) -> Actor:
    """A message that made the record, in a connected inbox."""
    return Actor("EMAIL", mailbox)


def app(app_id: int, name: str = "") -> Actor:
    """An installed app calling the API."""
    return Actor("INTEGRATION", str(app_id), name)


SALES = user(9001)
CALCULATED = Actor("CALCULATED", "CalculatedPropertyComputer")
