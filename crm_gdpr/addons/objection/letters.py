"""What is laid as a note for support or sales to send or to know; the product itself sends no mail."""

from __future__ import annotations

from datetime import date
from html import escape

TO_SEND = "Bekräftelse att skicka till personen / Confirmation to send to the person:"
NO_MARKETING = (
    "Hej! Du har sagt nej till att bli kontaktad av oss ({day}). Vi hör inte av oss mer i marknadsföringssyfte, i "
    "någon kanal. För att känna igen ditt nej även om dina uppgifter raderas sparar vi en kodad kontrollsumma av dina "
    "adresser, så länge du inte säger något annat. Frågor du ställer till oss svarar vi förstås på. {controller}",
    "Hello! You said no to being contacted by us ({day}). We will not contact you for marketing any more, in any "
    "channel. To know your no again even when your data is erased, we keep a coded checksum of your addresses for as "
    "long as you do not say otherwise. Questions that you ask us we answer, of course. {controller}",
)
NO_PROCESSING = (
    "Hej! Du har invänt mot att vi behandlar dina uppgifter ({day}). Tills vi har prövat det är behandlingen "
    "begränsad: vi bara lagrar uppgifterna. Du får vårt svar med skäl. {controller}",
    "Hello! You objected to our processing of your data ({day}). Until we have decided, processing is restricted: we "
    "only store the data. You will get our answer with reasons. {controller}",
)
WELCOME = (
    "Personen har sagt nej till marknadsföring ({day}) och hör nu själv av sig. Svara på det de frågar om, som "
    "vanligt. Inga utskick och inga säljsamtal därutöver, förrän de själva säger något annat.",
    "The person said no to marketing ({day}) and now gets in touch. Answer what they ask, as usual. No mailings and no "
    "sales calls beyond that, until they themselves say otherwise.",
)


def confirmation(marker: str, day: date, controller: str, *, of_processing: bool) -> str:
    """Return the letter to the person, in both languages."""
    texts = NO_PROCESSING if of_processing else NO_MARKETING
    filled = (text.format(day=day.isoformat(), controller=escape(controller)) for text in texts)
    return _html(marker, TO_SEND, *filled)


def welcome(marker: str, day: date) -> str:
    """Return the note for colleagues when somebody who said no gets in touch."""
    return _html(marker, *(text.format(day=day.isoformat()) for text in WELCOME))


def _html(marker: str, *paragraphs: str) -> str:
    return f"<p>[{marker}]</p>" + "".join(f"<p>{text}</p>" for text in paragraphs)
