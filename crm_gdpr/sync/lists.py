"""Lists: which of them hold a person, and out of which a person can be taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crm_gdpr.sync.errors import Malformed, NotFound
from crm_gdpr.sync.schemas import listed
from crm_gdpr.sync.transport import Answer
from crm_gdpr.sync.wire import Wired, options

CONTACTS = "0-1"
BY_HAND = ("MANUAL", "SNAPSHOT")  # a dynamic list takes and leaves people by its own rule


@dataclass(frozen=True)
class ContactList:
    """A list and whether people are put on it by hand."""

    id: str
    name: str
    by_hand: bool


class Lists(Wired):
    """Read memberships, and end them."""

    def lists_of(self, contact_id: str) -> list[ContactList]:
        """The lists that a contact is on."""
        try:
            answer: Answer = self._api.crm.lists.memberships_api.get_lists(CONTACTS, contact_id, **options())
        except NotFound:
            return []
        ids = [str(each["listId"]) for each in listed(answer.json()).results if each.get("listId")]
        return self.lists(ids) if ids else []

    def lists(self, ids: Iterable[str]) -> list[ContactList]:
        """Lists by their ids; one that was deleted meanwhile is left out."""
        answer: Answer = self._api.crm.lists.lists_api.get_all(**options(list_ids=[*ids]))
        found = answer.json().get("lists")
        if not isinstance(found, list):
            raise Malformed.because("an answer without lists")
        return [_list(each) for each in found]

    def leave_list(self, list_id: str, contact_id: str) -> None:
        """Take a contact off a list kept by hand; one that is not on it stays so."""
        self._api.crm.lists.memberships_api.remove(list_id, [contact_id], **options())


def _list(item: dict[str, Any]) -> ContactList:
    return ContactList(str(item["listId"]), str(item.get("name") or ""), item.get("processingType") in BY_HAND)
