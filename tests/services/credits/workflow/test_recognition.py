"""A year is reviewed, made public, objected to, submitted, recognised, locked and told to each teacher."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from yanxiu_credits.workflow.tables import process, signature
from yanxiu_wire import credits as wire_credits
from yanxiu_wire import workflow as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import decode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.process import Process

from tests.services.credits.workflow.conftest import IN_YEAR, Town
from tests.stores import never_changed

Error = Callable[[Any, str], Any]


async def raise_objection(town: Town, caller: Caller, process: Process, **about: str) -> Any:
    given = {"text": "学时有误", **about}
    answer = await town.call(
        wire.RAISE_OBJECTION, wire.RaiseObjection(caller=caller, key=town.key(), process=process.id, **given)
    )
    return getattr(answer, "objection", answer)


async def settle(town: Town, caller: Caller, objection: str, *, upheld: bool, reason: str = "经核实") -> Any:
    command = wire.SettleObjection(caller=caller, key=town.key(), objection=objection, upheld=upheld, reason=reason)
    answer = await town.call(wire.SETTLE_OBJECTION, command)
    return getattr(answer, "objection", answer)


async def entries(town: Town, kind: str) -> list[tuple[str, str, Decimal]]:
    page = await town.call(wire_credits.LIST_ENTRIES, wire_credits.ListEntries(caller=town.department))
    return [(one.teacher, one.activity, one.credits) for one in page.items if one.kind == kind]


async def states(town: Town, *records: str) -> list[str | None]:
    query = wire.GetRecordStates(caller=town.department, ids=records)
    return list((await town.call(wire.GET_RECORD_STATES, query)).items)


async def lines(town: Town, caller: Caller, process: Process) -> list[tuple[str, str, Decimal]]:
    query = wire.ListPublicLines(caller=caller, process=process.id)
    found = await town.call(wire.LIST_PUBLIC_LINES, query)
    return [(one.teacher, one.verdict, one.recognised_credits) for one in found.items]


async def test_a_year_is_recognised_once_for_each_teacher_also_of_too_little_and_then_locked(
    town: Town, error_of: Error
) -> None:
    submitted = await town.submitted()
    assert await entries(town, "recognition") == []
    recognised = await town.take(town.institute, submitted, "recognise")
    assert (recognised.state, recognised.phase) == ("recognised", "recognised")
    assert await entries(town, "recognition") == [("t1", "year:2024", Decimal(20)), ("t2", "year:2024", Decimal(80))]
    rows = {row["teacher"]: row for row in await town.rows("recognition")}
    assert {row["process"] for row in rows.values()} == {submitted.id}
    assert '"verdict":"FAIL"' in rows["t1"]["standing"]
    # The period is closed now, and the ledger verifies with its new entries.
    error_of(await town.register("t1", facts={"hours": "1"}), "PERIOD_LOCKED")
    verified = await town.call(wire_credits.VERIFY_LEDGER, wire_credits.VerifyLedger(caller=town.department))
    assert (verified.entries, verified.first_bad) == (4, None)
    told = await town.take(town.leader, recognised, "feed_back")
    assert (told.state, told.ended) == ("told", True)
    query = wire.ListNotices(caller=town.teacher, teacher="t1")
    (notice,) = (await town.call(wire.LIST_NOTICES, query)).items
    assert (notice.verdict, notice.recognised_credits, notice.period.label) == ("FAIL", Decimal(20), "2024")
    strangers = await town.call(wire.LIST_NOTICES, wire.ListNotices(caller=town.teacher_2, teacher="t1"))
    assert strangers.items == ()


async def test_a_record_says_how_far_its_schools_process_has_come(town: Town) -> None:
    here = (await town.register("t1", on=date(2024, 6, 3), facts={"hours": "3"})).record.id
    elsewhere = (await town.register("t9", facts={"hours": "3"})).record.id
    assert await states(town, here, elsewhere, "none") == ["registered", "registered", None]
    shown = await town.publicised()
    assert await states(town, here, elsewhere) == ["in_publicity", "registered"]
    back = await town.send_back(town.leader, shown)
    assert (await states(town, here))[0] == "returned"
    town.clock.day = date(2025, 3, 4)
    again = await town.take(town.leader, back, "review")
    assert (await states(town, here))[0] == "reviewed"
    shown = await town.take(town.leader, again, "publicise")
    town.clock.day = date(2025, 3, 10)
    submitted = await town.take(town.leader, shown, "submit")
    assert (await states(town, here))[0] == "submitted"
    await town.take(town.institute, submitted, "recognise")
    assert (await states(town, here))[0] == "recognised"


async def test_nothing_is_submitted_before_the_days_of_publicity_have_passed(town: Town, error_of: Error) -> None:
    shown = await town.publicised()
    assert shown.publicity is not None
    assert (shown.publicity.open, shown.publicity.teachers) == (True, 2)
    assert (shown.publicity.opened_on, shown.publicity.open_until) == (date(2025, 3, 3), date(2025, 3, 8))
    town.clock.day = date(2025, 3, 8)
    error = error_of(await town.take(town.leader, shown, "submit"), "STEP_TOO_EARLY")
    assert "2025-03-09" in error.message_zh
    assert "2025-03-08" in error.message_zh
    town.clock.day = date(2025, 3, 9)
    assert (await town.take(town.leader, shown, "submit")).state == "submitted"


async def test_the_public_list_shows_what_will_be_recognised_to_every_teacher_of_the_school(
    town: Town, error_of: Error
) -> None:
    shown = await town.publicised()
    expected = [("t1", "FAIL", Decimal(20)), ("t2", "PASS", Decimal(80))]
    for caller in (town.teacher, town.leader, town.department):
        assert await lines(town, caller, shown) == expected
    # The names are asked of the registry for the teachers of this day: the last of the year, in March of the next.
    page = await town.call(wire.LIST_PUBLIC_LINES, wire.ListPublicLines(caller=town.teacher, process=shown.id))
    assert page.on == date(2024, 12, 31)
    query = wire.ListPublicLines(caller=town.stranger, process=shown.id)
    error_of(await town.call(wire.LIST_PUBLIC_LINES, query), "PROCESS_UNKNOWN")
    several = wire.GetPublicLists(caller=town.teacher, processes=("none", shown.id, shown.id))
    unknown, *same = (await town.call(wire.GET_PUBLIC_LISTS, several)).pages
    error_of(unknown, "PROCESS_UNKNOWN")
    assert same == [page, page]
    several = wire.GetPublicLists(caller=town.stranger, processes=(shown.id,))
    (unknown,) = (await town.call(wire.GET_PUBLIC_LISTS, several)).pages
    error_of(unknown, "PROCESS_UNKNOWN")
    town.clock.day = date(2025, 3, 10)
    await town.take(town.leader, shown, "submit")
    # It is public no longer: each teacher sees the own line.
    assert await lines(town, town.teacher, shown) == expected[:1]
    assert await lines(town, town.leader, shown) == expected


async def test_an_objection_holds_the_process_until_it_is_settled_by_another(town: Town, error_of: Error) -> None:
    shown = await town.publicised()
    objection = await raise_objection(town, town.teacher, shown, teacher="t2")
    assert (objection.state, objection.raised_by) == ("open", "teacher-1")
    town.clock.day = date(2025, 3, 10)
    error = error_of(await town.take(town.leader, shown, "submit"), "OBJECTIONS_OPEN")
    assert error.value == 1
    for caller in (town.institute, town.teacher):
        error_of(await settle(town, caller, objection.id, upheld=False), "OBJECTION_NOT_YOURS")
    error_of(await settle(town, town.other_leader, objection.id, upheld=False), "OBJECTION_UNKNOWN")
    error_of(await settle(town, town.leader, objection.id, upheld=False, reason=" "), "REASON_MISSING")
    settled = await settle(town, town.leader, objection.id, upheld=False)
    assert (settled.state, settled.settled_by) == ("dismissed", "leader")
    error_of(await settle(town, town.leader, objection.id, upheld=True), "OBJECTION_SETTLED")
    assert (await town.take(town.leader, shown, "submit")).state == "submitted"
    error_of(await raise_objection(town, town.teacher, shown), "NOT_IN_PUBLICITY")


async def test_who_objects_does_not_settle_it(town: Town, error_of: Error) -> None:
    shown = await town.publicised()
    objection = await raise_objection(town, town.leader, shown)
    error_of(await settle(town, town.leader, objection.id, upheld=False), "OBJECTION_NOT_YOURS")
    assert (await settle(town, town.training_officer, objection.id, upheld=False)).state == "dismissed"


async def test_an_objection_is_about_somebody_or_something_on_the_list(town: Town, error_of: Error) -> None:
    far = (await town.register("t9", facts={"hours": "3"})).record.id
    late = (await town.register("t1", on=date(2025, 1, 7), facts={"hours": "3"})).record.id
    shown = await town.publicised()
    error_of(await raise_objection(town, town.teacher, shown, teacher="t9"), "NOT_ON_THE_LIST")
    for record in (far, late, "none"):
        error_of(await raise_objection(town, town.teacher, shown, record=record), "NOT_ON_THE_LIST")
    error_of(await raise_objection(town, town.teacher, shown, text=" "), "TEXT_MALFORMED")
    error_of(await raise_objection(town, town.stranger, shown), "PROCESS_UNKNOWN")


async def test_an_upheld_objection_takes_its_record_back_and_the_rest_is_recognised(town: Town) -> None:
    forged = (await town.register("t2", on=date(2024, 6, 7), facts={"hours": "5"})).record.id
    shown = await town.publicised()
    objection = await raise_objection(town, town.teacher, shown, record=forged)
    assert objection.teacher == "t2"
    settled = await settle(town, town.leader, objection.id, upheld=True)
    assert settled.state == "upheld"
    assert await states(town, forged) == ["revoked"]
    assert [amount for _, _, amount in await entries(town, "registration-reversal")] == [Decimal(-5)]
    town.clock.day = date(2025, 3, 10)
    submitted = await town.take(town.leader, shown, "submit")
    await town.take(town.institute, submitted, "recognise")
    assert {teacher: amount for teacher, _, amount in await entries(town, "recognition")} == {
        "t1": Decimal(20),
        "t2": Decimal(80),
    }


async def test_results_that_changed_since_they_were_public_are_not_recognised(town: Town, error_of: Error) -> None:
    submitted = await town.submitted()
    await town.register("t1", on=date(2024, 9, 1), facts={"hours": "60"})
    error = error_of(await town.take(town.institute, submitted, "recognise"), "RESULT_CHANGED")
    assert error.value == "t1"
    assert await entries(town, "recognition") == []
    back = await town.send_back(town.institute, submitted)
    assert back.state == "registered"
    review = await town.take(town.leader, back, "review")
    town.clock.day = date(2025, 3, 12)
    shown = await town.take(town.leader, review, "publicise")
    assert shown.publicity is not None
    assert shown.publicity.round == 2
    town.clock.day = date(2025, 3, 18)
    await town.take(town.institute, await town.take(town.leader, shown, "submit"), "recognise")
    assert ("t1", "year:2024", Decimal(80)) in await entries(town, "recognition")


async def test_recognition_has_its_season(town: Town, error_of: Error) -> None:
    submitted = await town.submitted()
    town.clock.day = date(2025, 4, 1)
    error = error_of(await town.take(town.institute, submitted, "recognise"), "STEP_TOO_LATE")
    assert "逾期不予认定" in error.message_zh
    error_of(await town.open(town.leader, "recognition", on=IN_YEAR), "PROCESS_EXISTS")
    error_of(await town.open(town.leader, "recognition", on=date(2025, 4, 1)), "STEP_TOO_EARLY")


async def test_every_step_of_the_year_is_refused_to_the_other_roles(town: Town, error_of: Error) -> None:
    shown = await town.publicised()
    town.clock.day = date(2025, 3, 10)
    for caller in (town.teacher, town.institute, town.department, town.training_officer):
        error_of(await town.take(caller, shown, "submit"), "STEP_NOT_YOURS")
    submitted = await town.take(town.leader, shown, "submit")
    for caller in (town.teacher, town.leader, town.training_officer, town.department):
        error_of(await town.take(caller, submitted, "recognise"), "STEP_NOT_YOURS")
    assert await entries(town, "recognition") == []


async def test_signatures_are_append_only_and_an_altered_one_is_found(town: Town) -> None:
    submitted = await town.submitted()

    async def verify() -> Any:
        return await town.call(wire.VERIFY_SIGNATURES, wire.VerifySignatures(caller=town.department))

    found = await verify()
    assert (found.processes, found.signatures, found.first_bad) == (1, 3, None)
    with never_changed():
        async with town.service.databases.write(town.district, Deadline.after(10)) as conn:
            await conn.execute(sa.update(signature).values(subject="x"))
    async with town.service.databases.write(town.district, Deadline.after(10)) as conn:
        await conn.execute(sa.update(process).where(process.c.id == submitted.id).values(state="recognised"))
    found = await verify()
    assert found.first_bad == submitted.id
    assert "recognised" in found.problem


async def test_a_move_is_announced_for_others(town: Town) -> None:
    shown = await town.publicised()
    await raise_objection(town, town.teacher, shown)
    told = sorted(await town.rows("outbox"), key=lambda row: row["seq"])
    bodies = [row["body"] for row in told if ".process-moved." in row["subject"]]
    moved = [decode(wire.ProcessMoved, bytes(body)) for body in bodies]
    assert [(one.what, one.step, one.state, one.phase) for one in moved] == [
        ("opened", "review", "reviewed", "reviewed"),
        ("step", "publicise", "in_publicity", "in_publicity"),
        ("objection", "raise", "in_publicity", "in_publicity"),
    ]
    assert all(one.school == "school-1" and one.process == shown.id for one in moved)
