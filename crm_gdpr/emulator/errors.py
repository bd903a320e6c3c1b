"""What the account refuses, in its own terms; the wire turns each into HubSpot's envelope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class Refusal(Exception):
    """Base of everything the account says no to, with HubSpot's word for it."""

    category = "VALIDATION_ERROR"
    details: Mapping[str, str] = {}


class NotFound(Refusal):
    """No live record, property or pipeline has this id. How it is told differs between families."""

    context, sub_category = "id", ""

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"{what} {key} does not exist")
        self.what, self.key = what, str(key)


class UnknownKind(Refusal):
    """The object type is not one this account has."""

    def __init__(self, alias: str) -> None:
        super().__init__(f"Unable to infer object type from: {alias}")


class NotEmulated(UnknownKind):
    """An object type that HubSpot has and the emulator does not."""


class Taken(Refusal):
    """Something unique exists already."""

    category = "CONFLICT"


class Exists(Taken):
    """A definition of this name exists already."""

    category = "OBJECT_ALREADY_EXISTS"


class InUse(Refusal):
    """A definition something else rests on cannot go."""

    details: Mapping[str, str] = {"subCategory": "PropertyErrors.CANNOT_DELETE_PROPERTY_IN_USE"}


class Malformed(Refusal):
    """The request itself cannot be understood or goes past a documented limit."""


class TooMany(Refusal):
    """More of something than one record may have."""

    category = "URI_TOO_LONG"


class StageInUse(Refusal):
    """A stage in which records are cannot go."""

    details: Mapping[str, str] = {"subCategory": "PipelineError.STAGE_ID_IN_USE"}

    def __init__(self, stage_id: str, held: Sequence[int]) -> None:
        super().__init__(f"Stage {stage_id} is referenced by records {', '.join(str(id_) for id_ in held[:10])}")


@dataclass(frozen=True)
class Problem:
    """One property value the account will not store."""

    name: str
    code: str
    message: str


class Invalid(Refusal):
    """Property values were not valid."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)
