"""Every operation of marketing forms. Submissions have no official file: their shapes are read in test_forms."""

from crm_gdpr.emulator import Portal
from crm_gdpr.emulator.form_definition import definition
from tests.emulator.contract import Judge

MADE = {"createdAt": "2026-11-02T08:00:00Z", "updatedAt": "2026-11-02T08:00:00Z", "archived": False}


def call_forms(judge: Judge, portal: Portal) -> None:
    if not judge.family.base("forms"):
        return
    new = {**definition("Boka en demo", ("email", "message")), **MADE}
    made = judge("forms", "POST", "", new, status=201)
    portal.add_form("Kontakta oss")
    one = made["id"]
    judge("forms", "GET", "", query="limit=1&formTypes=hubspot")
    judge("forms", "GET", "/<form_id>", form_id=one)
    judge("forms", "PUT", "/<form_id>", {**made, "name": "Boka"}, form_id=one)
    judge("forms", "PATCH", "/<form_id>", {"name": "Boka en visning"}, form_id=one)
    if judge.family.base("submissions"):
        call_submissions(judge, portal, one)
    judge("forms", "DELETE", "/<form_id>", form_id=one, status=204)
    judge("forms", "GET", "/<form_id>", form_id=one, query="archived=true")


def call_submissions(judge: Judge, portal: Portal, form_id: str) -> None:
    fields = {"fields": [{"objectTypeId": "0-1", "name": "email", "value": "doris@example.se"}]}
    where = {"portal_id": str(portal.portal_id), "form_id": form_id}
    judge("submitting", "POST", "/<portal_id>/<form_id>", fields, **where)
    judge("submissions", "GET", "/<form_id>", form_id=form_id)
