"""Where the API families beside the records live, by version. A version that is not named does not have the family."""

from collections.abc import Mapping

_PREFERENCES = "/communication-preferences"
_STATUSES = {"v3": f"{_PREFERENCES}/v4"} | {v: f"{_PREFERENCES}/{v}" for v in ("2026-03", "2026-09")}
PATHS: Mapping[str, Mapping[str, str]] = {
    "labels": {
        "v3": "/crm/associations/v4/<kind>/<to_kind>/labels",
        "2026-03": "/crm/associations/2026-03/<kind>/<to_kind>/labels",
        "2026-09": "/crm/associations/2026-09/<kind>/<to_kind>/labels",
    },
    "schemas": {
        "v3": "/crm-object-schemas/v3/schemas",
        "2026-03": "/crm-object-schemas/2026-03/schemas",
        "2026-09": "/crm-object-schemas/2026-09/schemas",
    },
    "association_types": {"v3": "/crm/v3/associations/<kind>/<to_kind>/types"},
    "old_associations": {"v3": "/crm/v3/associations/<kind>/<to_kind>/batch"},
    "preferences": _STATUSES,
    "preference_batches": _STATUSES,
    "subscriptions": {"v3": f"{_PREFERENCES}/v3", "2026-09": f"{_PREFERENCES}/2026-09"},
    "old_definitions": {"v3": f"{_PREFERENCES}/v3"},
    "resubscription": {"2026-09": f"{_PREFERENCES}/2026-09"},
    "conversations": {
        "v3": "/conversations/v3/conversations",
        "2026-09": "/conversations/conversations/2026-09",
    },
    "files": {"v3": "/files/v3/files", "2026-03": "/files/2026-03/files", "2026-09": "/files/2026-09/files"},
    "file_erasure": {
        "v3": "/files/v3/files",
        "2026-03": "/files/2026-03/files",
        "2026-09": "/files/2026-09-beta/files",
    },
    "events": {
        "v3": "/events/v3/events",
        "2026-03": "/events/event-occurrences/2026-03",
        "2026-09": "/events/event-occurrences/2026-09",
    },
    "usage": {version: f"/account-info/{version}/api-usage" for version in ("v3", "2026-03", "2026-09")},
    "forms": {"v3": "/marketing/v3/forms", "2026-09": "/marketing/forms/2026-09-beta"},
    "submissions": {"v3": "/form-integrations/v1/submissions/forms"},
    "submitting": {"v3": "/submissions/v3/integration/secure/submit"},
    "lists": {"v3": "/crm/v3/lists", "2026-03": "/crm/lists/2026-03", "2026-09": "/crm/lists/2026-09"},
}
