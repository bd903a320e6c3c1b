"""Forms, and what was submitted through them.  HubSpot lists submissions by form only, never by person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_gdpr.sync.errors import Forbidden, NotFound, Refused
from crm_gdpr.sync.schemas import instant
from crm_gdpr.sync.wire import Wired, walk_paths

FORMS = "/marketing/v3/forms"
SUBMISSIONS = "/form-integrations/v1/submissions/forms"
FORM_PAGE, SUBMISSION_PAGE = 100, 50


@dataclass(frozen=True)
class Form:
    """One form of the website."""

    id: str
    name: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Submission:
    """What somebody sent through a form."""

    form_id: str
    at: datetime | None
    page: str
    values: tuple[tuple[str, str], ...]


class Submissions(Wired):
    """Forms and submissions."""

    def forms(self) -> Iterator[Form]:
        """Every form there is, archived ones too."""
        for archived in ("false", "true"):
            for item in walk_paths(self._transport.get, FORMS, {"limit": FORM_PAGE, "archived": archived}):
                yield Form(str(item.get("id")), str(item.get("name") or ""), dict(_labels(item)))

    def known_forms(self) -> list[Form] | None:
        """The same; None where HubSpot refuses to say."""
        try:
            return list(self.forms())
        except (Forbidden, Refused):
            return None

    def submissions(self, form_id: str) -> Iterator[Submission]:
        """All that was sent through one form, the newest first."""
        for item in walk_paths(self._transport.get, f"{SUBMISSIONS}/{form_id}", {"limit": SUBMISSION_PAGE}):
            pairs = [each for each in item.get("values") or () if isinstance(each, dict)]
            yield Submission(
                form_id,
                instant(item.get("submittedAt")),
                str(item.get("pageUrl") or ""),
                tuple((str(each.get("name")), str(each.get("value") or "")) for each in pairs),
            )

    def submitted(self, form_id: str) -> list[Submission] | None:
        """All that was sent through one form; None where HubSpot refuses to say."""
        try:
            return list(self.submissions(form_id))
        except (Forbidden, NotFound, Refused):
            return None


def _labels(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for group in item.get("fieldGroups") or ():
        for each in group.get("fields") or () if isinstance(group, dict) else ():
            if isinstance(each, dict) and each.get("name"):
                yield str(each["name"]), str(each.get("label") or each["name"])
