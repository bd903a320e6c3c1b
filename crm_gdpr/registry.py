"""Find addons, put dependencies first, refuse nonsense.  Bundled and third-party addons come through the same door."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import entry_points

from crm_gdpr.addon import Addon, ExportSection, Holding, Job, Property, Subscription

GROUP = "crm_gdpr.addons"


class AddonError(Exception):
    """An addon that cannot be installed as it stands."""


@dataclass(frozen=True)
class Registry:
    """All installed addons, dependencies first."""

    addons: tuple[Addon, ...]

    def __iter__(self) -> Iterator[Addon]:
        return iter(self.addons)

    @cached_property
    def properties(self) -> tuple[Property, ...]:
        return tuple(p for addon in self.addons for p in addon.properties)

    @cached_property
    def subscriptions(self) -> tuple[Subscription, ...]:
        return tuple(s for addon in self.addons for s in addon.subscriptions)

    @cached_property
    def jobs(self) -> dict[str, Job]:
        return {job.name: job for addon in self.addons for job in addon.jobs}

    @cached_property
    def export_sections(self) -> tuple[ExportSection, ...]:
        return tuple(s for addon in self.addons for s in addon.export_sections)

    @cached_property
    def holdings(self) -> tuple[Holding, ...]:
        return tuple(h for addon in self.addons for h in addon.holdings)

    @cached_property
    def _by_type(self) -> dict[str, list[Subscription]]:
        of_type: dict[str, list[Subscription]] = defaultdict(list)
        for subscription in self.subscriptions:
            of_type[subscription.event_type].append(subscription)
        return of_type

    def answering(self, event_type: str, property_name: str | None) -> list[Subscription]:
        """Return the subscriptions that this event concerns."""
        return [s for s in self._by_type.get(event_type, ()) if s.property_name in (None, property_name)]


@cache
def load() -> Registry:
    """Read every addon advertised under the entry-point group, and refuse a set that breaks a promise."""
    return assemble(entry.load() for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name))


def assemble(addons: Iterable[Addon]) -> Registry:
    """Order the addons, dependencies first, and check what they declare."""
    registry = Registry(_ordered(list(addons)))
    _refuse_duplicates("job", [job.name for addon in registry for job in addon.jobs])
    _refuse_duplicates("property", [f"{p.object}.{p.name}" for p in registry.properties])
    _refuse_duplicates("gauge", [gauge.name for addon in registry for gauge in addon.gauges])
    _refuse_dangling_jobs(registry)
    for problem in broken_promises(registry):
        raise AddonError(problem)
    return registry


def broken_promises(registry: Registry) -> list[str]:
    """Name each personal property that has no export section or no retention rule."""
    covered = frozenset[str]().union(*(s.covers for s in registry.export_sections))
    kept = {h.category for h in registry.holdings}
    personal = [p for p in registry.properties if p.personal]
    return [
        f"property {p.name!r} is personal but no export section covers it" for p in personal if p.name not in covered
    ] + [
        f"property {p.name!r} is personal but no holding of category {p.category!r} says how long it is kept"
        for p in personal
        if p.category not in kept
    ]


def _ordered(addons: list[Addon]) -> tuple[Addon, ...]:
    by_name = {addon.name: addon for addon in addons}
    _refuse_duplicates("addon", [addon.name for addon in addons])
    for addon in addons:
        for name in addon.depends:
            if name not in by_name:
                raise AddonError(f"{addon.name!r} depends on {name!r}, which is not installed")
    try:
        order = TopologicalSorter({a.name: sorted(a.depends) for a in addons}).static_order()
        return tuple(by_name[name] for name in order)
    except CycleError as error:
        raise AddonError(f"addons depend on each other in a circle: {' -> '.join(error.args[1])}") from None


def _refuse_duplicates(what: str, names: list[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise AddonError(f"{what} {name!r} is declared {count} times; names are unique over all addons")


def _refuse_dangling_jobs(registry: Registry) -> None:
    for job in registry.jobs.values():
        for name in job.after:
            if name not in registry.jobs:
                raise AddonError(f"job {job.name!r} runs after {name!r}, which no addon declares")
