"""What a marketing form is made of, as HubSpot's own document of it; defaults for what its maker did not say."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

NO_CONSENT: Mapping[str, Any] = {"type": "none"}


def definition(name: str, fields: Iterable[str], consent: Mapping[str, Any] = NO_CONSENT) -> dict[str, Any]:
    """A plain form of contact fields; the address is required."""
    rows = [_field(one) for one in fields]
    group = {"groupType": "default_group", "richTextType": "text", "fields": rows}
    return completed({"name": name, "fieldGroups": [group], "legalConsentOptions": dict(consent)})


def completed(given: Mapping[str, Any]) -> dict[str, Any]:
    """Everything a definition has, in HubSpot's words."""
    return {
        "formType": "hubspot",
        "name": "",
        "fieldGroups": [],
        **given,
        "configuration": {**_CONFIGURATION, **(given.get("configuration") or {})},
        "displayOptions": {**_DISPLAY, **(given.get("displayOptions") or {})},
        "legalConsentOptions": given.get("legalConsentOptions") or dict(NO_CONSENT),
    }


def fields_of(given: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every field, the dependent ones too."""
    for group in given["fieldGroups"]:
        for field in group.get("fields") or []:
            yield field
            yield from (one["dependentField"] for one in field.get("dependentFields") or [])


def _field(name: str) -> dict[str, Any]:
    label = name.replace("_", " ").capitalize()
    field: dict[str, Any] = {
        "objectTypeId": "0-1",
        "name": name,
        "label": label,
        "hidden": False,
        "dependentFields": [],
    }
    if name == "email":
        checks = {"blockedEmailDomains": [], "useDefaultBlockList": False}
        return {**field, "fieldType": "email", "required": True, "validation": checks}
    kind = "multi_line_text" if name == "message" else "single_line_text"
    return {**field, "fieldType": kind, "required": False}


_CONFIGURATION: Mapping[str, Any] = {
    "language": "sv",
    "cloneable": True,
    "postSubmitAction": {"type": "thank_you", "value": "Tack!"},
    "editable": True,
    "archivable": True,
    "recaptchaEnabled": False,
    "notifyContactOwner": False,
    "notifyRecipients": [],
    "createNewContactForNewEmail": False,
    "prePopulateKnownValues": True,
    "allowLinkToResetKnownValues": False,
    "lifecycleStages": [],
}
_DISPLAY: Mapping[str, Any] = {
    "renderRawHtml": False,
    "theme": "default_style",
    "submitButtonText": "Skicka",
    "style": {
        "fontFamily": "arial, helvetica, sans-serif",
        "backgroundWidth": "100%",
        "labelTextColor": "#33475b",
        "labelTextSize": "14px",
        "helpTextColor": "#7C98B6",
        "helpTextSize": "11px",
        "legalConsentTextColor": "#33475b",
        "legalConsentTextSize": "14px",
        "submitColor": "#ff7a59",
        "submitAlignment": "left",
        "submitFontColor": "#ffffff",
        "submitSize": "12px",
    },
}
