"""One call or more of every operation on what an account defines and says of itself, judged as it is made."""

from crm_gdpr.emulator import Portal
from tests.emulator.contract import Judge

STAGE = {
    "name": "gdpr_stage",
    "label": "Steg",
    "groupName": "crm_gdpr",
    "type": "enumeration",
    "fieldType": "select",
    "options": [{"label": "Granskning", "value": "review", "displayOrder": 0, "hidden": False}],
}


def call_settings(judge: Judge, portal: Portal) -> None:
    owner = portal.add_owner("elin@example.com", "Elin", "Ek")
    judge("owners", "GET", "")
    judge("owners", "GET", "/<id_>", id_=owner)
    judge("account", "GET", "/details")
    judge("pipelines", "GET", "", kind="deals")
    judge("pipelines", "GET", "/<id_>", kind="tickets", id_="0")


def call_properties(judge: Judge, _portal: Portal) -> None:
    kind = "contacts"
    judge("properties", "POST", "/groups", {"name": "crm_gdpr", "label": "Dataskydd"}, kind=kind, status=201)
    judge("properties", "GET", "/groups", kind=kind)
    judge("properties", "GET", "/groups/<name>", kind=kind, name="crm_gdpr")
    judge("properties", "POST", "", STAGE, kind=kind, status=201)
    other = {"inputs": [{**STAGE, "name": "gdpr_other"}]}
    judge("properties", "POST", "/batch/create", other, kind=kind, status=judge.family.defined)
    judge("properties", "GET", "", kind=kind)
    judge("properties", "GET", "/<name>", kind=kind, name="gdpr_stage")
    judge("properties", "PATCH", "/<name>", {"label": "Stage"}, kind=kind, name="gdpr_stage")
    names = {"archived": False, "dataSensitivity": "non_sensitive", "inputs": [{"name": "gdpr_stage"}]}
    judge("properties", "POST", "/batch/read", names, kind=kind)
    more = {**names, "inputs": [{"name": "gdpr_stage"}, {"name": "shoe_size"}]}
    judge("properties", "POST", "/batch/read", more, kind=kind, status=judge.family.partial)
    judge("properties", "DELETE", "/<name>", kind=kind, name="gdpr_other", status=204)
    judge("properties", "GET", "", kind=kind, query="archived=true")
    judge("properties", "POST", "/batch/archive", {"inputs": [{"name": "gdpr_stage"}]}, kind=kind, status=204)
    judge("properties", "PATCH", "/groups/<name>", {"label": "Data"}, kind=kind, name="crm_gdpr")
    judge("properties", "DELETE", "/groups/<name>", kind=kind, name="crm_gdpr", status=204)
