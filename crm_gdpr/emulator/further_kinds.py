"""HubSpot's object types beside those that people and dialogues live in: what is sold, asked and booked.

Of each there is what every object type has, and a few properties to tell one from another.
"""

from crm_gdpr.emulator.kind import Kind

_CREATED = ("createdate", "hs_lastmodifieddate", "hs_object_id")


def _further(name: str, type_id: str, *searched: str, defaults: tuple[str, ...] = _CREATED) -> Kind:
    return Kind(name, name.removesuffix("s"), type_id, defaults, searched=searched)


_QUOTE = ("hs_createdate", "hs_expiration_date", "hs_lastmodifieddate", "hs_object_id")
FURTHER = (
    _further("appointments", "0-421", "hs_appointment_name"),
    _further("carts", "0-142", "hs_cart_name"),
    _further("commerce_payments", "0-101"),
    _further("courses", "0-410", "hs_course_name"),
    _further("feedback_submissions", "0-19", defaults=("hs_createdate", "hs_lastmodifieddate", "hs_object_id")),
    _further("invoices", "0-53", "hs_number"),
    _further("leads", "0-136", "hs_lead_name"),
    _further("line_items", "0-8", "name"),
    _further("listings", "0-420", "hs_name"),
    _further("orders", "0-123", "hs_order_name"),
    _further("products", "0-7", "name", "description"),
    _further("quotes", "0-14", "hs_title", defaults=(*_QUOTE, "hs_public_url_key", "hs_status", "hs_title")),
    _further("services", "0-162", "hs_name"),
    _further("subscriptions", "0-69", "hs_name"),
)
READ_ONLY = "feedback_submissions"
"""HubSpot's API reads these and neither makes nor changes them."""

_ELSEWHERE = """
users user 0-115 goals goal goal_targets goal_target 0-74 projects project 0-970 marketing_events marketing_event 0-54
contracts contract discounts discount 0-84 fees fee 0-85 taxes tax 0-86
partner_clients partner_client partner_services partner_service
"""
ELSEWHERE = frozenset(_ELSEWHERE.split())
"""Object types that HubSpot has and this emulator does not: asked for, they count as not emulated."""
