"""Requests whose answer another part of the product carries out: objection (Art. 21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_gdpr.addons.access.rights import done
from crm_gdpr.addons.access.steps import CLOSED, NOBODY, StepRefused
from crm_gdpr.addons.objection.taking import object_to
from crm_gdpr.addons.objection.wording import GONE
from crm_gdpr.policy import Right

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.requests import Request

HOW = "mail"  # as it nearly always is; the request says more


def take_objection(env: Env, request: Request, *, by: str) -> None:
    """Make the no hold at once: it needs no proof of identity, since nothing is disclosed by it."""
    if not request.is_open or request.right != Right.OBJECTION.value:
        raise StepRefused(CLOSED)
    if request.contact_id is None:
        raise StepRefused(NOBODY)
    if object_to(env, request.contact_id, how=HOW, by=by, on=request.received_on) is None:
        raise StepRefused(GONE)
    done(env, request, "objected", "objected")
