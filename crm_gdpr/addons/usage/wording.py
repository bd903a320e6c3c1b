"""The steps of a usage plan in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_gdpr.policy import Text

CATEGORIES = {
    "ip": Text(sv="IP-adress", en="IP address"),
    "device": Text(sv="enhet och webbläsare", en="device and browser"),
    "interaction": Text(sv="interaktioner", en="interactions"),
}


def told(step: Mapping[str, Any]) -> Text:
    """Say what a step does."""
    if "contact" in step:
        who = step["contact"][:12]
        return Text(sv=f"kontakt {who}: allt", en=f"contact {who}: everything")
    category, day = CATEGORIES[step["category"]], step["last_day"]
    if "property" in step:
        return Text(
            sv=f"egenskapen {step['property']} ({category.sv}) töms, till och med {day}",
            en=f"property {step['property']} ({category.en}) is emptied, up to {day}",
        )
    if step["action"] == "delete":
        return Text(
            sv=f"{step['table']}: rader till och med {day} tas bort",
            en=f"{step['table']}: rows up to {day} are deleted",
        )
    return Text(
        sv=f"{step['table']}: {category.sv} töms, till och med {day}",
        en=f"{step['table']}: {category.en} is emptied, up to {day}",
    )
