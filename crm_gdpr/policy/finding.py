"""What a self-check found, in words for the person who writes the policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm_gdpr.policy.text import Text


@dataclass(frozen=True)
class Finding:
    """An error (the policy cannot stand) or a warning (it can, but is it meant?), and the key it is about."""

    level: str
    key: str
    text: Text

    def to_json(self) -> dict[str, Any]:
        """Return the finding as `crm-gdpr policy check --json` prints it."""
        return {"level": self.level, "key": self.key, "text": {"sv": self.text.sv, "en": self.text.en}}


def error(key: str, sv: str, en: str) -> Finding:
    """Something the policy promises cannot be kept as it is written."""
    return Finding("error", key, Text(sv, en))


def warning(key: str, sv: str, en: str) -> Finding:
    """Something that can be kept, but is hardly meant."""
    return Finding("warning", key, Text(sv, en))
