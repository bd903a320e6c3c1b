"""From a reading to a package: the draft as it was read, what a person decides about it, and what is then released.

The draft is encrypted like the package; its hash is kept as the original's.  Nothing is released unread, undecided,
or with something in it that was decided to be hidden.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crm_gdpr.addons.access.files import DRAFT, INSIDE, PACKAGE, read, write
from crm_gdpr.addons.access.information import left_out
from crm_gdpr.addons.access.model import Answer, Part, answer_from, as_json
from crm_gdpr.addons.access.package import packed
from crm_gdpr.addons.access.redact import Review, leaks, redacted

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.requests import Package

ANSWER = "answer.json"
FILE = "file-"


@dataclass(frozen=True)
class Draft:
    """An answer as it was read, with the files that belong to it."""

    answer: Answer
    files: Mapping[str, bytes]


class Leak(Exception):
    """Something that was to be hidden is still in the answer: it is not released."""


def keep_draft(env: Env, name: str, draft: Draft) -> str:
    """Keep a draft; return the hash of the answer before anything was hidden."""
    return write(
        env, name + DRAFT, {ANSWER: as_json(draft.answer), **{FILE + id_: each for id_, each in draft.files.items()}}
    )


def draft_of(env: Env, package: Package) -> Draft | None:
    """Return the draft of a package; None when it is gone."""
    members = read(env, package.file + DRAFT)
    if members is None:
        return None
    files = {name.removeprefix(FILE): each for name, each in members.items() if name.startswith(FILE)}
    return Draft(answer_from(json.loads(members[ANSWER])), files)


def reviewed(draft: Draft, review: Review) -> Answer:
    """Return the answer as it would be released, with what is left out and why."""
    answer = redacted(draft.answer, review)
    parts = tuple(_without(part, review) for part in answer.parts)
    not_included = left_out(parts)
    return replace(answer, parts=parts, information=(*answer.information, *((not_included,) if not_included else ())))


def release_file(env: Env, package: Package, draft: Draft, review: Review) -> str:
    """Build the package that may go, and return its hash."""
    answer = reviewed(draft, review)
    if left := leaks(answer, review):
        raise Leak(f"{len(left)} things to be hidden are still in the answer; it is not released")
    if unbalanced := [part.kind for part in answer.parts if not part.reconciles]:
        raise Leak(f"the counts of {', '.join(unbalanced)} do not reconcile; the answer is not released")
    return write(env, package.file + PACKAGE, {INSIDE: packed(answer, draft.files)})


def _without(part: Part, review: Review) -> Part:
    """Take the files that stay with us out of their part, counted."""
    if part.kind != "files" or not review.files:
        return part
    kept = tuple(row for row in part.rows if row.ref.removeprefix("files/") not in review.files)
    gone = len(part.rows) - len(kept)
    return replace(part, rows=kept, withheld={**part.withheld, **({"file": gone} if gone else {})})
