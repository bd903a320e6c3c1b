"""A HubSpot record as a value, and the kinds of records there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

ENGAGEMENTS = ("emails", "calls", "meetings", "communications", "notes", "tasks")
LETTERS = "postal_mail"  # an engagement too, where the account has it
# Kinds of record that an account may or may not have, and that may be associated with a contact.
OPTIONAL = (
    LETTERS,
    *("leads", "feedback_submissions", "quotes", "orders", "invoices", "subscriptions", "carts", "commerce_payments"),
    *("appointments", "services", "courses", "listings"),
)
ACCOUNTS, OFFERS = ("invoices", "commerce_payments"), ("quotes",)
GROUNDS = (*OFFERS, *ACCOUNTS)  # what is tied to these stays for bookkeeping, or for a claim


@dataclass(frozen=True)
class Past:
    """A value that a property has or had, since when, and by what way; who entered it is not kept."""

    value: str
    at: datetime | None
    source: str


@dataclass(frozen=True)
class Record:
    """One record: values are text as HubSpot sends them, None where empty; a name not asked for is absent."""

    kind: str
    id: str
    properties: Mapping[str, str | None]
    associations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    archived: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None
    archived_at: datetime | None = None
    history: Mapping[str, tuple[Past, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """What became of a batch of updates: every id sent is in one of the two."""

    done: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)

    def __add__(self, other: "Written") -> "Written":
        return Written(self.done + other.done, {**self.refused, **other.refused})


def modified_property(kind: str) -> str:
    """The property that moves with every change; contacts alone have an older name for it."""
    return "lastmodifieddate" if kind == "contacts" else "hs_lastmodifieddate"


# HubSpot's own unlabelled association types, from one kind to another.
ASSOCIATION_TYPES: Mapping[tuple[str, str], int] = {
    ("contacts", "companies"): 279,
    ("companies", "contacts"): 280,
    ("contacts", "deals"): 4,
    ("deals", "contacts"): 3,
    ("contacts", "tickets"): 15,
    ("tickets", "contacts"): 16,
    ("companies", "deals"): 342,
    ("deals", "companies"): 341,
    ("companies", "tickets"): 340,
    ("tickets", "companies"): 339,
    ("emails", "contacts"): 198,
    ("emails", "companies"): 186,
    ("emails", "deals"): 210,
    ("emails", "tickets"): 224,
    ("calls", "contacts"): 194,
    ("calls", "companies"): 182,
    ("calls", "deals"): 206,
    ("calls", "tickets"): 220,
    ("meetings", "contacts"): 200,
    ("meetings", "companies"): 188,
    ("meetings", "deals"): 212,
    ("meetings", "tickets"): 226,
    ("notes", "contacts"): 202,
    ("notes", "companies"): 190,
    ("notes", "deals"): 214,
    ("notes", "tickets"): 228,
    ("tasks", "contacts"): 204,
    ("tasks", "companies"): 192,
    ("tasks", "deals"): 216,
    ("tasks", "tickets"): 230,
    ("communications", "contacts"): 81,
    ("communications", "companies"): 87,
    ("communications", "deals"): 85,
    ("communications", "tickets"): 83,
    ("postal_mail", "contacts"): 453,
    ("postal_mail", "companies"): 459,
    ("postal_mail", "deals"): 457,
    ("postal_mail", "tickets"): 455,
}
