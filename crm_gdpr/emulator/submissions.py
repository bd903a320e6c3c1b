"""Forms and what was sent through them. State and rules; the account turns a submission into a contact."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crm_gdpr.emulator.errors import NotFound
from crm_gdpr.emulator.form_definition import completed


@dataclass(frozen=True)
class Communication:
    """One kind of mail that was agreed to, or may be sent on legitimate interest."""

    type_id: int
    legal_basis: str
    text: str


@dataclass(frozen=True)
class Consent:
    """What stood in the form about privacy, and what was ticked."""

    basis: str = ""
    """The option of the contact's ``hs_legal_basis``."""
    communications: tuple[Communication, ...] = ()


@dataclass(frozen=True)
class Submission:
    """One form sent in, by whoever has the address in it."""

    id: str
    form_id: str
    at_ms: int
    values: tuple[tuple[str, str], ...]
    page_url: str = ""
    page_name: str = ""

    @property
    def email(self) -> str:
        return dict(self.values).get("email", "").strip().lower()


@dataclass
class Form:
    """One form: its document, and when it was made, changed and archived."""

    id: str
    document: dict[str, Any]
    created_ms: int
    updated_ms: int
    archived_ms: int | None = None

    @property
    def name(self) -> str:
        return str(self.document["name"])


@dataclass
class FormBook:
    """Forms by guid, and submissions in the order they came."""

    forms: dict[str, Form] = field(default_factory=dict)
    submissions: list[Submission] = field(default_factory=list)
    made: int = 0

    def get(self, form_id: str, *, archived: bool = False) -> Form:
        found = self.forms.get(form_id)
        if found is None or (found.archived_ms is not None) is not archived:
            raise NotFound("form", form_id)
        return found

    def create(self, given: Mapping[str, Any], at_ms: int, form_id: str = "") -> Form:
        made = Form(form_id or self.guid("form"), completed(given), at_ms, at_ms)
        self.forms[made.id] = made
        return made

    def change(self, form_id: str, given: Mapping[str, Any], at_ms: int) -> Form:
        found = self.get(form_id)
        found.document, found.updated_ms = completed({**found.document, **given}), at_ms
        return found

    def of(self, form_id: str) -> list[Submission]:
        """The newest first."""
        return sorted((one for one in self.submissions if one.form_id == form_id), key=lambda one: -one.at_ms)

    def guid(self, what: str) -> str:
        """The same account makes the same ids again."""
        self.made += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{what} {self.made}"))

    def forget(self, emails: set[str]) -> None:
        self.submissions = [one for one in self.submissions if one.email not in emails]

    def purge(self, oldest_ms: int) -> None:
        """Drop forms archived too long ago; what was sent through them goes along."""
        old = {one.id for one in self.forms.values() if one.archived_ms is not None and one.archived_ms <= oldest_ms}
        for form_id in old:
            del self.forms[form_id]
        if old:
            self.submissions = [one for one in self.submissions if one.form_id not in old]
