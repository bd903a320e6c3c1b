"""What an administrator requires of records: paths of 2026-09 hold writes against it, older ones do not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from crm_gdpr.emulator.errors import Problem


@dataclass(frozen=True)
class Requirement:
    """A property that a new record must have, or that any must have for as long as ``where`` holds of it."""

    kind: str
    name: str
    where: tuple[str, str] | None = None

    def is_unmet(self, values: Mapping[str, str], *, new: bool) -> bool:
        asked = new if self.where is None else values.get(self.where[0]) == self.where[1]
        return asked and not values.get(self.name)

    @property
    def problem(self) -> Problem:
        if self.where is None:
            return Problem(self.name, "MISSING_REQUIRED_PROPERTY", f"{self.name} is required")
        told = f"{self.name} is required where {self.where[0]} is {self.where[1]}"
        return Problem(self.name, "MISSING_CONDITIONAL_REQUIRED_PROPERTY", told)


def unmet(requirements: Iterable[Requirement], kind: str, values: Mapping[str, str], *, new: bool) -> Iterator[Problem]:
    for one in requirements:
        if one.kind == kind and one.is_unmet(values, new=new):
            yield one.problem
