"""No sequence of check-ins, settlements and closings gives more than the session has, or counts it twice."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from yanxiu_credits.attendance.assess_attendance import Raised, Seen, assess_attendance
from yanxiu_wire import attendance as wire
from yanxiu_wire.credits import GET_TOTALS, GetTotals
from yanxiu_wire.refusal import Refused

from tests.examples import with_service
from tests.services.credits.attendance.conftest import DAY, END, START, MovingClock, School, china

TEACHERS = ("t1", "t2")
MOMENTS = (china(8, 30), china(8, 50), START, START + timedelta(minutes=20), END, END + timedelta(hours=1))
_serial = itertools.count()

teacher, place = st.sampled_from(TEACHERS), st.integers(0, 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.sampled_from(MOMENTS)),
        st.tuples(st.just("issue"), place, teacher),
        st.tuples(st.just("use"), st.integers(0, 3), teacher, st.sampled_from(("phone 1", "phone 2"))),
        st.tuples(st.just("leave"), place, teacher),
        st.tuples(st.just("settle"), place, teacher, st.booleans(), st.decimals("0", "4", places=1)),
        st.tuples(st.just("close"), place),
        st.tuples(st.just("register"), place),
    ),
    min_size=3,
    max_size=14,
)


class Play:
    """Plays steps at two overlapping sessions and keeps the tokens that were issued."""

    def __init__(self, school: School, clock: MovingClock, sessions: Sequence[wire.Session]) -> None:
        self.school, self.clock, self.sessions = school, clock, sessions
        self.tokens: list[str] = []

    async def step(self, name: str, *given: Any) -> Any:
        return await getattr(self, name)(*given)

    async def wait(self, moment: Any) -> None:
        self.clock.set(moment)

    async def issue(self, at: int, who: str) -> Any:
        answer = await self.school.call(wire.ISSUE_CHECK_IN, self.school.teacher(who), session=self.sessions[at].id)
        if isinstance(answer, wire.CheckInIssued):
            self.tokens.append(answer.tokens[0].token)
        return answer

    async def use(self, which: int, who: str, device: str) -> Any:
        if self.tokens:
            return await self.school.use(self.tokens[which % len(self.tokens)], who, device)
        return None

    async def leave(self, at: int, who: str) -> Any:
        return await self.school.call(wire.CHECK_OUT, self.school.teacher(who), session=self.sessions[at].id)

    async def settle(self, at: int, who: str, present: bool, hours: Decimal) -> Any:
        more = {"hours": hours} if present else {}
        return await self.school.settle(self.sessions[at], who, present=present, **more)

    async def close(self, at: int) -> Any:
        return await self.school.close(self.sessions[at])

    async def register(self, at: int) -> Any:
        return await self.school.register(session=self.sessions[at].id)


@with_service(15)
@given(played=steps, together=st.booleans())
async def test_nobody_gets_more_than_the_session_has_and_nothing_counts_twice(
    school: School, clock: MovingClock, played: list[tuple[Any, ...]], together: bool
) -> None:
    clock.set(china(8))
    run = next(_serial)
    before = {who: await hours(school, who) for who in TEACHERS}
    sessions = [await school.session(title=f"{run}-{n}", hours=Decimal(2 + n)) for n in range(2)]
    play = Play(school, clock, sessions)
    if together:
        await asyncio.gather(*(play.step(*one) for one in played))
    else:
        for one in played:
            await play.step(*one)
    # What can be closed and registered is, several times over.
    clock.set(END + timedelta(hours=2))
    for session in sessions:
        await school.close(session)
        await school.register(session=session.id)
        await school.register(session=session.id)
    for who in TEACHERS:
        assert await hours(school, who) - before[who] == await agreed(school, sessions, who)


async def hours(school: School, who: str) -> Decimal:
    answer = await school.house.call(GET_TOTALS, GetTotals(caller=school.officer, teachers=(who,)))
    return answer.items[0].hours


async def agreed(school: School, sessions: Sequence[wire.Session], who: str) -> Decimal:
    """What the attendance of the sessions comes to, each held to its bounds; all of it must be in the ledger."""
    total = Decimal(0)
    for session in sessions:
        one = (await school.attendance(session, school.officer)).get(who)
        if one is None:
            continue
        assert 0 <= one.hours <= session.hours
        assert one.state == "present" or one.hours == 0
        assert one.state == "unsettled" or not any(flag.open for flag in one.flags)
        if one.record is None:
            continue
        # The made-up law counts what was attended in full alone.
        total += one.hours if one.hours == session.hours else 0
    return total


rows = st.integers(0, 3)
settled = st.lists(st.tuples(st.booleans(), st.decimals("0", "3", places=2)), max_size=4)


@given(came=st.booleans(), flags=st.lists(rows, max_size=3), decided=settled)
def test_what_rows_come_to_is_bounded_and_doubt_counts_for_nothing(
    came: bool, flags: list[int], decided: list[tuple[bool, Decimal]]
) -> None:
    session = wire.Session(
        id="s", project=None, school=None, title="", on=DAY, starts_at=START, ends_at=END, hours=Decimal(2), facts={},
        check_in_from=START, check_in_until=END, scheduled_by="x",
    )  # fmt: skip
    settlements = tuple(
        wire.Settlement(
            number=n, present=present, hours=worth, reason="r", by="x", recorded_at=END, after_closing=False
        )
        for n, (present, worth) in enumerate(decided, 1)
    )
    raised = tuple(
        Raised(kind="overlap", other_teacher=None, other_session=f"o{n}", after=min(after, len(decided)), raised_at=END)
        for n, after in enumerate(flags)
    )
    seen = Seen(teacher="t", checked_in_at=START if came else None, flags=raised, settlements=settlements)
    found = assess_attendance(session, seen)
    assert 0 <= found.hours <= session.hours
    doubted = any(one.after >= len(decided) for one in raised)
    assert any(flag.open for flag in found.flags) == doubted
    if doubted or not (came or decided):
        assert (found.state, found.hours) == ("unsettled", 0)
    elif decided:
        assert found.state == ("present" if decided[-1][0] else "absent")
    else:
        assert (found.state, found.hours) == ("present", 2)
    assert not isinstance(found, Refused)
