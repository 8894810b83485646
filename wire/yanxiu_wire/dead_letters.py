"""Messages of dead letters: announcements that a service could not apply and put aside, for the operator to settle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from yanxiu_wire import credits as credit
from yanxiu_wire import visits
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused

LetterState = Literal["open", "replayed", "dropped"]
# The services that follow others, and so may have dead letters.
SERVICES: tuple[str, ...] = (credit.SERVICE, visits.SERVICE)


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """One announcement put aside: what it was, who was to have it, and why it could not be applied.

    `problem` is the kind of what was raised and the field, never a text of it. `body` is told only of letters asked for
    by id, at most 4,000 characters, with whatever looks like a national id masked.
    """

    id: str
    consumer: str
    event: str
    tries: int
    problem: str
    announced_at: datetime
    given_up_at: datetime
    state: LetterState
    size: int
    settled_at: datetime | None = None
    settled_by: str | None = None
    reason: str | None = None
    body: str | None = None


class ListDeadLetters(Query, frozen=True, kw_only=True):
    """Ask for a page of a district's dead letters, the newest first; without a state, for those that are open."""

    page: Page = Page()
    state: LetterState | None = "open"
    consumer: str | None = None


class DeadLetterPage(msgspec.Struct, frozen=True, kw_only=True, tag="dead-letter-page"):
    """A page of letters."""

    items: tuple[DeadLetter, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class GetDeadLetters(Query, frozen=True, kw_only=True):
    """Ask for letters by id, with what they say."""

    ids: tuple[str, ...]


class DeadLetters(msgspec.Struct, frozen=True, kw_only=True, tag="dead-letters"):
    """The letters in the order asked for; None where there is none."""

    items: tuple[DeadLetter | None, ...]


class ReplayDeadLetters(Command, frozen=True, kw_only=True):
    """Apply letters again: those named, or with a consumer all of its that are open, oldest first, 200 at most.

    What cannot be applied still stays open with its newest problem, and does not keep the others from being applied.
    """

    ids: tuple[str, ...] = ()
    consumer: str | None = None


class DropDeadLetters(Command, frozen=True, kw_only=True):
    """Settle letters for good without applying them; the reason stays beside them."""

    ids: tuple[str, ...]
    reason: str


class DeadLettersSettled(msgspec.Struct, frozen=True, kw_only=True, tag="dead-letters-settled"):
    """The letters that the command was about, as they stand now."""

    items: tuple[DeadLetter, ...]
    replayed: bool = False


def _list(service: str) -> Endpoint[Any, Any]:
    return Endpoint(service, "list-dead-letters", ListDeadLetters, DeadLetterPage | Refused)


def _get(service: str) -> Endpoint[Any, Any]:
    return Endpoint(service, "get-dead-letters", GetDeadLetters, DeadLetters | Refused, by_operators=True)


def _replay(service: str) -> Endpoint[Any, Any]:
    return Endpoint(service, "replay-dead-letters", ReplayDeadLetters, DeadLettersSettled | Refused, writes=True)


def _drop(service: str) -> Endpoint[Any, Any]:
    return Endpoint(service, "drop-dead-letters", DropDeadLetters, DeadLettersSettled | Refused, writes=True)


LIST_DEAD_LETTERS_OF_CREDITS, LIST_DEAD_LETTERS_OF_VISITS = (_list(service) for service in SERVICES)
GET_DEAD_LETTERS_OF_CREDITS, GET_DEAD_LETTERS_OF_VISITS = (_get(service) for service in SERVICES)
REPLAY_DEAD_LETTERS_OF_CREDITS, REPLAY_DEAD_LETTERS_OF_VISITS = (_replay(service) for service in SERVICES)
DROP_DEAD_LETTERS_OF_CREDITS, DROP_DEAD_LETTERS_OF_VISITS = (_drop(service) for service in SERVICES)
LIST_DEAD_LETTERS: Mapping[str, Endpoint[Any, Any]] = dict(
    zip(SERVICES, (LIST_DEAD_LETTERS_OF_CREDITS, LIST_DEAD_LETTERS_OF_VISITS), strict=True)
)
GET_DEAD_LETTERS: Mapping[str, Endpoint[Any, Any]] = dict(
    zip(SERVICES, (GET_DEAD_LETTERS_OF_CREDITS, GET_DEAD_LETTERS_OF_VISITS), strict=True)
)
REPLAY_DEAD_LETTERS: Mapping[str, Endpoint[Any, Any]] = dict(
    zip(SERVICES, (REPLAY_DEAD_LETTERS_OF_CREDITS, REPLAY_DEAD_LETTERS_OF_VISITS), strict=True)
)
DROP_DEAD_LETTERS: Mapping[str, Endpoint[Any, Any]] = dict(
    zip(SERVICES, (DROP_DEAD_LETTERS_OF_CREDITS, DROP_DEAD_LETTERS_OF_VISITS), strict=True)
)
