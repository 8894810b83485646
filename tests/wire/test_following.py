"""Follow-up questions in a service: each answered by its own endpoint with the ids found, or left untold."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from yanxiu_wire import following
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import ServiceUnavailable
from yanxiu_wire.follow_up import MOST_DEEP, Followed, FollowUp, ids_at
from yanxiu_wire.following import with_follow_ups
from yanxiu_wire.message import Command, Query
from yanxiu_wire.refusal import RefusalItem, Refused

CALLER = Caller(subject="synthetic", role="auditor", district="puer")
NO = Refused(
    errors=(
        RefusalItem(code="FORBIDDEN", field="", value=None, message_zh="", message_en="", remedy_zh="", remedy_en=""),
    )
)


class Row(msgspec.Struct, frozen=True):
    """A row that names another."""

    id: str
    next: str | None


class GetRows(Query, frozen=True, kw_only=True):
    """Ask for rows."""

    ids: tuple[str, ...]
    then: tuple[FollowUp, ...] = ()


class Rows(msgspec.Struct, frozen=True, kw_only=True, tag="rows"):
    """Rows."""

    items: tuple[Row | None, ...]
    followed: Followed = ()


class Do(Command, frozen=True, kw_only=True):
    """A command."""

    ids: tuple[str, ...] = ()


ROWS, HANGS, REFUSES, FAILS, BREAKS = (
    Endpoint("sample", verb, GetRows, Rows | Refused)
    for verb in ("get-rows", "get-hanging", "get-refused", "get-failing", "get-broken")
)
DO = Endpoint("sample", "do", Do, Rows | Refused, writes=True)
asked: list[tuple[str, tuple[str, ...]]] = []


async def rows(_district: str, request: GetRows, _deadline: Deadline) -> Any:
    """Each row names the one of the next number; there is none of "0"."""
    asked.append(("get-rows", request.ids))
    return Rows(items=tuple(Row(one, str(int(one) + 1)) if one != "0" else None for one in request.ids))


async def hangs(*_: Any) -> Any:
    await asyncio.Event().wait()


async def refuses(*_: Any) -> Any:
    return NO


async def fails(*_: Any) -> Any:
    raise ServiceUnavailable("sample")


async def breaks(*_: Any) -> Any:
    raise ValueError("a fault of the test's own")


async def does(*_: Any) -> Any:
    raise AssertionError("a command follows from nothing")


HANDLERS = with_follow_ups({ROWS: rows, HANGS: hangs, REFUSES: refuses, FAILS: fails, BREAKS: breaks, DO: does})


def follow(verb: str, *then: FollowUp, most: int = 10, into: str = "ids") -> FollowUp:
    request = GetRows(caller=CALLER, ids=(), then=then)
    return FollowUp(verb, "items.next", into, most, msgspec.Raw(encode(request)))


async def ask(*then: FollowUp, ids: tuple[str, ...] = ("1", "0", "5", "1")) -> list[Any]:
    """What came of the follow-up questions, None where nothing did; the answer itself is there whatever came."""
    asked.clear()
    answer = await HANDLERS[ROWS]("puer", GetRows(caller=CALLER, ids=ids, then=then), Deadline.after(5))
    answer = decode(ROWS.reply, encode(answer))
    assert [one and one.id for one in answer.items] == [one if one != "0" else None for one in ids]
    return [decode(ROWS.reply | None, told) for told in answer.followed]


async def test_a_question_is_asked_about_the_ids_of_the_answer_each_once_and_in_order() -> None:
    (told,) = await ask(follow("get-rows"))
    assert [one.id for one in told.items] == ["2", "6"]
    assert asked == [("get-rows", ("1", "0", "5", "1")), ("get-rows", ("2", "6"))]
    (told,) = await ask(follow("get-rows", most=1))
    assert [one.id for one in told.items] == ["2"]


async def test_questions_follow_from_what_followed_but_not_without_end() -> None:
    chain = follow("get-rows")
    for _ in range(MOST_DEEP + 1):
        chain = follow("get-rows", chain)
    (told,) = await ask(chain, ids=("1",))
    found = []
    while told is not None:
        found += [one.id for one in told.items]
        told = decode(ROWS.reply | None, told.followed[0])
    assert found == [str(2 + number) for number in range(MOST_DEEP)]


async def test_what_is_refused_is_told_and_what_fails_or_hangs_is_left_to_be_asked_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(following, "PATIENCE_SECONDS", 4)
    told = await ask(follow("get-refused"), follow("get-failing"), follow("get-broken"), follow("get-rows"))
    assert (told[:3], len(told[3].items)) == ([NO, None, None], 2)
    monkeypatch.setattr(following, "PATIENCE_SECONDS", 0.02)
    assert await ask(follow("get-hanging"), follow("get-rows")) == [None, None], "they share the patience"


async def test_no_command_follows_nor_what_this_version_does_not_know_nor_from_nothing() -> None:
    malformed = FollowUp("get-rows", "items.next", "ids", 10, msgspec.Raw(b'{"caller":1}'))
    assert await ask(follow("do"), follow("get-later"), follow("get-rows", into="names"), malformed) == [None] * 4
    assert await ask(follow("get-rows"), ids=("0",)) == [None]
    assert asked == [("get-rows", ("0",))]


async def test_nothing_follows_in_the_name_of_somebody_else() -> None:
    other = Caller(subject="somebody-else", role="auditor", district="puer")
    request = GetRows(caller=other, ids=())
    assert await ask(FollowUp("get-rows", "items.next", "ids", 10, msgspec.Raw(encode(request)))) == [None]
    assert len(asked) == 1


def test_ids_are_found_along_every_list_on_the_way() -> None:
    class Held(msgspec.Struct):
        items: tuple[Row | None, ...]

    class Pages(msgspec.Struct):
        pages: tuple[Held, ...]

    pages = Pages((Held((Row("a", None), None)), Held(()), Held((Row("b", "x"), Row("a", "y")))))
    assert ids_at(pages, "pages.items.id", 10) == ("a", "b")
    assert ids_at(pages, "pages.items.next", 1) == ("x",)
    assert ids_at(pages, "pages.nothing.id", 10) == ()
