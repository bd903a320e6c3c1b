"""The language of the CRM's pages: as asked for, as chosen before, as the browser prefers, else Swedish.

What the account itself says, labels of properties and refusals, is HubSpot's and stays as HubSpot says it.
"""

from flask import Response, request

LANGUAGES = ("sv", "en")
COOKIE = "lang"


def language() -> str:
    """Return the language of this request's page."""
    for asked in (request.args.get(COOKIE), request.cookies.get(COOKIE)):
        if asked in LANGUAGES:
            return asked
    return request.accept_languages.best_match(LANGUAGES) or "sv"


def t(sv: str, en: str) -> str:
    """One of two sentences."""
    return sv if language() == "sv" else en


def remember(response: Response) -> Response:
    """Keep a language that was asked for."""
    if request.args.get(COOKIE) in LANGUAGES:
        response.set_cookie(COOKIE, request.args[COOKIE], max_age=31_536_000, httponly=True, samesite="Lax")
    return response
