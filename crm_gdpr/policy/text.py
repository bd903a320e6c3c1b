"""A sentence for people, in the two languages the product speaks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """The same sentence in Swedish and in English."""

    sv: str
    en: str

    def in_(self, language: str) -> str:
        """Return the sentence in Swedish for `sv`, else in English."""
        return self.sv if language == "sv" else self.en
