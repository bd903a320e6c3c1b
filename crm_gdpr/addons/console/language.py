"""The language of a page: as asked for, as chosen before, as the browser prefers, else Swedish."""

from __future__ import annotations

from flask import Response, request

from crm_gdpr.policy import Text

LANGUAGES = ("sv", "en")
COOKIE = "lang"


def language() -> str:
    """Return the language of this request's page."""
    for asked in (request.args.get(COOKIE), request.cookies.get(COOKIE)):
        if asked in LANGUAGES:
            return asked
    return request.accept_languages.best_match(LANGUAGES) or "sv"


def t(text: Text | str, en: str = "") -> str:
    """Say a `Text`, or one of two sentences, in the page's language."""
    return text.in_(language()) if isinstance(text, Text) else Text(sv=text, en=en).in_(language())


def remember(response: Response) -> Response:
    """Keep a language that was asked for."""
    if request.args.get(COOKIE) in LANGUAGES:
        response.set_cookie(COOKIE, request.args[COOKIE], max_age=31_536_000, httponly=True, samesite="Lax")
    return response
