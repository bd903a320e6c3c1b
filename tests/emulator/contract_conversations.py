"""Every operation of conversations is called; their shapes are read in test_conversations, for want of a file."""

from crm_gdpr.emulator import Portal
from tests.emulator.contract import Judge

ONE = "/threads/<thread_id>"
MESSAGE = f"{ONE}/messages/<message_id>"


def call_conversations(judge: Judge, portal: Portal) -> None:
    if not judge.family.base("conversations"):
        return
    thread = {"thread_id": portal.write_in("erik@example.se", "Hej")}
    for path, id_ in (("/inboxes", "700001"), ("/channels", "1002"), ("/channel-accounts", "710001")):
        judge("conversations", "GET", path)
        judge("conversations", "GET", f"{path}/<id_>", id_=id_)
    judge("conversations", "GET", "/threads")
    judge("conversations", "GET", ONE, **thread)
    judge("conversations", "PATCH", ONE, {"status": "CLOSED"}, **thread)
    said = judge("conversations", "GET", f"{ONE}/messages", **thread)["results"][0]
    judge("conversations", "POST", f"{ONE}/messages", {"type": "MESSAGE", "text": "Hej"}, status=201, **thread)
    judge("conversations", "GET", MESSAGE, message_id=said["id"], **thread)
    judge("conversations", "GET", f"{MESSAGE}/original-content", message_id=said["id"], **thread)
    actor = said["createdBy"]
    judge("conversations", "GET", "/actors/<actor_id>", actor_id=actor)
    judge("conversations", "POST", "/actors/batch/read", {"inputs": [actor]})
    judge("conversations", "DELETE", ONE, status=204, **thread)
