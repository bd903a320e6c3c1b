"""Keep the journal beside the store, and say when the store is an older copy: what was put back, what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.register.asking import Question, ask, close_done
from crm_gdpr.addons.register.links import console_link
from crm_gdpr.addons.register.owners import Owners
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.journal import Older

KIND = "journal"
LATE = timedelta(hours=1)
LINKED = ("objections", "requests", "people")
MOST = 50  # links in one task
KINDS = {
    "objections": Text(sv="nej", en="objections"),
    "cases": Text(sv="raderingsärenden", en="erasure cases"),
    "requests": Text(sv="begäranden", en="requests"),
    "people": Text(sv="låsningar i papperskorgen", en="holds in the recycle bin"),
    "errands": Text(sv="begärda låsningar", en="holds asked for"),
    "work": Text(sv="nej genom länken, att föra in", en="objections by the link, to be entered"),
}
OLDER = Text(sv="Databasen är en äldre kopia", en="The store is an older copy")
SINCE = Text(
    sv="Databasen visste inget efter {since}. Journalen bredvid den går till {until}, då loggboken hade {lines} rader; "
    "ur den är tillbakalagt: {back}.",
    en="The store knew nothing after {since}. The journal beside it goes on until {until}, when the ledger had {lines} "
    "lines; put back from it: {back}.",
)
AGAIN = Text(
    sv="Gäller igen, fast det avslutades efter kopian: {again}. Journalen avslutar inget: gör om det i konsolen.",
    en="Holds again, though it ended after the copy: {again}. The journal ends nothing: do it again in the console.",
)
UNKNOWN = Text(
    sv="Det här går inte att veta för tiden däremellan: loggboksrader, godkända planer och stopp, "
    "beslut och svar på begäranden, vem som visat vem de är, brev och konton. Nästa steg: 1. Gå igenom begärandena i "
    "konsolen mot ärenden och brev i HubSpot. 2. Kör `crm-gdpr reconcile --full` och läs nästa plan. 3. Spara den "
    "förlorade databasens loggbok om den finns. 4. Släpp på med `crm-gdpr resume --by NAMN`: till dess gallras ingen.",
    en="This cannot be known of the time between: ledger lines, plans approved and stops, decisions and "
    "answers to requests, who has shown who they are, letters and accounts. Next steps: 1. Go through the requests "
    "in the console, against tickets and letters in HubSpot. 2. Run `crm-gdpr reconcile --full` and read the next "
    "plan. 3. Keep the ledger of the lost database if there is one. 4. Let it go on with `crm-gdpr resume --by NAME`: "
    "till then nobody is archived or erased.",
)
ANEW = Text(sv="Journalen saknades och är skriven på nytt", en="The journal was missing and is written anew")
WHY_ANEW = Text(
    sv="Filen bredvid databasen saknades eller var en äldre kopia (nr {had} i stället för {wanted}). Ingenting är "
    "förlorat ur databasen. Se efter att CRM_GDPR_FILES finns kvar och säkerhetskopieras för sig: registerutdrag där "
    "kan saknas.",
    en="The file beside the database was missing or an older copy (no. {had} instead of {wanted}). Nothing of the "
    "store is lost. See that CRM_GDPR_FILES is there and backed up apart: answers made ready there may be missing.",
)


def keep_journal(env: Env) -> None:
    """Notice an older copy, mark how far the journal reaches, and tell the officer what has happened."""
    journal = env.store.journal
    journal.catch_up()
    journal.mark(env.clock.now())
    older, anew = journal.older(), journal.anew()
    if older is not None:
        _tell(env, older)
    if anew is not None:
        env.record("journal.anew", actor="journal", had=anew["had"], wanted=anew["wanted"])
        _ask(env, f"anew-{anew['wanted']}", ANEW, [WHY_ANEW], **{name: str(n) for name, n in anew.items()})


def rewrite_journal(env: Env) -> None:
    """Let nothing stand in the journal that the store has let go of."""
    env.store.journal.rewrite()
    close_done(env, KIND)


def journal_kept(env: Env) -> Iterator[tuple[str, str]]:
    """Look whether store and journal belong together."""
    journal, at = env.store.journal, env.store.journal.reaches()
    try:
        if journal.is_ahead():
            yield "look", "the store is an older copy: what the journal knows is put back within ten minutes"
        elif journal.is_behind():
            yield (
                "look",
                "misses what the store knows: it is written anew within ten minutes, if CRM_GDPR_FILES lets it",
            )
        elif at is None or at < env.clock.now() - LATE:
            yield "look", f"reaches until {at or 'nowhere yet'}: see that `crm-gdpr clock` and the workers run"
        else:
            yield "ok", f"reaches until {at}"
    except OSError as error:
        yield (
            "broken",
            f"{env.settings.journal} cannot be read ({error.strerror}): let this process's user read and write it",
        )


def _tell(env: Env, older: Older) -> None:
    key = f"older-{older.number}"
    errand = env.store.errands.of(f"{KIND}-{key}")
    if errand is not None and (errand.task_id or errand.done_on):
        return
    env.gate.look_around()
    if errand is None:
        counts = {kind: len(keys) for kind, keys in older.back.items()}
        again = {kind: list(keys) for kind, keys in older.again.items()}
        told: dict[str, Any] = {"since": older.since, "until": older.until, "lines": older.lines}
        env.record("store.older", actor="journal", **told, back=counts, again=again)
    said = [SINCE, *([AGAIN] if older.again else []), UNKNOWN]
    span = {"since": older.since or "–", "until": older.until or "–", "lines": str(older.lines)}
    _ask(env, key, OLDER, said, back=_each(env, older.back), again=_each(env, older.again), **span)


def _ask(env: Env, key: str, subject: Text, said: Sequence[Text], **told: str) -> None:
    body = "".join(f"<p>{part.sv.format(**told)}</p><p>{part.en.format(**told)}</p>" for part in said)
    officer = Owners(env).officer
    ask(env, Question(kind=KIND, key=f"{KIND}-{key}", owner=officer, subject=subject, body=body, urgent=True))


def _each(env: Env, found: Mapping[str, Sequence[str]]) -> str:
    """Return what was found: how many of each kind, and links to those that somebody must look at."""
    return "; ".join(_some(env, kind, keys) for kind, keys in found.items()) or "0"


def _some(env: Env, kind: str, keys: Sequence[str]) -> str:
    links = (f'<a href="{console_link(env, f"{kind}/{key}")}">{key}</a>' for key in keys[:MOST])
    named = "" if kind not in LINKED else f" ({', '.join(links)})"
    return f"{len(keys)} {KINDS[kind].sv} / {KINDS[kind].en}{named}"
