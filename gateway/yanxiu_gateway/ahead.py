"""What is going to be asked below a field, told before its rows are there: it travels with the field's own question.

A list of teachers whose schools are read asks the registry for both at once: the schools' ids stand in the answer about
the teachers (`yanxiu_wire.follow_up`). What is found that way is kept where the field below looks for it, which so
asks nothing; where a service has not answered it, it asks as ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import MessageMalformed, MessageTooLarge
from yanxiu_wire.follow_up import UNANSWERED, FollowUp, ids_at
from yanxiu_wire.message import Query

from yanxiu_gateway.asking import Bound
from yanxiu_gateway.errors import RequestRefused, granted
from yanxiu_gateway.execution.gathering import Gathered
from yanxiu_gateway.execution.reading import asked_below


@dataclass(frozen=True, slots=True)
class Above:
    """The rows that are still to come: the day they are asked for, how many there may be, and if their key is known."""

    day: date | None
    rows: int = 1
    known: bool = False


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a field will ask: the reads, the attribute of its rows that is their key, and what is asked of the answer.

    Without `key` there is one question, whatever the rows are. `rows` of lists are those that it will count.
    """

    reads: Gathered[Any, Any]
    key: str | None
    then: tuple[Ahead, ...] = ()
    rows: int = 0


class Following(Gathered[Any, Any]):
    """Reads of one endpoint by keys, whose question may follow from an answer, and from whose answers others follow.

    `into` is the request's field for the keys, None where there is one answer for all; `told` the reply's for the
    values; at `rows` in the reply stand those that are shown.
    """

    def __init__(
        self,
        ask: Bound[Any, Any],
        query: Query,
        deadline: Deadline,
        *,
        into: str | None = None,
        told: str = "items",
        rows: str = "items",
        size: int | None = None,
    ) -> None:
        super().__init__(None, size)
        self._bound = ask
        self._query = query
        self._deadline = deadline
        self._into = into
        self._told = told
        self._most = size or 1
        self.rows = rows

    @property
    def service(self) -> str:
        """Whom it asks."""
        return self._bound.endpoint.service

    def follows(self) -> bool:
        """Whether its question can follow from another's answer."""
        return self._into is not None

    def follow_up(self, ids: str, then: tuple[Ahead, ...]) -> FollowUp:
        """Its question about the ids that will stand there."""
        request = encode(self._question((), then))
        return FollowUp(self._bound.endpoint.verb, ids, self._into or "", self._most, msgspec.Raw(request))

    def take(self, told: msgspec.Raw, keys: tuple[str, ...], then: tuple[Ahead, ...]) -> None:
        """Keep what came of its question about these keys, with another's answer."""
        try:
            reply = granted(decode(self._bound.endpoint.reply, told))
        except MessageMalformed:
            # It is asked by itself, and the field says what came of it.
            return
        except RequestRefused as refused:
            self.keep(keys, [refused] * len(keys))
            return
        values = self._values_of(reply, keys)
        if len(values) == len(keys):
            self.keep(keys, values)
            self._keep_below(reply, then)

    async def ask(self, keys: list[Any], then: tuple[Ahead, ...]) -> Sequence[Any]:
        """The values of the keys; what follows from them is kept where it will be looked for."""
        question = self._question(keys, then)
        try:
            reply = granted(await self._bound(question, deadline=self._deadline))
        except MessageTooLarge:
            if not then:
                raise
            # Together they are too much for one answer.
            return await self.ask(keys, ())
        self._keep_below(reply, then)
        return self._values_of(reply, keys)

    def _question(self, keys: Sequence[Any], then: tuple[Ahead, ...]) -> Query:
        changes: dict[str, Any] = {}
        if self._into is not None:
            changes[self._into] = tuple(one for one in keys if one is not None)
        if then:
            changes["then"] = tuple(_follow_up(self.rows, one) for one in then)
        return replace(self._query, **changes)

    def _values_of(self, reply: Any, keys: Sequence[Any]) -> Sequence[Any]:
        return [reply] * len(keys) if self._into is None else getattr(reply, self._told)

    def _keep_below(self, reply: Any, then: tuple[Ahead, ...]) -> None:
        """Keep what was answered of the follow-up questions; an older service answers none."""
        if then and len(reply.followed) == len(then):
            for one, told in zip(then, reply.followed, strict=True):
                reads = one.reads
                if told != UNANSWERED and isinstance(reads, Following):
                    reads.take(told, ids_at(reply, f"{self.rows}.{one.key}", reads._most), one.then)  # noqa: SLF001 - of the same class


def _follow_up(rows: str, one: Ahead) -> FollowUp:
    reads = one.reads
    assert isinstance(reads, Following), "follow_ups_of gives no other"  # noqa: S101 - as it says
    return reads.follow_up(f"{rows}.{one.key}", one.then)


def ahead_of(info: Any, above: Above, *path: str) -> list[Ahead]:
    """What the fields of the rows found by this path will ask, as far as they say so."""
    found: list[Ahead] = []
    for ahead, given in asked_below(info, *path):
        try:
            one = ahead(above, **given)
        except RequestRefused:
            # The field itself will say what is wrong.
            continue
        if one is not None and one not in found:
            found.append(one)
    return found


def followed_by(
    reads: Gathered[Any, Any], keys: Sequence[Any], info: Any, above: Above, *path: str
) -> tuple[Ahead, ...]:
    """What is asked with these keys of `reads`, for the fields of the rows found by this path."""
    return follow_ups_of(reads, info, ahead_of(info, above, *path)) if reads.lacks(keys) else ()


def follow_ups_of(reads: Gathered[Any, Any], info: Any, ahead: Sequence[Ahead]) -> tuple[Ahead, ...]:
    """Of these what its service can answer with the rows of `reads`, as far as their lists fit into the request."""
    if not ahead or not isinstance(reads, Following):
        return ()
    return tuple(
        one
        for one in ahead
        if isinstance(one.reads, Following)
        and one.key
        and one.reads.follows()
        and one.reads.service == reads.service
        and info.context.loaders.foresee(one.rows)
    )


def begin_known(info: Any, ahead: Sequence[Ahead], known: Mapping[str | None, Any], but: Sequence[Ahead] = ()) -> None:
    """Begin what needs only a key that is known by now, but for what is asked with another question."""
    for one in ahead:
        if one.key in known and one not in but and info.context.loaders.foresee(one.rows):
            one.reads.begin((known[one.key],), one.then)
