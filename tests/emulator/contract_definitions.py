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


def call_pipelines(judge: Judge, _portal: Portal) -> None:
    kind, won = "deals", {"label": "Won", "displayOrder": 1, "metadata": {"probability": "1.0"}}
    new = {"label": "Renewals", "displayOrder": 1, "stages": [{**won, "stageId": "renewed"}]}
    judge("pipelines", "GET", "", kind=kind)
    made = judge("pipelines", "POST", "", new, kind=kind, status=201)["id"]
    judge("pipelines", "GET", "/<id_>", kind=kind, id_=made)
    judge("pipelines", "PATCH", "/<id_>", {"label": "Renewal"}, kind=kind, id_=made)
    judge("pipelines", "PUT", "/<id_>", new, kind=kind, id_=made)
    stage = judge("pipelines", "POST", "/<id_>/stages", won, kind=kind, id_=made, status=201)["id"]
    judge("pipelines", "GET", "/<id_>/stages", kind=kind, id_=made)
    one: dict[str, str] = {"kind": kind, "id_": made, "stage_id": stage}
    path = "/<id_>/stages/<stage_id>"
    judge("pipelines", "GET", path, **one)
    judge("pipelines", "PUT", path, won, **one)
    judge("pipelines", "PATCH", path, {"metadata": {"probability": "0.5"}}, **one)
    judge("pipelines", "GET", f"{path}/audit", **one)
    judge("pipelines", "DELETE", path, **one, status=204)
    judge("pipelines", "GET", "/<id_>/audit", kind=kind, id_=made)
    judge("pipelines", "DELETE", "/<id_>", kind=kind, id_=made, status=204)


def call_properties(judge: Judge, _portal: Portal) -> None:
    kind = "contacts"
    judge("properties", "POST", "/groups", {"name": "crm_gdpr", "label": "Dataskydd"}, kind=kind, status=201)
    judge("properties", "GET", "/groups", kind=kind)
    judge("properties", "GET", "/groups/<name>", kind=kind, name="crm_gdpr")
    judge("properties", "POST", "", STAGE, kind=kind, status=201)
    other = {"inputs": [{**STAGE, "name": "gdpr_other"}]}
    judge("properties", "POST", "/batch/create", other, kind=kind, status=judge.family.defined)
    taken = judge.family.partial
    judge("properties", "POST", "/batch/create", other, kind=kind, status=taken)
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


LICENCE = {
    "name": "licence",
    "labels": {"singular": "Licence", "plural": "Licences"},
    "primaryDisplayProperty": "number",
    "requiredProperties": ["number"],
    "searchableProperties": ["number"],
    "properties": [
        {"name": "number", "label": "Number", "type": "string", "fieldType": "text", "hasUniqueValue": True},
        {"name": "seats", "label": "Seats", "type": "number", "fieldType": "number"},
    ],
    "associatedObjects": ["CONTACT"],
}


def call_schemas(judge: Judge, _portal: Portal) -> None:
    """The records of an object type of the account's own are judged like all others."""
    kind = judge("schemas", "POST", "", LICENCE, status=201)["objectTypeId"]
    judge("schemas", "GET", "")
    judge("schemas", "GET", "/<kind>", kind=kind)
    judge("schemas", "PATCH", "/<kind>", {"requiredProperties": []}, kind=kind)
    judge("schemas", "POST", "/<kind>/associations", {"toObjectTypeId": "0-2", "name": "owner"}, kind=kind, status=201)
    judge("schemas", "DELETE", "/<kind>/associations/<name>", kind=kind, name="owner", status=204)
    made = judge("objects", "POST", "", {"properties": {"number": "L-1"}}, kind=kind, status=201)["id"]
    row = {"idProperty": "number", "id": "L-2", "properties": {"seats": "5"}}
    other = judge("objects", "POST", "/batch/upsert", {"inputs": [row]}, kind=kind)["results"][0]["id"]
    judge("objects", "GET", "/<id_>", kind=kind, id_=made, query="properties=number&associations=contacts")
    judge("objects", "POST", "/search", {"query": "L-1"}, kind=kind)
    judge("objects", "POST", "/batch/archive", {"inputs": [{"id": made}, {"id": other}]}, kind=kind, status=204)
    judge("schemas", "DELETE", "/<kind>", kind=kind, status=204)
