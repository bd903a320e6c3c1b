"""What `crm-gdpr doctor` looks at.  Each check says what works, and for what does not, what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from crm_gdpr.definitions import definitions
from crm_gdpr.env import Env
from crm_gdpr.policy import check
from crm_gdpr.store.usage_rows import TableError
from crm_gdpr.sync import HubSpotError
from crm_gdpr.sync import install as installing
from crm_gdpr.sync.commerce import COUNT, SCOPE, has_subscriptions
from crm_gdpr.sync.errors import Forbidden
from crm_gdpr.sync.gather import kinds_of
from crm_gdpr.sync.records import GROUNDS
from crm_gdpr.sync.versions import ENDS_ON, in_use

NOTICE = timedelta(days=180)
TRIED_OFTEN = 8  # a few minutes of attempts
MONTH = timedelta(days=30)
DEBT = {
    "dry_run": "nothing is armed; read a plan, then write `armed = true` in policy.toml",
    "paused": "everything is stopped; `crm-gdpr resume --by NAME` lets it go on",
    "unapproved": "their plan waits for approval",
    "cap": "the caps leave them for another hour or day",
    "failed": "HubSpot refused them; the plan's page says what it answered",
    "unknown": "a fact is not known; a person must look",
    "hold_asked": "an owner asked for a hold; the officer has a task to decide",
    "reminding": "their owner is told once more, and has 30 days to answer",
    "no_owner": "nobody is asked about them; set `officer` under [controller] to a user of HubSpot",
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `ok`, `look` (a person should), or `broken`."""

    what: str
    state: str
    advice: str = ""


def diagnose(env: Env) -> list[Finding]:
    """Look at everything; one check that fails does not hide the others."""
    findings: list[Finding] = []
    of_addons = {check.what: check.look for addon in env.registry for check in addon.checks}
    for what, look in (CHECKS | of_addons).items():
        try:
            findings += [Finding(what, state, advice) for state, advice in look(env)]
        except (HubSpotError, TableError) as error:
            findings.append(Finding(what, "broken", str(error)))
    return findings


def _hubspot(env: Env) -> Iterator[tuple[str, str]]:
    portal = str(env.hubspot.account().get("portalId"))
    version = env.settings.api_version
    if portal != str(env.settings.portal_id):
        yield "broken", f"the token belongs to portal {portal}; HUBSPOT_PORTAL_ID says {env.settings.portal_id}"
    else:
        yield "ok", f"portal {portal}, API version {version}, supported until {ENDS_ON[version]}"


def _versions(env: Env) -> Iterator[tuple[str, str]]:
    """Name the families of the API that HubSpot soon stops supporting."""
    soon = env.today() + NOTICE
    ending = [used for used in in_use(env.settings.api_version) if used.ends_on <= soon]
    for used in ending:
        yield "look", f"{used.family} ({used.path}) is unsupported from {used.ends_on}; upgrade crm_gdpr before that"
    if not ending:
        yield "ok", ""


def _installed(env: Env) -> Iterator[tuple[str, str]]:
    wanted = definitions(env.registry)
    missing = installing.plan(wanted, installing.present(env.hubspot, wanted))
    yield ("ok", "") if not missing else ("look", f"{len(missing)} changes to make: `crm-gdpr install --apply`")


def _policy(env: Env) -> Iterator[tuple[str, str]]:
    for finding in check(env.policy):
        yield ("broken" if finding.level == "error" else "look"), finding.text.en
    armed = env.policy.destruction.armed
    yield "ok" if armed else "look", "armed" if armed else "not armed: plans are made, none runs"


def _ledger(env: Env) -> Iterator[tuple[str, str]]:
    proof = env.store.ledger.verify()
    yield ("ok", f"{proof.lines} lines") if proof.holds else ("broken", f"line {proof.broken_at} was changed")


def _key(env: Env) -> Iterator[tuple[str, str]]:
    """The key lies outside the database; with another one nobody who said no would be recognised."""
    known, kept = env.store.suppression.fingerprint(), f"{env.store.suppression.count()} hashes in the suppression list"
    if known is None:
        yield "ok", "not used yet"
    elif known == env.key_fingerprint():
        yield "ok", kept
    else:
        yield "broken", f"not the key that the store was made with ({kept}); restore CRM_GDPR_PSEUDONYM_KEY"


def _pause(env: Env) -> Iterator[tuple[str, str]]:
    stop = env.store.pause.now()
    if stop is None:
        yield "ok", ""
    else:
        yield "look", f"stopped by {stop.by} on {stop.on}: {stop.why}; `crm-gdpr resume --by NAME` lets it go on"


def _debt(env: Env) -> Iterator[tuple[str, str]]:
    """People past their date, by what stands in the way."""
    waiting = {cause: n for cause, n in (env.store.notes.get("promise_debt") or {}).items() if n}
    if not waiting:
        yield "ok", ""
    for cause, count in waiting.items():
        yield "look", f"{count} people past their date: {DEBT[cause]}"


def _other_engine(env: Env) -> Iterator[tuple[str, str]]:
    """No API tells whether HubSpot deletes contacts by itself; what others deleted shows it."""
    count = env.store.foreign.count_since(env.today() - MONTH)
    ask = "see in HubSpot that its own deletion of inactive contacts and its data cleanup are off: they ask no policy"
    yield ("look", f"{count} contacts were deleted by others in 30 days; {ask}") if count else ("ok", ask)


def _subscriptions(env: Env) -> Iterator[tuple[str, str]]:
    """Whether HubSpot's own subscriptions are read; while they may not be, nobody is told from a customer."""
    if env.policy.relationship.subscriptions != COUNT:
        yield "ok", "left out by policy"
        return
    try:
        yield "ok", "read" if has_subscriptions(env.hubspot) else "the account has none"
    except Forbidden:
        yield (
            "look",
            f"may not be read, so nothing is destroyed: grant {SCOPE}; or, where the company sells none through "
            'HubSpot, write `subscriptions = "ignore"` under [relationship] in policy.toml',
        )


def _kinds(env: Env) -> Iterator[tuple[str, str]]:
    """Which kinds of record an erasure does not see, and which of them would have kept something."""
    unread = kinds_of(env.hubspot).unread
    blind = [kind for kind in GROUNDS if kind in unread]
    if unread:
        left = "what hangs there of an erased person is left, and the case says so"
        yield "look", f"{', '.join(unread)} may not be read: {left}; grant their scopes where the account uses them"
    if blind:
        goes = "what bookkeeping or a claim protects by them goes with the person"
        scopes = ", ".join(f"crm.objects.{kind.replace('_', '')}.read" for kind in blind)
        yield "look", f"{', '.join(blind)} may not be read: {goes}; grant {scopes} where the account uses them"
    if not unread:
        yield "ok", "all may be read"


def _work(env: Env) -> Iterator[tuple[str, str]]:
    failed, struggling = env.store.work.failed(), env.store.work.struggling(TRIED_OFTEN)
    if not failed and not struggling:
        yield "ok", f"{env.store.work.open()} waiting"
    for item in failed[:10]:
        yield "look", f"{item['job']} {item['key']}: {item['error']}"
    for item in struggling[:10]:
        yield "look", f"{item['job']} {item['key']}: tried {item['attempt']} times, and goes on: {item['error']}"


CHECKS: dict[str, Callable[[Env], Iterable[tuple[str, str]]]] = {
    "HubSpot": _hubspot,
    "API versions": _versions,
    "properties": _installed,
    "policy": _policy,
    "ledger": _ledger,
    "pseudonym key": _key,
    "pause": _pause,
    "subscriptions": _subscriptions,
    "kinds of record": _kinds,
    "promise debt": _debt,
    "other engines": _other_engine,
    "work": _work,
}
