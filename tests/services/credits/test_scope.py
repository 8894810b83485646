"""Who may do what: every endpoint for every role, and what is out of scope looks like what does not exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, get_args

import msgspec
import pytest
from yanxiu_credits.endpoints import TABLE
from yanxiu_wire import credits as wire
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.caller import Caller, Role
from yanxiu_wire.contracts import endpoints_of
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.refusal import Refused

OFFICERS = {"district-officer", "institute-officer"}
SCHOOL = {"school-leader", "school-training-officer"}
READERS = OFFICERS | SCHOOL | {"supervisor", "auditor", "teacher"}
EVERYWHERE = OFFICERS | {"supervisor", "auditor"}
ALLOWED: dict[str, set[str]] = {
    "propose-project": OFFICERS | SCHOOL,
    "decide-project": OFFICERS,
    "get-projects": READERS | {"researcher"},
    "list-projects": READERS | {"researcher"},
    "register-training": OFFICERS | SCHOOL,
    "get-records": READERS,
    "list-records": READERS,
    "get-totals": READERS,
    "get-standings": READERS,
    "list-shortfalls": READERS - {"teacher"},
    "summarise-shortfalls": READERS - {"teacher"},
    "list-school-ratios": READERS - {"teacher"},
    "list-entries": READERS,
    "preview-policy": OFFICERS,
    "adopt-policy": {"district-officer"},
    "get-previews": EVERYWHERE,
    "list-previews": EVERYWHERE,
    "list-preview-lines": EVERYWHERE,
    "list-previewed-records": EVERYWHERE,
    "summarise-preview": EVERYWHERE,
    "get-preview-lines": EVERYWHERE,
    "get-previewed-records": EVERYWHERE,
    "summarise-previews": EVERYWHERE,
    "get-jobs": EVERYWHERE | {"platform-operator"},
    "list-jobs": EVERYWHERE | {"platform-operator"},
    "start-job": OFFICERS | {"platform-operator"},
    "cancel-job": OFFICERS | {"platform-operator"},
    "verify-ledger": {"district-officer", "auditor", "platform-operator"},
    "rebuild-projection": {"district-officer", "platform-operator"},
}
ROLES: tuple[Role, ...] = get_args(Role)


def request(endpoint: Endpoint[Any, Any], caller: Caller, key: str) -> Any:
    """A request that the endpoint understands."""
    given: dict[str, Any] = {
        "propose-project": {"title": "研修", "organiser": "中心", "facts": {}},
        "decide-project": {"project": "none", "approve": True, "on": date(2024, 3, 1)},
        "get-projects": {"ids": ()},
        "register-training": {"teacher": "t1", "on": date(2024, 5, 20), "facts": {"hours": key[4:]}},
        "get-records": {"ids": ()},
        "get-totals": {"teachers": ()},
        "get-standings": {"teachers": (), "kind": "year"},
        "list-shortfalls": {"kind": "year"},
        "summarise-shortfalls": {"kind": "year"},
        "preview-policy": {"since": date(2024, 1, 1), "kind": "year", "on": date(2024, 12, 31)},
        "adopt-policy": {"preview": "none", "reason": "新规定"},
        "get-previews": {"ids": ()},
        "list-preview-lines": {"preview": "none"},
        "list-previewed-records": {"preview": "none"},
        "summarise-preview": {"preview": "none"},
        "get-preview-lines": {"previews": ("none",)},
        "get-previewed-records": {"previews": ("none",)},
        "summarise-previews": {"previews": ("none",)},
        "get-jobs": {"ids": ()},
        "start-job": {"kind": "no-such-kind"},
        "cancel-job": {"job": "none"},
    }.get(endpoint.verb, {})
    if endpoint.writes:
        given["key"] = key
    return endpoint.request(caller=caller, **given)


def codes(answer: Any) -> list[str]:
    return [error.code for error in answer.errors] if isinstance(answer, Refused) else []


def test_every_endpoint_is_answered() -> None:
    """Those of this file are of the core; each area has a test of its own for its roles."""
    assert set(TABLE) == set(endpoints_of(wire.SERVICE))
    assert set(ALLOWED) <= {endpoint.verb for endpoint in TABLE}


@pytest.mark.parametrize("endpoint", wire.ENDPOINTS, ids=lambda endpoint: endpoint.verb)
async def test_each_role_may_do_what_is_its_own_and_nothing_else(house: Any, endpoint: Endpoint[Any, Any]) -> None:
    for role in ROLES:
        caller = house.caller(role, school="school-1", teacher="t1")
        found = codes(await house.call(endpoint, request(endpoint, caller, house.key())))
        assert ("FORBIDDEN" in found) == (role not in ALLOWED[endpoint.verb]), (role, found)


@pytest.mark.parametrize("endpoint", wire.ENDPOINTS, ids=lambda endpoint: endpoint.verb)
async def test_a_caller_of_another_district_finds_nothing_there(
    house: Any, bus: Any, endpoint: Endpoint[Any, Any]
) -> None:
    before = await house.counts()
    for role in ROLES:
        stranger = Caller(subject="s", role=role, district="elsewhere", school="school-1", teacher="t1")
        answers = [
            await bus.call(endpoint, request(endpoint, stranger, "key-7"), district=name, deadline=Deadline.after(30))
            for name in (house.district, "no-such-place")
        ]
        assert [codes(answer) for answer in answers] == [["DISTRICT_UNKNOWN"]] * 2
        told = [str(msgspec.to_builtins(one)).replace(house.district, "no-such-place") for one in answers]
        assert told[0] == told[1]
    assert await house.counts() == before


@pytest.fixture
async def town(house: Any) -> Any:
    """t1 and t2 at school-1, far at school-2, mover at school-1 until August 2024 and at school-2 since."""
    await house.employ("far", wire_teacher.Employment(school="school-2", since=date(2021, 9, 1)))
    await house.employ(
        "mover",
        wire_teacher.Employment(school="school-1", since=date(2021, 9, 1), until=date(2024, 8, 31)),
        wire_teacher.Employment(school="school-2", since=date(2024, 9, 1)),
    )
    return house


async def test_a_school_registers_for_its_own_teachers_only(town: Any, error_of: Callable[[Any, str], Any]) -> None:
    leader = town.caller("school-training-officer", school="school-1")
    assert (await town.register("t1", caller=leader)).record.school == "school-1"
    assert (await town.register("mover", caller=leader, on=date(2024, 5, 1))).record.school == "school-1"
    out_of_scope = await town.register("far", caller=leader)
    later = await town.register("mover", caller=leader, on=date(2024, 10, 1))
    unknown = await town.register("nobody", caller=leader)
    for answer in (out_of_scope, later, unknown):
        error_of(answer, "TEACHER_UNKNOWN")
    text = str(msgspec.to_builtins(unknown))
    assert str(msgspec.to_builtins(out_of_scope)).replace("far", "nobody") == text


async def test_what_each_scope_reads(town: Any) -> None:
    made = {}
    for teacher, on in (("t1", date(2024, 5, 20)), ("far", date(2024, 5, 20)), ("mover", date(2024, 5, 20))):
        made[teacher] = (await town.register(teacher, on=on)).record.id
    made["moved"] = (await town.register("mover", on=date(2024, 9, 20))).record.id
    sees = {
        town.caller("supervisor"): {"t1", "far", "mover", "moved"},
        town.caller("auditor"): {"t1", "far", "mover", "moved"},
        town.caller("school-leader", school="school-1"): {"t1", "mover"},
        town.caller("school-leader", school="school-2"): {"far", "mover", "moved"},
        town.caller("school-leader"): set(),
        town.caller("teacher", teacher="mover"): {"mover", "moved"},
        town.caller("teacher"): set(),
    }
    for caller, expected in sees.items():
        ids = {made[name] for name in expected}
        got = await town.call(wire.GET_RECORDS, wire.GetRecords(caller=caller, ids=(*made.values(), "none")))
        assert [one.id if one else None for one in got.items] == [
            one if one in ids else None for one in (*made.values(), "none")
        ]
        listed = await town.call(wire.LIST_RECORDS, wire.ListRecords(caller=caller))
        assert {one.id for one in listed.pages[0].items} == ids
        assert listed.pages[0].total == len(ids)
        entries = await town.call(wire.LIST_ENTRIES, wire.ListEntries(caller=caller))
        assert {one.record for one in entries.items} == ids


async def test_totals_and_standings_follow_the_teacher_to_the_new_school(town: Any) -> None:
    await town.register("mover", facts={"hours": "30"})
    asked = ("t1", "mover", "far", "nobody")
    sees = {
        town.caller("institute-officer"): [True, True, True, False],
        town.caller("school-leader", school="school-1"): [True, False, False, False],
        town.caller("school-leader", school="school-2"): [False, True, True, False],
        town.caller("teacher", teacher="mover"): [False, True, False, False],
    }
    for caller, expected in sees.items():
        totals = await town.call(wire.GET_TOTALS, wire.GetTotals(caller=caller, teachers=asked))
        assert [one is not None for one in totals.items] == expected
        standings = await town.call(wire.GET_STANDINGS, wire.GetStandings(caller=caller, teachers=asked, kind="year"))
        assert [one is not None for one in standings.items] == expected
    assert totals.items[1].hours == 30
