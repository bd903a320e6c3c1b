"""One call or more of every operation on records and their associations, judged as it is made."""

from typing import Any

from crm_gdpr.emulator import Portal
from tests.emulator.contract import OWN_FILE, Judge

KINDS = [
    ("contacts", {"email": "anna@example.se", "firstname": "Anna"}, {"firstname": "Anne"}),
    ("companies", {"name": "Nordkraft AB"}, {"domain": "nordkraft.example.se"}),
    ("deals", {"dealname": "Licenser", "dealstage": "qualifiedtobuy"}, {"dealstage": "closedwon"}),
    ("tickets", {"subject": "GDPR", "hs_pipeline_stage": "1"}, {"hs_pipeline_stage": "4"}),
    ("postal_mail", {"hs_timestamp": "2026-01-01T09:00:00Z"}, {"hs_postal_mail_body": "Hej"}),
    ("quotes", {"hs_title": "Offert"}, {"hs_status": "DRAFT"}),
    ("notes", {"hs_timestamp": "2026-01-01T09:00:00Z", "hs_note_body": "Hej"}, {"hs_note_body": "Då"}),
]
_OTHER = {"contacts": {"email": "bo@example.se"}}


def call_records(judge: Judge, portal: Portal) -> None:
    for kind, new, change in KINDS:
        _one_by_one(judge, kind, new, change)
        _in_batches(judge, kind, new, change)
    anna = portal.add_contact(email="anna@example.se")
    judge("objects", "POST", "/gdpr-delete", {"objectId": anna}, kind="contacts", status=204)


def _one_by_one(judge: Judge, kind: str, new: Any, change: Any) -> None:
    names = ",".join(new)
    made = judge("objects", "POST", "", {"properties": new}, kind=kind, status=201)["id"]
    all_of_it = f"properties={names}&propertiesWithHistory={names}&associations=contacts"
    judge("objects", "GET", "/<id_>", kind=kind, id_=made, query=all_of_it)
    judge("objects", "PATCH", "/<id_>", {"properties": change}, kind=kind, id_=made)
    judge("objects", "GET", "", kind=kind, query=f"limit=1&properties={names}&associations=companies")
    judge("objects", "POST", "/search", {"limit": 5, "properties": list(new)}, kind=kind)
    if kind in OWN_FILE:
        other = judge("objects", "POST", "", {"properties": {**new, **_OTHER.get(kind, {})}}, kind=kind, status=201)
        both = {"primaryObjectId": made, "objectIdToMerge": other["id"]}
        made = judge("objects", "POST", "/merge", both, kind=kind)["id"]
    judge("objects", "DELETE", "/<id_>", kind=kind, id_=made, status=204)
    judge("objects", "GET", "/<id_>", kind=kind, id_=made, query="archived=true")
    judge("objects", "GET", "", kind=kind, query="archived=true")


def _in_batches(judge: Judge, kind: str, new: Any, change: Any) -> None:
    partial = judge.family.partial
    made = judge("objects", "POST", "/batch/create", {"inputs": [{"properties": new}]}, kind=kind, status=201)
    one = made["results"][0]["id"]
    ids = {"inputs": [{"id": one}], "properties": list(new), "propertiesWithHistory": list(new)}
    judge("objects", "POST", "/batch/read", ids, kind=kind)
    more = {**ids, "inputs": [{"id": one}, {"id": "7"}]}
    judge("objects", "POST", "/batch/read", more, kind=kind, status=partial)
    judge("objects", "POST", "/batch/update", {"inputs": [{"id": one, "properties": change}]}, kind=kind)
    judge("objects", "POST", "/batch/upsert", {"inputs": [{"id": one, "properties": change}]}, kind=kind)
    judge("objects", "POST", "/batch/upsert", {"inputs": [{"id": "7", "properties": {}}]}, kind=kind, status=partial)
    judge("objects", "POST", "/batch/archive", {"inputs": [{"id": one}]}, kind=kind, status=204)


def call_associations(judge: Judge, portal: Portal) -> None:
    anna, company = portal.add_contact(), portal.add_company()
    pair: dict[str, str] = {"kind": "contacts", "id_": anna, "to_kind": "companies"}
    kinds: dict[str, str] = {"kind": "contacts", "to_kind": "companies"}
    plain = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}
    ends = {"from": {"id": anna}, "to": {"id": company}}
    family = judge.family
    judge("pairs", "PUT", "/default/<to_kind>/<to_id>", **pair, to_id=company)
    judge("pairs", "PUT", "/<to_kind>/<to_id>", [plain], **pair, to_id=company, status=201)
    judge("pairs", "GET", "/<to_kind>", **pair)
    new = {"inputs": [{**ends, "types": [plain]}]}
    judge("associations", "POST", "/create", new, **kinds, status=family.created)
    some = {"inputs": [{"id": anna}, {"id": "7"}]}
    judge("associations", "POST", "/read", some, **kinds, status=family.partial)
    default = {"inputs": [ends]}
    judge("associations", "POST", "/associate/default", default, **kinds)
    judge("associations", "POST", "/labels/archive", new, **kinds, status=family.archived)
    gone = {"inputs": [{**ends, "to": [{"id": company}]}]}
    judge("associations", "POST", "/archive", gone, **kinds, status=family.archived)
    judge("pairs", "DELETE", "/<to_kind>/<to_id>", **pair, to_id=company, status=204)
    if family.name == "v3":
        judge("association_types", "GET", "", **kinds)
        _old(judge, kinds, {**ends, "type": "contact_to_company"})


def _old(judge: Judge, kinds: dict[str, str], row: Any) -> None:
    strange = {"inputs": [row, {**row, "to": {"id": "7"}}]}
    judge("old_associations", "POST", "/create", {"inputs": [row]}, **kinds, status=201)
    judge("old_associations", "POST", "/create", strange, **kinds, status=207)
    judge("old_associations", "POST", "/read", {"inputs": [row["from"]]}, **kinds)
    judge("old_associations", "POST", "/read", {"inputs": [row["from"], {"id": "7"}]}, **kinds, status=207)
    judge("old_associations", "POST", "/archive", {"inputs": [row]}, **kinds, status=204)


def call_labels(judge: Judge, _portal: Portal) -> None:
    kinds: dict[str, str] = {"kind": "contacts", "to_kind": "companies"}
    new = {"name": "adviser", "label": "Adviser", "inverseLabel": "Advised"}
    made = judge("labels", "POST", "", new, **kinds)["results"][0]["typeId"]
    judge("labels", "GET", "", **kinds)
    judge("labels", "PUT", "", {"associationTypeId": made, "label": "Counsel"}, **kinds, status=204)
    judge("labels", "DELETE", "/<type_id>", **kinds, type_id=str(made), status=204)
