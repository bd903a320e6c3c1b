"""What an object type is: its names, its type id and what a bare read returns."""

from dataclasses import dataclass

_BARE = ("hs_createdate", "hs_lastmodifieddate", "hs_object_id")


@dataclass(frozen=True)
class Kind:
    """One object type. ``name`` is HubSpot's plural, used everywhere inside the emulator.

    An object type of the account's own is called by its full name, p26000001_licence, and by its type id, 2-….
    """

    name: str
    singular: str
    type_id: str
    defaults: tuple[str, ...] = _BARE
    required: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    is_activity: bool = False

    @property
    def is_custom(self) -> bool:
        return self.type_id.startswith("2-")

    @property
    def is_told(self) -> bool:
        """Apps may hear of it; of activities HubSpot tells nobody."""
        return not self.is_activity

    @property
    def aliases(self) -> tuple[str, ...]:
        short = self.name.partition("_")[2] if self.is_custom else self.singular
        return self.name.lower(), short.lower(), self.type_id

    @property
    def created(self) -> str:
        return "createdate" if "createdate" in self.defaults else "hs_createdate"

    @property
    def modified(self) -> str:
        return "lastmodifieddate" if self.name == "contacts" else "hs_lastmodifieddate"
