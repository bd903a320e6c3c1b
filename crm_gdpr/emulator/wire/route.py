"""One operation the emulator serves."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response

View = Callable[..., Response]


@dataclass(frozen=True)
class Route:
    """``reads`` marks a POST that only asks."""

    area: str
    method: str
    path: str
    view: View
    reads: bool = False

    @property
    def writing(self) -> bool:
        return self.method != "GET" and not self.reads

    @property
    def is_single_record(self) -> bool:
        return (self.area, self.path) == ("objects", "/<id_>")

    @property
    def is_search(self) -> bool:
        return (self.area, self.path) == ("objects", "/search")
