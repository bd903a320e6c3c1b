"""Which of our two languages a text is written in.  Pure, and content with a guess: support may choose another."""

from __future__ import annotations

import re

WORDS = re.compile(r"[a-zåäö]+")
SWEDISH = frozenset(
    WORDS.findall(
        "och att det som en är jag på för med har inte om av till den ni mig vad kan ett hej mina era vill från"
    )
)
ENGLISH = frozenset(
    WORDS.findall("and the to of that is i you for with have not on my what can me your please would about are this hi")
)


def language_of(text: str) -> str | None:
    """Return sv or en; None where neither speaks clearly."""
    words = WORDS.findall(text.casefold())
    swedish = sum(word in SWEDISH for word in words) + 2 * sum(bool(set(word) & set("åäö")) for word in words)
    english = sum(word in ENGLISH for word in words)
    if swedish == english:
        return None
    return "sv" if swedish > english else "en"


def spoken(*said: str | None) -> str:
    """Return the first language that is known of several, HubSpot's codes among them; else Swedish."""
    for each in said:
        if each and each[:2].casefold() in ("sv", "en"):
            return each[:2].casefold()
    return "sv"
