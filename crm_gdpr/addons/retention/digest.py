"""What an owner reads: who is up for review, why, until when, and what each answer does.  Pure wording.

People are named by a link to their record: the task outlives them, and names nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from crm_gdpr.policy import Text

REVIEW = Text(
    sv="{count} kontakter har varit tysta länge. Svara på var och en i fältet Svar vid genomgång:",
    en="{count} contacts have been silent for long. Answer on each in the field Review answer:",
)
REMINDER = Text(
    sv="{count} kontakter i genomgång har inte fått något svar och arkiveras på angiven dag. Sista chansen att svara:",
    en="{count} contacts in review have no answer and are archived on the day given. The last chance to answer:",
)
ANSWERS = (
    Text(
        sv="Intyga ett samtal: ange Intygat samtal den, och om vad; kontakten behålls i högst tolv månader till.",
        en="Attest a talk: fill in Attested talk on, and what about; the contact is kept at most twelve months more.",
    ),
    Text(
        sv="Släpp kontakten: den arkiveras 30 dagar efter genomgångens början.",
        en="Let go: the contact is archived 30 days after the review began.",
    ),
    Text(sv="Be om att låsa: dataskyddsombudet avgör.", en="Ask for a hold: the data protection officer decides."),
    Text(
        sv="Inget svar: kontakten släpps när arkiveringen är aktuell.",
        en="No answer: the contact is let go when its archive is due.",
    ),
)
VIEW = Text(sv="Hela listan i HubSpot", en="The whole list in HubSpot")
UNTIL = Text(sv="arkiveras {on} utan svar", en="archived on {on} without an answer")
MORE = Text(sv="och {count} till i listan", en="and {count} more in the list")


@dataclass(frozen=True)
class Line:
    """One person of a digest: a link, the reasons, and the day of the archive."""

    contact_id: str
    link: str
    why: Sequence[Text]
    until: str


def body(opening: Text, lines: Sequence[Line], *, total: int, view: str) -> str:
    """Return the text of a digest, in both languages."""
    return "<hr>".join(_in(language, opening, lines, total, view) for language in ("sv", "en"))


def _in(language: str, opening: Text, lines: Sequence[Line], total: int, view: str) -> str:
    def say(text: Text) -> str:
        return str(getattr(text, language))

    answers = "".join(f"<li>{escape(say(answer))}</li>" for answer in ANSWERS)
    people = "".join(f"<li>{_person(language, line)}</li>" for line in lines)
    more = f"<li>{say(MORE).format(count=total - len(lines))}</li>" if total > len(lines) else ""
    opened = escape(say(opening).format(count=total))
    link = f'<a href="{escape(view)}">{escape(say(VIEW))}</a>'
    return f"<p>{opened}</p><ul>{answers}</ul><p>{link}</p><ol>{people}{more}</ol>"


def _person(language: str, line: Line) -> str:
    why = " ".join(str(getattr(reason, language)) for reason in line.why)
    until = str(getattr(UNTIL, language)).format(on=line.until)
    return f'<a href="{escape(line.link)}">{line.contact_id}</a>: {escape(why)} <b>{until}</b>'
