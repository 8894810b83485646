"""Parts of a request's loaders that are made when they are first asked for: most requests ask for few of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline

from yanxiu_gateway.backend import Backend

R = TypeVar("R")


class Asks(ABC):
    """What reads for one caller in one request; `count` bounds the rows of all its lists together."""

    def __init__(self, backend: Backend, caller: Caller, deadline: Deadline) -> None:
        self._backend = backend
        self._caller = caller
        self._deadline = deadline

    @abstractmethod
    def count(self, rows: int) -> None:
        """Count rows of a list that is about to be asked for."""


class WhenAsked(Generic[R]):
    """The reads of an area, as an attribute of the loaders."""

    def __init__(self, made_of: Callable[[Backend, Caller, Deadline, Callable[[int], None]], R]) -> None:
        self._made_of = made_of
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, asks: Asks, owner: type | None = None) -> R:
        its: dict[str, Any] = vars(asks)
        # Kept under the same name, where it is found before this descriptor from then on.
        made = its[self._name] = self._made_of(its["_backend"], its["_caller"], its["_deadline"], asks.count)
        return made
