"""Fill an account with the population that ``population.toml`` describes: same size, same seed, same account.

Companies get a life, their people share it, and everything is then played in order of time with the account's clock
set to each moment, so that dates, history and ids come out as if it had happened.
"""

import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from crm_gdpr.emulator.activity_log import Writer
from crm_gdpr.emulator.asides import Asides
from crm_gdpr.emulator.instants import DAY_MS, to_ms
from crm_gdpr.emulator.lives import Chronicle
from crm_gdpr.emulator.memory import nothing_to_collect
from crm_gdpr.emulator.people import Firm, Inventor
from crm_gdpr.emulator.portal import Portal

FULL_SIZE = 2_000
_OLDER_THAN_ANYBODY_MS = 8 * 365 * DAY_MS


@cache
def description() -> dict[str, Any]:
    source = resources.files("crm_gdpr.emulator").joinpath("population.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def populate(portal: Portal, contacts: int, seed: int) -> None:
    """Empty the account and let the described people live in it up to its first moment. Nobody is told."""
    with portal.lock:
        listeners, portal.listeners = portal.listeners, []
        portal.reset()
        with nothing_to_collect(), portal.bulk():
            _live(portal, contacts, seed)
        portal.clock.set(portal.start)
        portal.listeners = listeners


def _live(portal: Portal, contacts: int, seed: int) -> None:
    told, chance = description(), random.Random(seed)  # noqa: S311 - invented people need no secrecy
    for address, first, last in told["account"]["owners"]:
        portal.add_owner(f"{address}@example.com", first, last)
    portal.clock.stop(to_ms(portal.start) - _OLDER_THAN_ANYBODY_MS)
    for number in told["account"]["forms"]:
        portal.add_form(form_id=told["sources"]["form"]["id"].format(number))
    writer = Writer(chance, told["texts"])
    chronicle = Chronicle(chance, writer, tuple(portal.owners.values()), told["sources"], to_ms(portal.start))
    firms = list(_firms(Founder(chance, Inventor(chance, told["names"]), told), contacts))
    for firm in firms:
        chronicle.tell(firm)
    chronicle.play(portal, _asides(portal, firms, told, seed))
    portal.cast = _cast(firms)


def _asides(portal: Portal, firms: list[Firm], told: Mapping[str, Any], seed: int) -> Asides:
    chance = random.Random(seed + 1)  # noqa: S311 - as above
    writer = Writer(chance, told["texts"])
    asides = Asides(chance, writer, tuple(portal.owners.values()), told["sources"], to_ms(portal.start))
    asides.remark(firms, told["asides"])
    return asides


@dataclass(frozen=True)
class Founder:
    """Founds companies of a given life and staffs them."""

    chance: random.Random
    inventor: Inventor
    told: Mapping[str, Any]

    def firm(self, life: Mapping[str, Any], most: int) -> Firm:
        low, high = self.told["account"]["people_per_company"]
        size = 1 if "cast" in life or life.get("without_company") else self.chance.randint(low, high)
        firm = self.inventor.firm(life, self.chance.randint(*life["silence"]) if "silence" in life else 0)
        for _ in range(min(size, most)):
            firm.people.append(self.inventor.person(firm, self._source(life), self._joined(life, firm)))
        return firm

    def _joined(self, life: Mapping[str, Any], firm: Firm) -> int:
        """People were entered before the last dialogue, or on the day they were approached."""
        if "joined" in life:
            return self.chance.randint(*life["joined"])
        return firm.silence + self.chance.randint(2, 500)

    def _source(self, life: Mapping[str, Any]) -> str:
        """Those who never answered were all sought out by us."""
        sources = self.told["sources"]
        names: list[str] = [name for name in sources if name.startswith("outreach") or "joined" not in life]
        return self.chance.choices(names, [sources[name]["share"] for name in names])[0]


def _firms(founder: Founder, contacts: int) -> Iterator[Firm]:
    """Companies of every life until all contacts are spoken for; the named ones come first."""
    left = contacts
    counted = [life for life in founder.told["lives"] if "people" in life]
    shared = [life for life in founder.told["lives"] if "share" in life]
    for life in counted:
        wanted = life["people"] if life.get("fixed") else round(life["people"] * contacts / FULL_SIZE)
        yield from _staffed(founder, life, min(wanted, left))
        left -= min(wanted, left)
    rest = left
    for life in shared:
        wanted = left if life is shared[-1] else round(rest * life["share"])
        yield from _staffed(founder, life, wanted)
        left -= wanted


def _staffed(founder: Founder, life: Mapping[str, Any], people: int) -> Iterator[Firm]:
    while people > 0:
        firm = founder.firm(life, people)
        people -= len(firm.people)
        yield firm


def _cast(firms: list[Firm]) -> dict[str, Any]:
    """The people the demo is about, by their part."""
    people = {firm.life["cast"]: firm.people[0] for firm in firms if "cast" in firm.life}
    cast: dict[str, Any] = {part: person.id for part, person in people.items()}
    if "requester" in people:
        cast["requester"] = {"id": people["requester"].id, "email": people["requester"].email}
    return cast
