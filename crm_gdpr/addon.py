"""What an addon may contribute: frozen values, put together in `addons/<name>/__manifest__.py`.

Importing a manifest does nothing; the registry reads `addon` from it and the rest of the system asks the registry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from flask import Blueprint

    from crm_gdpr.env import Env

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Option:
    """One allowed value of an enumeration."""

    value: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class Property:
    """A HubSpot property to install; `category` names the holding that says how long it is kept."""

    name: str
    label: Text
    help: Text
    object: str = "contact"
    type: str = "string"
    options: tuple[Option, ...] = ()
    personal: bool = False
    category: str = ""


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """One thing HubSpot may say, and the function that answers it; with `many` it is given all that come at once."""

    event_type: str
    handler: Callable[[Env, Any], None]
    property_name: str | None = None
    many: bool = False


@dataclass(frozen=True, kw_only=True)
class Job:
    """Work for the queue: run at a cron slot, after each of some other jobs, or when somebody enqueues it.

    With `many`, `run` is given the ids of all pieces that are there to be done at once.  A `patient` job lets other new
    work of its queue go first, for a minute.  What waits for a `lasting` one outlives a store put back from an older
    copy: nothing else says that somebody asked for it.
    """

    name: str
    run: Callable[..., None]
    cron: str | None = None
    after: tuple[str, ...] = ()
    queue: str = "bulk"
    many: bool = False
    patient: bool = False
    lasting: bool = False


@dataclass(frozen=True, kw_only=True)
class ExportSection:
    """One part of the access answer (Art. 15), with the personal properties it covers."""

    title: Text
    read: Callable[[Env, str], Rows]
    covers: frozenset[str] = frozenset()
    erase: Callable[[Env, str], None] | None = None


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Personal data kept somewhere: what, why, on what ground and how long (Art. 5(1)(e), 30(1)(f))."""

    category: str
    title: Text
    purpose: str
    legal_basis: str
    where: str
    period: Text


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing `crm-gdpr doctor` looks at; `look` yields a state (`ok`, `look`, `broken`) and what to do about it."""

    what: str
    look: Callable[[Env], Iterable[tuple[str, str]]]


@dataclass(frozen=True, kw_only=True)
class Gauge:
    """One number that /metrics tells, `read` from the store at every look, for each value of its `label`."""

    name: str
    help: str
    label: str
    read: Callable[[Env], Mapping[str, float]]


@dataclass(frozen=True, kw_only=True)
class Addon:
    """One duty and everything it contributes."""

    name: str
    summary: str
    version: str = "1.0"
    depends: tuple[str, ...] = ()
    properties: tuple[Property, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    jobs: tuple[Job, ...] = ()
    blueprints: tuple[Blueprint, ...] = ()
    export_sections: tuple[ExportSection, ...] = ()
    holdings: tuple[Holding, ...] = ()
    checks: tuple[Check, ...] = ()
    gauges: tuple[Gauge, ...] = ()
