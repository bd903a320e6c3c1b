"""Plans: who is due and why, approved by what was seen, carried out by the workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from crm_gdpr.addons.console.language import t
from crm_gdpr.addons.console.paging import asked
from crm_gdpr.addons.console.people import names_of
from crm_gdpr.addons.console.wording import STEPS
from crm_gdpr.addons.retention.approving import approve_plan, start_plan, waits_for_second

if TYPE_CHECKING:
    from crm_gdpr.env import Env

LISTED = 50


def plans() -> str:
    """List the newest plans."""
    env: Env = current_app.extensions["crm_gdpr"]
    newest = env.store.plans.newest(LISTED)
    counts = {plan.id: env.store.plans.counts(plan.id) for plan in newest}
    return render_template("console/plans.html", plans=newest, counts=counts)


def plan(plan_id: int) -> str:
    """Show one plan: the people of one step with their reasons, how far it has come, and what was refused."""
    env: Env = current_app.extensions["crm_gdpr"]
    found = env.store.plans.get(plan_id) or abort(404)
    items = env.store.plans.items(plan_id)
    steps = {step: [item for item in items if item.step == step] for step in STEPS}
    step = request.args.get("step") or next((step for step in reversed(STEPS) if steps[step]), "review")
    if step not in steps:
        abort(404)
    paging = asked(len(steps[step]))
    shown = steps[step][paging.here]
    return render_template(
        "console/plan.html",
        plan=found,
        totals={step: len(here) for step, here in steps.items()},
        step=step,
        shown=shown,
        paging=paging,
        names={} if found.closed_on else names_of(env, (item.contact_id for item in shown)),
        waits_for_second=waits_for_second(env, plan_id),
        progress=env.store.plans.counts(plan_id),
        armed=env.policy.destruction.armed,
        stop=env.store.pause.now(),
        refused=[row for row in env.store.work.failed() if row["ids"].get("plan_id") == plan_id],
    )


def approve(plan_id: int) -> Response:
    """Approve the plan that was shown; another hash is refused."""
    env: Env = current_app.extensions["crm_gdpr"]
    if approve_plan(env, plan_id, request.form.get("hash", ""), by=current_user.name):
        flash(t("Planen är godkänd.", "The plan is approved."), "done")
    else:
        flash(t("Planen tar två: en person till behöver godkänna den.",
                "The plan takes two: one more person must approve it."), "done")  # fmt: skip
    return redirect(url_for("console.plan", plan_id=plan_id))


def apply(plan_id: int) -> Response:
    """Let the workers carry out an approved plan."""
    env: Env = current_app.extensions["crm_gdpr"]
    start_plan(env, plan_id)
    flash(t("Planen genomförs nu. Ladda om sidan för att se hur långt den kommit.",
            "The plan is being carried out. Load the page again to see how far it has come."), "done")  # fmt: skip
    return redirect(url_for("console.plan", plan_id=plan_id))
