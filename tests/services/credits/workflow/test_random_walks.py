"""Whoever does whatever, in any order: no state without its signatures, no publicity skipped, no entry otherwise."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_credits.service import Service
from yanxiu_rulekit.workflow import Workflow
from yanxiu_wire import credits as wire_credits
from yanxiu_wire import workflow as wire
from yanxiu_wire.process import Process
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus

from tests.examples import with_service
from tests.services.credits.conftest import FixedClock, House
from tests.services.credits.workflow.conftest import IN_YEAR, Town, settle_in

PEOPLE = ("leader", "training_officer", "other_leader", "institute", "department", "teacher", "stranger")
_serial = itertools.count()
Command = tuple[str, str, str, int]

_WAIT, _NEXT = ("wait", "leader", "", 6), ("step", "leader", "proper", 0)
# A walk may begin some proper steps ahead; and how it goes on when nobody stops it.
AHEAD = [("wait", "leader", "", 0), _NEXT, _WAIT, _NEXT, _WAIT, _NEXT]
GO_ON = [_WAIT, _NEXT, _NEXT, _NEXT]

person = st.sampled_from(PEOPLE)
commands = st.lists(
    st.one_of(
        # A step by whoever is drawn, or by the one whose it is, so that walks get somewhere.
        st.tuples(st.just("step"), person, st.sampled_from(["proper", "any"]), st.integers(0, 5)),
        st.tuples(st.just("step"), person, st.just("proper"), st.just(0)),
        st.tuples(st.just("return"), person, st.sampled_from(["proper", "any"]), st.just(0)),
        st.tuples(st.just("object"), person, st.sampled_from(["t1", "t2"]), st.just(0)),
        st.tuples(st.just("settle"), person, st.sampled_from(["upheld", "dismissed"]), st.just(0)),
        st.tuples(st.just("register"), person, st.sampled_from(["t1", "t2"]), st.integers(1, 28)),
        st.tuples(st.just("wait"), person, st.just(""), st.sampled_from([1, 3, 6, 6, 20])),
    ),
    min_size=4,
    max_size=24,
)


# On PostgreSQL these alone: a walk's commands reach the store one by one, and what is drawn is their order.
TOLD = {
    "a teacher objects": (1, [("object", "teacher", "t2", 0), *GO_ON]),
    "an objection is upheld": (
        1,
        [("object", "leader", "t1", 0), ("settle", "training_officer", "upheld", 0), *GO_ON],
    ),
    "a training comes in between": (2, [("register", "institute", "t1", 5), *GO_ON]),
    "it is sent back": (2, [("return", "institute", "proper", 0), *AHEAD, *GO_ON]),
}


@pytest.mark.every_case_on_both
@pytest.mark.parametrize(("ahead", "walk"), TOLD.values(), ids=list(TOLD))
async def test_a_walk_that_is_told_reaches_no_state_without_its_signatures(
    service: Service, bus: Bus, clock: FixedClock, ahead: int, walk: list[Command]
) -> None:
    await _walk(service, bus, clock, ahead, walk)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@with_service(6)
@given(ahead=st.integers(0, 3), walk=commands)
async def test_no_walk_reaches_a_state_without_its_signatures(
    service: Service, bus: Bus, clock: FixedClock, ahead: int, walk: list[Command]
) -> None:
    await _walk(service, bus, clock, ahead, walk)


async def _walk(service: Service, bus: Bus, clock: FixedClock, ahead: int, walk: list[Command]) -> None:
    clock.day = date(2025, 3, 3)
    town = Town(House(service, bus, f"walk-{next(_serial)}"), clock)
    await settle_in(town)
    await town.register("t1", facts={"hours": "80"})
    opened = await town.open(town.leader, "recognition", on=IN_YEAR)
    workflow = service.laws.pack_of("made").workflows["recognition"]  # type: ignore[union-attr]  # it is loaded
    for command in [*AHEAD[: 2 * ahead], *walk]:
        await _do(town, workflow, opened.id, *command)
        await _holds(town, workflow, opened.id)
    verified = await town.call(wire.VERIFY_SIGNATURES, wire.VerifySignatures(caller=town.department))
    assert verified.first_bad is None
    ledger = await town.call(wire_credits.VERIFY_LEDGER, wire_credits.VerifyLedger(caller=town.department))
    assert ledger.first_bad is None


async def _do(town: Town, workflow: Workflow, process: str, kind: str, who: str, what: str, number: int) -> None:
    """Carry out one command; what is refused leaves every table as it was."""
    shown, caller = await town.show(process), getattr(town, who)
    before = await town.counts()
    answer: Any = None
    if kind == "wait":
        town.clock.day += timedelta(days=number)
    elif kind == "register":
        answer = await town.register(what, on=date(2024, 2, number), caller=caller, facts={"hours": str(number)})
    elif kind == "step":
        steps = workflow.open_steps(shown.state) if what == "proper" else workflow.steps
        if steps:
            step = steps[number % len(steps)]
            answer = await town.take(_proper(town, step.by) if what == "proper" else caller, shown, step.name)
    elif kind == "return":
        roles = [role for step in workflow.open_steps(shown.state) for role in step.by]
        answer = await town.send_back(_proper(town, roles) if what == "proper" and roles else caller, shown)
    elif kind == "object":
        command = wire.RaiseObjection(caller=caller, key=town.key(), process=process, text="有误", teacher=what)
        answer = await town.call(wire.RAISE_OBJECTION, command)
    else:
        answer = await _settle(town, caller, shown, upheld=what == "upheld")
    if isinstance(answer, Refused):
        assert await town.counts() == before, (kind, who, what, answer)


async def _settle(town: Town, caller: Any, shown: Process, *, upheld: bool) -> Any:
    waiting = [one.id for one in shown.objections if one.state == "open"]
    if not waiting:
        return None
    command = wire.SettleObjection(caller=caller, key=town.key(), objection=waiting[0], upheld=upheld, reason="经核实")
    return await town.call(wire.SETTLE_OBJECTION, command)


def _proper(town: Town, roles: Any) -> Any:
    return next(one for one in (getattr(town, name) for name in PEOPLE) if one.role in roles)


async def _holds(town: Town, workflow: Workflow, process: str) -> None:
    shown = await town.show(process)
    assert shown is not None
    state, recognised = workflow.start, 0
    public_since: date | None = None
    for one in shown.signatures:
        assert one.from_state == state
        if one.step == "return":
            assert one.reason
            assert one.role in {role for step in workflow.open_steps(state) for role in step.by}
        else:
            step = workflow.step(one.step)
            assert step is not None
            assert (one.role in step.by, state in step.from_states, one.to_state) == (True, True, step.to)
            if one.step == "publicise":
                public_since = one.on
            if one.step == "submit":
                assert public_since is not None
                assert one.on >= public_since + timedelta(days=6)
            recognised += one.step == "recognise"
        state = one.to_state
    assert (shown.state, shown.version) == (state, len(shown.signatures))
    if state in ("submitted", "recognised", "told"):
        assert all(one.state != "open" for one in shown.objections)
    await _books_agree(town, process, recognised)


async def _books_agree(town: Town, process: str, recognised: int) -> None:
    entries = [row for row in await town.rows("ledger") if row["kind"] == "recognition"]
    decided = {row["id"]: row for row in await town.rows("recognition")}
    assert {row["record"] for row in entries} == set(decided)
    assert all(row["process"] == process for row in decided.values())
    # Both teachers of the school, once; nobody before the step, nobody twice.
    assert sorted(row["teacher"] for row in entries) == (["t1", "t2"] if recognised else [])
    assert len(await town.rows("lock_event")) == (1 if recognised else 0)
