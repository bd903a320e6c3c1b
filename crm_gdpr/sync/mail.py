"""Whether a mail was written by a machine, or marks a request under the GDPR: seen from headers and subject alone.

The text of a mail is never read for this.
"""

import json
import re
from collections.abc import Iterator, Mapping
from email.parser import HeaderParser

from crm_gdpr.policy import asked

# RFC 3834 and its older relatives; any value but "no" marks a machine.
MACHINE_HEADERS = ("auto-submitted", "x-autoreply", "x-autorespond", "x-failed-recipients")
MACHINE_TYPES = ("multipart/report", "text/calendar")  # delivery reports, answers to invitations
MACHINE_SUBJECTS = (
    *("automatiskt svar", "autosvar", "autoreply", "automatic reply", "auto:", "out of office", "frånvaro"),
    *("undeliverable", "undelivered mail", "mail delivery", "delivery status notification", "returned mail"),
    *("det gick inte att leverera", "olevererbart", "ej levererat"),
    *("accepterat:", "accepterad:", "accepted:", "avböjt:", "avböjd:", "declined:"),
    *("preliminärt:", "preliminärt accepterat:", "tentative:", "tentatively accepted:"),
)
_PREFIX = re.compile(r"^(?:(?:sv|re|vb|fw|fwd|ang):\s*)+", re.IGNORECASE)


def is_automatic(subject: str | None, headers: str | None) -> bool:
    """An automatic reply, a delivery report or an answer to an invitation is no dialogue."""
    plain = _PREFIX.sub("", (subject or "").strip()).casefold()
    return plain.startswith(MACHINE_SUBJECTS) or any(_by_machine(*each) for each in _headers(headers or ""))


def is_marked(subject: str | None) -> bool:
    """A request under the GDPR, as far as its subject tells; an advertisement that mentions the GDPR is none."""
    return bool(asked(subject))


def _by_machine(name: str, value: str) -> bool:
    plain = value.strip().casefold()
    if name in MACHINE_HEADERS:
        return plain not in ("", "no")
    return name == "content-type" and plain.startswith(MACHINE_TYPES)


def _headers(text: str) -> Iterator[tuple[str, str]]:
    """Names in lower case and values, from HubSpot's JSON or from the headers as they were sent."""
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = dict(HeaderParser().parsestr(text).items())
    if isinstance(parsed, Mapping):
        for name, value in parsed.items():
            if isinstance(value, str):
                yield str(name).lower(), value
