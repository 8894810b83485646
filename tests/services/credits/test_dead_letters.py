"""Dead letters: what could not be applied is listed, shown, applied again once its cause is mended, or dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs
from yanxiu_credits.store.facts import COPY
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.credits import REBUILD_PROJECTION, RebuildProjection
from yanxiu_wire.dead_letters import (
    DROP_DEAD_LETTERS_OF_CREDITS,
    GET_DEAD_LETTERS_OF_CREDITS,
    LIST_DEAD_LETTERS_OF_CREDITS,
    REPLAY_DEAD_LETTERS_OF_CREDITS,
    DeadLetter,
    DeadLettersSettled,
    DropDeadLetters,
    GetDeadLetters,
    ListDeadLetters,
    ReplayDeadLetters,
)
from yanxiu_wire.events import MESSAGE_ID
from yanxiu_wire.message import Page

CONSUMER = "credits-registry"


class Letters:
    """The operator at work on the letters of a house."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.operator = house.caller("platform-operator")

    async def page(self, **more: Any) -> Any:
        query = ListDeadLetters(caller=self.operator, **more)
        return await self.house.call(LIST_DEAD_LETTERS_OF_CREDITS, query)

    async def show(self, *ids: str) -> tuple[DeadLetter | None, ...]:
        query = GetDeadLetters(caller=self.operator, ids=ids)
        return (await self.house.call(GET_DEAD_LETTERS_OF_CREDITS, query)).items

    async def replay(self, *ids: str, consumer: str | None = None, key: str | None = None) -> Any:
        command = ReplayDeadLetters(caller=self.operator, key=key or self.house.key(), ids=ids, consumer=consumer)
        return await self.house.call(REPLAY_DEAD_LETTERS_OF_CREDITS, command)

    async def drop(self, *ids: str, reason: str = "") -> Any:
        command = DropDeadLetters(caller=self.operator, key=self.house.key(), ids=ids, reason=reason)
        return await self.house.call(DROP_DEAD_LETTERS_OF_CREDITS, command)

    async def malformed(self, count: int) -> list[str]:
        """So many announcements that fit no type; returns their ids when all are put aside."""
        ids = [f"odd-{number}-{self.house.district}" for number in range(count)]
        subject = wire_teacher.TEACHER_CHANGED.subject(self.house.district)
        with capture_logs():
            for one in ids:
                body = f'{{"teacher":{ids.index(one)},"name":"530000199001010011"}}'.encode()
                await self.house.bus.jetstream.publish(subject, body, headers={MESSAGE_ID: one})
            await self.house.until(lambda rows: len(rows) >= count, "dead_letter")
        return ids


@pytest.fixture
def letters(house: Any) -> Letters:
    return Letters(house)


async def test_an_announcement_that_a_mistake_keeps_from_being_applied_is_applied_when_it_is_mended(
    letters: Letters, house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply = COPY.apply

    async def mistaken(conn: Any, district: str, bodies: Any) -> int:
        if any(getattr(body, "teacher", "") == "t-poison" for body in bodies):
            raise TypeError
        return await apply(conn, district, bodies)

    with monkeypatch.context() as broken, capture_logs():
        broken.setattr(COPY, "apply", mistaken)
        await house.employ("t-poison", wait=False)
        await house.employ("t-other")
        await house.until(bool, "dead_letter")
        (letter,) = (await letters.page()).items
        assert (letter.consumer, letter.event, letter.tries, letter.problem) == (
            CONSUMER, "teacher-changed", 1, "TypeError",
        )  # fmt: skip
        assert (await letters.replay(letter.id)).items[0].state == "open", "the mistake is still there"
        (still,) = (await letters.page()).items
        assert (still.tries, still.state) == (2, "open")
    assert "t-poison" not in {row["teacher"] for row in await house.rows("teacher_fact")}
    done = await letters.replay(consumer=CONSUMER)
    assert [(one.id, one.state, one.settled_by) for one in done.items] == [
        (letter.id, "replayed", letters.operator.subject)
    ]
    assert "t-poison" in {row["teacher"] for row in await house.rows("teacher_fact")}
    assert (await letters.page()).items == ()
    assert [one.id for one in (await letters.page(state="replayed")).items] == [letter.id]


async def test_a_replay_repeated_changes_nothing_and_one_that_fails_holds_up_no_other(
    letters: Letters, house: Any, error_of: Callable[[Any, str], Any]
) -> None:
    ids = await letters.malformed(2)
    key = house.key()
    first = await letters.replay(*ids, key=key)
    assert isinstance(first, DeadLettersSettled)
    assert [(one.state, one.tries) for one in first.items] == [("open", 2)] * 2
    again = await letters.replay(*ids, key=key)
    assert again.replayed
    assert [one.tries for one in again.items] == [2, 2], "the same command, the same answer, no other try"
    assert error_of(await letters.replay(), "DEAD_LETTERS_UNNAMED")
    assert error_of(await letters.replay("nothing"), "DEAD_LETTER_UNKNOWN").value == "nothing"


async def test_a_letter_is_dropped_for_a_reason_and_a_rebuild_passes_it_over(
    letters: Letters, house: Any, error_of: Callable[[Any, str], Any]
) -> None:
    await house.employ("t1")
    (odd,) = await letters.malformed(1)
    refused = error_of(await letters.drop(odd, reason=" "), "REASON_REQUIRED")
    assert (refused.field, "理由" in refused.message_zh) == ("reason", True)
    (gone,) = (await letters.drop(odd, reason="测试数据")).items
    assert (gone.state, gone.reason, gone.settled_by) == ("dropped", "测试数据", letters.operator.subject)
    assert error_of(await letters.drop(odd, reason="again"), "DEAD_LETTER_SETTLED")
    assert error_of(await letters.replay(odd), "DEAD_LETTER_SETTLED")
    command = RebuildProjection(caller=letters.operator, key=house.key())
    assert (await house.call(REBUILD_PROJECTION, command)).teachers >= 1
    assert [one.id for one in (await letters.page(state="dropped")).items] == [odd], "the record of it stays"


async def test_what_a_letter_says_is_shown_without_national_ids_and_to_the_operator_alone(
    letters: Letters, house: Any, error_of: Callable[[Any, str], Any]
) -> None:
    ids = await letters.malformed(3)
    found, none = await letters.show(ids[0], "nothing")
    assert none is None
    assert found is not None
    assert found.body == '{"teacher":0,"name":"******************"}'
    assert found.problem.startswith("MessageMalformed")
    page = await letters.page(page=Page(first=2))
    assert (len(page.items), page.total, page.has_next) == (2, 3, True)
    rest = await letters.page(page=Page(first=2, after=page.cursors[-1]))
    assert {one.id for one in (*page.items, *rest.items)} == set(ids)
    assert (await letters.page(consumer="visits-registry")).total == 0
    officer = ListDeadLetters(caller=house.caller("district-officer"))
    assert error_of(await house.call(LIST_DEAD_LETTERS_OF_CREDITS, officer), "FORBIDDEN")
