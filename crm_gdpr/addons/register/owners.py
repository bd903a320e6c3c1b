"""Who in HubSpot is asked: the owner while active, else the company's owner, else the data protection officer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_gdpr.env import Env

OWNED = ("hubspot_owner_id", "associatedcompanyid")
NOBODY = ""  # a task without an owner, where not even an officer is known


class Owners:
    """The active owners of the account, read once."""

    def __init__(self, env: Env) -> None:
        active = [owner for owner in env.hubspot.owners() if owner.get("archived") is not True]
        self._env = env
        self._active = {str(owner["id"]) for owner in active}
        wanted = env.policy.controller.officer.casefold()
        self.officer = next(
            (str(o["id"]) for o in active if wanted and str(o.get("email")).casefold() == wanted), NOBODY
        )

    def of(self, contact_ids: Iterable[str]) -> dict[str, str]:
        """Return the owner to ask for each live contact; one who is gone is left out."""
        contacts = self._env.hubspot.read_many("contacts", contact_ids, OWNED)
        own = {id_: record.properties.get("hubspot_owner_id") or "" for id_, record in contacts.items()}
        orphans = {
            id_: contacts[id_].properties.get("associatedcompanyid") or "" for id_ in own if not self._is(own[id_])
        }
        of_company = self.of_companies(company for company in orphans.values() if company)
        return {
            id_: owner if self._is(owner) else of_company.get(orphans[id_], self.officer) for id_, owner in own.items()
        }

    def of_companies(self, company_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the owner to ask for each company; the officer where it has none."""
        companies = self._env.hubspot.read_many("companies", company_ids, ("hubspot_owner_id",))
        owners = {id_: record.properties.get("hubspot_owner_id") or "" for id_, record in companies.items()}
        return {id_: owner if self._is(owner) else self.officer for id_, owner in owners.items()}

    def _is(self, owner: str) -> bool:
        return owner in self._active
