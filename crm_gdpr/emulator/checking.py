"""What may be written: definitions are obeyed, addresses stay unique, stages move forward."""

from collections.abc import Mapping

from crm_gdpr.emulator.account import locked
from crm_gdpr.emulator.actor import Actor
from crm_gdpr.emulator.errors import Invalid, Problem, Refusal, Taken
from crm_gdpr.emulator.kind import Kind
from crm_gdpr.emulator.labelling import Labelling
from crm_gdpr.emulator.pipelines import PIPELINE_OF, STAGE_OF
from crm_gdpr.emulator.properties import Property, unknown
from crm_gdpr.emulator.records import Record
from crm_gdpr.emulator.requirements import unmet
from crm_gdpr.emulator.values import stored

_HANDS = frozenset({"CRM_UI", "IMPORT"})
"""People's ways in: these may not bring back an address that was erased."""


class Checking(Labelling):
    """Refuses before anything is written."""

    @locked
    def acceptable(
        self,
        kind: str,
        properties: Mapping[str, object],
        record: Record | None = None,
        *,
        actor: Actor,
        trusted: bool = False,
    ) -> dict[str, str]:
        """Every value as it would be stored, for a new record or a change to one; refuses what may not be."""
        values = self.checked(kind, properties, record, trusted=trusted)
        if record:
            values = self._forward_only(record, values, actor, trusted=trusted)
        elif kind == "meetings" and values.get("hs_meeting_start_time"):
            values = {"hs_timestamp": values["hs_meeting_start_time"], **values}
        after = {**(record.properties if record else {}), **values}
        self._stage_fits(kind, after)
        if not trusted:
            self._required(self.kinds[kind], after)
        self._free(kind, values, actor, but=record.id if record else None)
        return values

    @locked
    def required(self, kind: str, properties: Mapping[str, object], record: Record | None = None) -> None:
        """Refuses what the administrator's rules refuse."""
        given = {name: "" if value is None else str(value) for name, value in properties.items()}
        values = {**(record.properties if record else {}), **given}
        problems = list(unmet(self.requirements, kind, values, new=record is None))
        if problems:
            raise Invalid(problems)

    @locked
    def checked(
        self,
        kind: str,
        properties: Mapping[str, object],
        record: Record | None = None,
        *,
        trusted: bool = False,
    ) -> dict[str, str]:
        """Every value as it is stored, or Invalid with every problem at once."""
        catalogue = self.catalogues[kind].properties
        values: dict[str, str] = {}
        problems: list[Problem] = []
        for name, value in properties.items():
            prop = catalogue.get(name)
            try:
                values[name] = self._value(name, prop, value, record, trusted=trusted)
            except Invalid as refusal:
                problems.extend(refusal.problems)
        if problems:
            raise Invalid(problems)
        return values

    def _value(self, name: str, prop: Property | None, value: object, record: Record | None, *, trusted: bool) -> str:
        if prop is None or prop.archived:
            raise Invalid([unknown(name)])
        if prop.read_only and not trusted:
            message = f'"{name}" is a read only property; its value cannot be set.'
            raise Invalid([Problem(name, "READ_ONLY_VALUE", message)])
        return stored(prop, value, record.properties.get(name) if record else None)

    def _how_far(self, kind: str, stage: str) -> int:
        """The place of a lifecycle stage among those there are; one that is not offered any more comes first."""
        order = [option.value for option in self.catalogues[kind].get("lifecyclestage").options]
        return order.index(stage) if stage in order else -1

    def _stage_fits(self, kind: str, values: Mapping[str, str]) -> None:
        """The stage of a deal or ticket is one of its pipeline's."""
        name = STAGE_OF.get(kind, "")
        pipeline = self.pipelines.get(kind, {}).get(values.get(PIPELINE_OF.get(kind, ""), ""))
        stage = values.get(name)
        if pipeline and stage and stage not in (allowed := [one.id for one in pipeline.stages]):
            message = f"{stage} was not one of the allowed options: [{', '.join(allowed)}]"
            raise Invalid([Problem(name, "INVALID_OPTION", message)])

    def _required(self, kind: Kind, values: Mapping[str, str]) -> None:
        missing = [name for name in kind.required if not values.get(name)]
        if kind.name == "companies" and not (values.get("name") or values.get("domain")):
            missing.append("name")
        if missing:
            raise Invalid([Problem(n, "REQUIRED_FIELD", f"Property {n} is required") for n in missing])

    def _free(self, kind: str, values: Mapping[str, str], actor: Actor, but: int | None = None) -> None:
        """A unique value belongs to one live record, and an address that was erased stays away from people's hands."""
        for name in self.catalogues[kind].unique & values.keys():
            holder = self._holders.get(kind, name, values[name])
            if holder not in (None, but):
                raise self._taken(kind, name, values[name], holder)
        email = values.get("email")
        if kind != "contacts" or not email:
            return
        stopped = actor.source in _HANDS or self.switches.blocklist_stops_api
        if email in self.blocklist and stopped:
            raise Invalid([Problem("email", "GDPR_BLACKLISTED_EMAIL", "This address was permanently deleted")])

    def _taken(self, kind: str, name: str, value: str, holder: int | None) -> Refusal:
        """An address is a conflict; any other unique value is a value that is not valid."""
        if name == "email":
            return Taken(f"Contact already exists. Existing ID: {holder}")
        message = f"Cannot set {name} to {value}. {self.kinds[kind].singular} {holder} already has that value."
        return Invalid([Problem(name, "CONFLICTING_UNIQUE_VALUE", message)])

    def _forward_only(self, record: Record, values: dict[str, str], actor: Actor, *, trusted: bool) -> dict[str, str]:
        """A lifecycle stage moves forward, or is cleared first; people in the CRM's pages may step back."""
        wanted, present = values.get("lifecyclestage"), record.properties.get("lifecyclestage")
        if not wanted or not present or trusted or actor.source == "CRM_UI":
            return values
        if self._how_far(record.kind, wanted) >= self._how_far(record.kind, present):
            return values
        if self.switches.lifecycle_backwards == "refuse":
            message = f"lifecyclestage cannot move back from {present} to {wanted}"
            raise Invalid([Problem("lifecyclestage", "INVALID_LIFECYCLE_STAGE", message)])
        return {name: value for name, value in values.items() if name != "lifecyclestage"}
