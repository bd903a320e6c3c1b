"""The web process: the addons' pages and endpoints, health and metrics."""

from __future__ import annotations

from flask import Flask, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from crm_gdpr.env import Env
from crm_gdpr.jobs import boot

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def create_app(env: Env | None = None) -> Flask:
    """Return the web application over an `Env`; without one, over that of the environment."""
    env = env or boot()
    app = Flask(__name__)
    app.secret_key = env.settings.secret_key
    app.config.update(
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=env.settings.public_url.startswith("https:"),
        MAX_CONTENT_LENGTH=8 * 1024 * 1024,
    )
    app.extensions["crm_gdpr"] = env
    for addon in env.registry:
        for blueprint in addon.blueprints:
            app.register_blueprint(blueprint)
    app.add_url_rule("/health", view_func=health)
    app.add_url_rule("/metrics", view_func=metrics)
    app.after_request(harden)
    return app


def health() -> Response:
    """Answer that the process serves; whether its parts work is for `crm-gdpr doctor`."""
    return jsonify(status="ok")


def metrics() -> Response:
    """Tell what this process has counted, and what the addons read from the store now."""
    env: Env = current_app.extensions["crm_gdpr"]
    now = CollectorRegistry()
    for gauge in (each for addon in env.registry for each in addon.gauges):
        told = Gauge(gauge.name, gauge.help, [gauge.label], registry=now)
        for value, number in gauge.read(env).items():
            told.labels(value).set(number)
    return Response(generate_latest() + generate_latest(now), content_type=CONTENT_TYPE_LATEST)


def harden(response: Response) -> Response:
    """Let no page load anything from elsewhere, be framed, or be kept by a cache."""
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Cache-Control", "no-store")
    return response
