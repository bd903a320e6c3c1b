"""Behaviour of HubSpot that is not documented, or differs between accounts. Each has a default and can be set."""

from dataclasses import dataclass, fields, replace
from typing import Any

from crm_gdpr.emulator.errors import Malformed

CHOICES = {
    "purge_archived": ("refuse", "accept"),
    "lifecycle_backwards": ("ignore", "refuse"),
    "merge_keeps": ("primary", "newest"),
    "first_lifecycle_stage": ("lead", "subscriber"),
}


@dataclass(frozen=True)
class Switches:
    """The defaults are the more awkward reading, so that nothing comes to depend on the kinder one."""

    purge_archived: str = "refuse"  # gdpr-delete on an id in the recycle bin: refuse (404) | accept (204)
    blocklist_stops_api: bool = False  # the newest help page lets an API call bring an erased address back
    lifecycle_backwards: str = "ignore"  # setting an earlier lifecycle stage without clearing: ignore | refuse
    first_lifecycle_stage: str = "lead"  # what a contact or company starts as, if nothing is said: lead | subscriber
    old_address_stays: bool = False  # the first address of a contact, replaced, becomes an additional one
    merge_makes_new_record: bool = (
        True  # the survivor of a merge has an id of its own: true | keeps the primary's: false
    )
    merge_keeps: str = "primary"  # of two values, the primary record's or the one written last: primary | newest
    merged_ids_everywhere: bool = (
        False  # old ids of merged records work in every call, not only in single reads and updates
    )
    archiving_nobody_is_refused: bool = False  # DELETE on what is archived already or never was: 404 instead of 204
    find_by_additional_email: bool = False  # idProperty=email finds a contact by an additional address, too
    first_company_is_primary: bool = True  # the first company of a contact, deal or ticket becomes its primary
    rollup_lag_ms: int = 0  # how long calculated activity properties take to follow what they count
    search_lag_ms: int = 0  # how long a write stays invisible to search
    association_lag_ms: int = 0  # how long a changed association is shown as it was
    longest_address: int = 16_384  # characters of path and query; what is longer is refused (414)
    bin_days: int = 90  # how long the recycle bin keeps
    without_types: str = "appointments;courses;listings;services"  # HubSpot's object types that were not activated here
    lonely_activities_go: bool = False  # what is on no other record (calls and tasks apart) goes along, and comes back
    data_privacy: bool = True  # the account's data privacy settings: subscribing takes a legal basis
    batch_preferences: bool = False  # Marketing Hub Enterprise: communication preferences in batches
    resubscribe_lifts_opt_out: bool = True  # by v4: one type only, the others stay refused; else the opt-out stands
    opt_out_is_told: bool = True  # a change of hs_email_optout fires contact.propertyChange
    conversations_open_tickets: bool = True  # a new conversation opens a ticket
    purge_keeps_preferences: bool = False  # what an address refused outlives its permanent deletion

    def changed(self, **values: Any) -> "Switches":
        """Refuses names and types it does not know."""
        types = {field.name: type(getattr(self, field.name)) for field in fields(self)}
        for name, value in values.items():
            if name not in types:
                raise Malformed(f"There is no switch {name}; there are {', '.join(types)}")
            if type(value) is not types[name]:
                raise Malformed(f"Switch {name} takes {types[name].__name__}, not {value!r}")
            if value not in CHOICES.get(name, (value,)):
                raise Malformed(f"Switch {name} is {' or '.join(CHOICES[name])}, not {value!r}")
            if type(value) is int and value < 0:
                raise Malformed(f"Switch {name} cannot be less than nothing")
        return replace(self, **values)
