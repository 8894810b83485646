"""Each class of look and of command leaves exactly its line: what came of it, by whom, about whom, and no text."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from yanxiu_footing.answering import Table, handlers
from yanxiu_footing.audit.declared import COMMAND, LookUndeclared, personal
from yanxiu_footing.authority.permit import Permit
from yanxiu_footing.fence.fence import Fence
from yanxiu_footing.fence.settings import FenceSettings
from yanxiu_footing.scope import roles
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import RulePackFailed
from yanxiu_wire.refusal import Refused

from tests.footing.audit.conftest import DO, DO_PLAINLY, LOOK, OWN, REVEAL, RULES, House, Row, Rows, do, look, person


async def test_a_command_leaves_one_line_with_who_by_what_about_whom_and_a_repeated_one_says_that_it_is(
    house: House,
) -> None:
    officer = house.caller(grant=person(7), app="screens", operation="Register", document="0123456789abcdef")
    for _ in range(2):
        await house.ask(DO, officer, teacher=person(1), note="某某老师的事", key=person(50))
    done, again = await house.lines()
    assert (done.outcome, again.outcome) == ("done", "replayed")
    assert (done.kind, done.action, done.subject, done.role, done.home) == (
        "command", "do", "synthetic:district-officer", "district-officer", "puer",
    )  # fmt: skip
    assert (done.role_grant, done.app, done.operation, done.document, done.policies) == (
        person(7), "screens", "Register", "0123456789abcdef", "made-up",
    )  # fmt: skip
    assert (done.objects, done.total, done.key) == (f"{person(1)} {person(999)}", 2, person(50))
    assert "某某" not in str(done), "no text of the command"


async def test_a_refused_and_a_failed_command_leave_their_outcome_and_nothing_else(house: House) -> None:
    assert isinstance(await house.ask(DO, teacher=person(1), how="not"), Refused)
    with pytest.raises(ValueError, match="一个错误") as raised:
        await house.ask(DO, teacher=person(1), how="badly")
    assert await house.said() == [("do", "refused", "NOT_SO"), ("do", "fault", "FAULT")]
    fault = (await house.lines())[-1]
    assert fault.fault_id == raised.value.yanxiu_fault_id, "the id under which the log has it"  # type: ignore[attr-defined]
    assert "一个错误" not in str(fault)


async def test_a_command_that_is_not_done_by_once_is_on_record_before_its_answer(house: House) -> None:
    await house.ask(DO_PLAINLY, teacher=person(1))
    assert not house.trail._waiting
    assert await house.said() == [("do-plainly", "done", None)]


async def test_whose_role_may_not_is_recorded_with_the_refusal_and_so_is_who_knocks_from_another_district(
    house: House,
) -> None:
    await house.databases.ensure("putuo")
    assert (await house.ask(LOOK, house.caller("teacher"))).errors[0].code == "FORBIDDEN"
    foreign = house.caller(district="putuo")
    assert (await house.ask(LOOK, foreign, teachers=(person(3),))).errors[0].code == "DISTRICT_UNKNOWN"
    assert await house.said() == [("look", "refused", "FORBIDDEN")], "nothing of another district's doings"
    assert (await house.lines())[0].policies == ""
    await house.trail.write("putuo")
    async with house.databases.read("putuo") as connection:
        (line,) = (await connection.exec_driver_sql("SELECT action, outcome, code FROM audit_record")).all()
    assert tuple(line) == ("look", "refused", "DISTRICT_UNKNOWN"), "his own has it"


async def test_a_few_persons_are_recorded_by_id_a_list_by_its_question_and_a_search_without_its_text(
    house: House,
) -> None:
    await house.ask(LOOK, teachers=(person(1), person(2)))
    await house.ask(LOOK, search="合成教师", stage="approved")
    few, many = await house.lines()
    assert (few.objects, few.total, few.question) == (f"{person(1)} {person(2)}", 2, '{"first":"50"}')
    assert (many.objects, many.total) == ("", 30)
    assert many.question == '{"first":"50","search":"…","stage":"approved"}'


async def test_what_is_plain_and_what_a_teacher_sees_of_himself_leaves_no_line(house: House) -> None:
    await house.ask(RULES)
    await house.ask(OWN, house.caller("teacher", teacher=person(1)), teachers=(person(1),))
    assert await house.said() == []
    await house.ask(OWN, teachers=(person(1),))
    assert await house.said() == [("own", "done", None)], "another's look at the same does"


async def test_reads_wait_for_others_to_be_written_with_and_are_within_their_bound(house: House) -> None:
    await asyncio.gather(*(house.ask(LOOK, teachers=(person(one),)) for one in range(20)))
    assert len(house.trail._waiting["puer"]) == 20
    await house.ask(REVEAL, teachers=(person(99),))
    assert not house.trail._waiting, "a sensitive one is written before its answer, with all that waited"
    assert len(await house.lines()) == 21


async def test_what_could_not_be_written_waits_on_and_a_sensitive_look_is_not_answered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.ask(LOOK, teachers=(person(1),))

    def away(*_given: Any, **_more: Any) -> Any:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(house.databases, "write", away)
        with pytest.raises(ConnectionError):
            await house.ask(REVEAL, teachers=(person(2),))
    assert [line.action for line in await house.lines()] == ["look", "reveal"]


async def test_where_a_look_waited_in_vain_the_lines_before_it_are_written_in_their_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.ask(LOOK, teachers=(person(1),))
    whole, tries, written = house.databases.write, itertools.count(), asyncio.Event()

    @contextlib.asynccontextmanager
    async def at_the_second_try(*given: Any, **more: Any) -> AsyncIterator[Any]:
        if next(tries) == 0:
            raise ConnectionError
        async with whole(*given, **more) as connection:
            yield connection
        written.set()

    monkeypatch.setattr(house.databases, "write", at_the_second_try)
    monkeypatch.setattr(house.trail, "_within", 0.01)
    with pytest.raises(ConnectionError):
        await house.ask(REVEAL, teachers=(person(2),))
    await asyncio.wait_for(written.wait(), 10)
    assert [line.action for line in await house.lines()] == ["look", "reveal"]


async def test_behind_the_fence_the_districts_process_records_and_here_only_that_it_ended(house: House) -> None:
    async def ended(*_given: Any) -> Any:
        raise RulePackFailed("credits", "puer", "made-up", "hangs")

    async def told(*_given: Any) -> Any:
        raise RulePackFailed("credits", "puer", "made-up", "raised", "some-fault-id")

    behind = replace(COMMAND, behind=lambda _request: True)
    for use_case in (do, ended, told):
        served = handlers(house, {DO: (use_case, roles("district-officer"), behind)}, committed=lambda: None)
        command = DO.request(caller=house.caller(), key=person(60), teacher=person(1))
        try:
            await served[DO]("puer", command, None)  # type: ignore[arg-type]
        except (RulePackFailed, AttributeError):
            continue
    assert await house.said() == [("do", "fault", "RULE_PACK_FAILED")]


async def test_what_the_main_process_may_answer_it_answers_and_records_and_the_rest_goes_to_the_districts_process(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[Any] = []

    async def cell(_district: str, verb: str, body: bytes, _deadline: Deadline, **_known: str) -> bytes:
        handed.append((verb, decode(LOOK.request, body)))
        return encode(Rows(()))

    fence = Fence("made-up", "tests.fence.made_up_cell", FenceSettings(data=tmp_path))
    monkeypatch.setattr(fence, "ask", cell)
    offered: Table = {LOOK: (look, roles("district-officer"), personal("items.teacher"))}
    behind = fence.table(offered, {LOOK: lambda query: len(query.teachers) < 3})
    permits = {LOOK: Permit(roles("district-officer"), ("made-up",), {"district-officer": ("made-up",)})}
    served = handlers(house, behind, committed=lambda: None, permits=permits)
    for many in (2, 3):
        query = LOOK.request(caller=house.caller(), teachers=tuple(map(person, range(many))))
        answer = await served[LOOK]("puer", query, Deadline.after(20))
        assert (answer == Rows((Row(person(0)), Row(person(1))))) is (many == 2)
    ((verb, asked),) = handed
    assert (verb, len(asked.teachers), asked.caller.permitted_by) == ("look", 3, ("made-up",))
    (line,) = await house.lines()
    assert (line.action, line.outcome, line.objects) == ("look", "done", f"{person(0)} {person(1)}")


async def test_a_read_that_does_not_say_whether_it_is_personal_stops_the_start(house: House) -> None:
    with pytest.raises(LookUndeclared, match="look"):
        handlers(house, {LOOK: (do, roles("auditor"))}, committed=lambda: None)
