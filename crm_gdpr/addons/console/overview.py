"""The overview: how everyone stands, what is due, what waits for a person, and the switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from crm_gdpr.addons.console import wording
from crm_gdpr.addons.console.language import t
from crm_gdpr.addons.console.picture import draw
from crm_gdpr.addons.retention.backlog import backlog
from crm_gdpr.addons.retention.debt import debt

if TYPE_CHECKING:
    from crm_gdpr.env import Env

SHOWN = 10


def overview() -> str:
    """Show how everything stands."""
    env: Env = current_app.extensions["crm_gdpr"]
    store, today = env.store, env.today()
    counts = store.index.counts()
    newest, going = store.plans.newest(1), store.scans.going()
    return render_template(
        "console/overview.html",
        today=today,
        tiles={name: counts.get(name, 0) for name in wording.VERDICTS if name != "unjudged" or name in counts},
        picture=draw(store.index.silence(today), env.policy.retention.ladder),
        stages=store.stages.counts(),
        awaiting=len(store.cases.in_state("awaiting_bin")),
        plan=newest[0] if newest else None,
        plan_counts=store.plans.counts(newest[0].id) if newest else {},
        requests=store.requests.all(open_only=True),
        stop=store.pause.now(),
        debt={cause: n for cause, n in debt(env).items() if n},
        backlog=backlog(env),
        armed=env.policy.destruction.armed,
        destroyed=store.pause.destroyed(today),
        unknown=store.index.by_verdict("unknown", SHOWN),
        failed=store.work.failed(),
        aside=store.inbox.aside(),
        scan=store.scans.last(),
        progress=None if going is None else store.scans.progress(going).to_json(env.clock.now()),
        nights=store.scans.nights(),
        work=store.work.counts(),
    )


def pause() -> Response:
    """Stop all archiving and erasing, with the reason."""
    env: Env = current_app.extensions["crm_gdpr"]
    why = request.form.get("why", "").strip()
    if not why:
        flash(t("Skriv varför.", "Say why."), "error")
        return redirect(url_for("console.overview"))
    env.store.pause.stop(current_user.name, env.today(), why)
    env.record("paused", actor=current_user.name, why=why)
    flash(t("Stoppat: inget arkiveras eller raderas.", "Stopped: nothing is archived or erased."), "done")
    return redirect(url_for("console.overview"))


def resume() -> Response:
    """Let archiving and erasing go on."""
    env: Env = current_app.extensions["crm_gdpr"]
    env.store.pause.resume(env.today())
    env.record("resumed", actor=current_user.name)
    flash(t("Stoppet är hävt.", "The stop is lifted."), "done")
    return redirect(url_for("console.overview"))
