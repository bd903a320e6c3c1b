"""Every operation of files, events and usage; the shapes of files are read in test_files, for want of a file."""

from crm_gdpr.emulator import Portal
from tests.emulator.contract import Judge


def call_files(judge: Judge, portal: Portal) -> None:
    one, other = ({"file_id": portal.add_file(name, b"Hej")} for name in ("a.txt", "b.txt"))
    judge("files", "POST", "", {"not": "a form"}, status=400)
    judge("files", "GET", "/search")
    judge("files", "GET", "/<file_id>", **one)
    judge("files", "GET", "/<file_id>/signed-url", **one)
    judge("files", "DELETE", "/<file_id>", status=204, **one)
    judge("file_erasure", "DELETE", "/<file_id>/gdpr-delete", status=204, **other)


def call_events(judge: Judge, portal: Portal) -> None:
    anna = portal.add_contact()
    for _ in range(2):
        portal.view_page(anna, "https://www.example.com/")
    judge("events", "GET", "", query=f"objectType=contact&objectId={anna}&limit=1")
    judge("events", "GET", "/event-types")
    judge("usage", "GET", "/daily/private-apps")
