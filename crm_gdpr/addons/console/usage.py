"""Usage data: the tables, what is past its period, and the plans that let go of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from crm_gdpr.addons.console.language import t
from crm_gdpr.addons.usage.applying import approve_plan, start_plan
from crm_gdpr.addons.usage.wording import told

if TYPE_CHECKING:
    from crm_gdpr.env import Env

LISTED = 10


def usage() -> str:
    """Show every table with its rows, and the newest plans."""
    env: Env = current_app.extensions["crm_gdpr"]
    here = [(rows.spec, rows.total(), rows.undated()) for rows in env.usage_tables().values()]
    return render_template(
        "console/usage.html",
        tables=here,
        periods=env.policy.usage,
        plans=env.store.usage_plans.newest(LISTED),
        told=told,
        armed=env.policy.destruction.armed,
        stop=env.store.pause.now(),
    )


def approve_usage(plan_id: int) -> Response:
    """Approve the plan that was shown; another hash is refused."""
    env: Env = current_app.extensions["crm_gdpr"]
    approve_plan(env, plan_id, request.form.get("hash", ""), by=current_user.name)
    flash(t("Planen är godkänd.", "The plan is approved."), "done")
    return redirect(url_for("console.usage"))


def apply_usage(plan_id: int) -> Response:
    """Let the workers carry out an approved plan."""
    env: Env = current_app.extensions["crm_gdpr"]
    start_plan(env, plan_id)
    flash(t("Planen genomförs nu. Ladda om sidan för att se hur långt den kommit.",
            "The plan is being carried out. Load the page again to see how far it has come."), "done")  # fmt: skip
    return redirect(url_for("console.usage"))
