"""The emulator as a WSGI application: the API, its steering under /_emulator/, and the CRM's pages under /app/."""

from collections.abc import Callable, Iterable
from functools import cache, partial
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Request, Response

from crm_gdpr.emulator import actor
from crm_gdpr.emulator.crm import crm_blueprint
from crm_gdpr.emulator.errors import Invalid, NotEmulated, NotFound, Refusal
from crm_gdpr.emulator.webhooks import Webhooks
from crm_gdpr.emulator.wire import answers
from crm_gdpr.emulator.wire.call import Call
from crm_gdpr.emulator.wire.control import control_blueprint
from crm_gdpr.emulator.wire.failing import failed, failed_in_part, trouble
from crm_gdpr.emulator.wire.files import content_blueprint
from crm_gdpr.emulator.wire.guard import Guard
from crm_gdpr.emulator.wire.route import Route
from crm_gdpr.emulator.wire.router import Match, find_route


def create_app(guard: Guard, webhooks: Webhooks) -> WSGIApplication:
    """Serve ``guard.portal``.  Calls of the API take the short way: Flask is for what people see, once they look."""

    @cache
    def pages() -> Flask:
        app = Flask("crm_gdpr.emulator", static_folder=None)
        app.register_blueprint(control_blueprint(guard, webhooks))
        app.register_blueprint(crm_blueprint(guard.portal))
        app.register_blueprint(content_blueprint(guard.portal))
        return app

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if f"{environ['PATH_INFO']}/".startswith(_OWN):
            return pages()(environ, start_response)
        return _serve(guard, Request(environ))(environ, start_response)

    return answer


_OWN = ("/_emulator/", "/app/", "/hubfs/")


def _serve(guard: Guard, request: Request) -> Response:
    """One API call, from address to tally."""
    match = find_route(request.method, request.path)
    if match is None:
        return guard.finish(_not_emulated(guard, request))
    too_long = len(request.environ.get("RAW_URI", "")) > guard.portal.switches.longest_address
    response = answers.error(414, "URI_TOO_LONG", _TOO_LONG) if too_long else _faulty(guard, request, match)
    guard.count(request.method, match.template, response.status_code)
    return guard.finish(response, match.route, guard.token(request))


_TOO_LONG = "The address is too long; ask in a body, by a batch read or a search."


def _faulty(guard: Guard, request: Request, match: Match) -> Response:
    """The call as it is, or as it was told to go wrong."""
    fault = guard.fault(request)
    if fault:
        trouble(request, fault)
    if fault is None or fault.lets_through:
        return _handle(guard, request, match, fault.inputs if fault else 0)
    if fault.applied:
        _handle(guard, request, match)
    return failed(fault)


def _handle(guard: Guard, request: Request, match: Match, failing: int = 0) -> Response:
    token = guard.token(request)
    with guard.portal.lock:
        refused = guard.refuse(match, token, request.args.get("dataSensitivity", ""))
        if refused or token is None:
            return refused or answers.error(401, "INVALID_AUTHENTICATION", "No token.")
        guard.portal.tick()
        caller = actor.app(token.app_id, token.app_name)
        call = Call(guard.portal, match.family, request, caller, guard.usage, failing)
        view = partial(match.route.view, call, **match.ids)
        response = _answer_refusals(guard, request, view, match.route)
        return failed_in_part(response, match.family, call.lost) if response.status_code < 300 else response


def _answer_refusals(guard: Guard, request: Request, view: Callable[[], Response], route: Route) -> Response:
    """Turn what the account refuses into HubSpot's envelopes."""
    try:
        return view()
    except NotEmulated as refusal:
        return _not_emulated(guard, request, f": {refusal}")
    except Invalid as refusal:
        return answers.answer(answers.invalid(refusal, guard.portal.portal_id), 400)
    except NotFound as refusal:
        return _missing(refusal, route)
    except Refusal as refusal:
        return answers.error(_STATUS.get(refusal.category, 400), refusal.category, str(refusal), **refusal.details)


_STATUS = {"CONFLICT": 409, "OBJECT_ALREADY_EXISTS": 409, "URI_TOO_LONG": 414}


_NO_RECORD = "Object not found.  objectId are usually numeric."


def _missing(refusal: NotFound, route: Route) -> Response:
    """Only the read of a single record is answered with a page instead of JSON."""
    if route.is_single_record and route.method == "GET":
        return answers.missing_page()
    said = _NO_RECORD if route.area in ("objects", "pairs") else str(refusal)
    more = {"subCategory": refusal.sub_category} if refusal.sub_category else {}
    return answers.error(404, "OBJECT_NOT_FOUND", said, context={refusal.context: [refusal.key]}, **more)


def _not_emulated(guard: Guard, request: Request, why: str = "") -> Response:
    """What nobody serves shows up in the tally instead of passing for an answer."""
    guard.miss(request)
    return answers.error(404, "NOT_EMULATED", f"{request.method} {request.path} is not emulated{why}")
