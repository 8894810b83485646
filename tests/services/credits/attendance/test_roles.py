"""Who may do what with sessions and attendance: every endpoint for every role, and nothing from another district."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

import pytest
from yanxiu_wire import attendance as wire
from yanxiu_wire.caller import Caller, Role
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.refusal import Refused

from tests.services.credits.attendance.conftest import DAY, END, START, School

RUNNERS = {"district-officer", "institute-officer", "school-leader", "school-training-officer"}
READERS = RUNNERS | {"supervisor", "auditor", "teacher"}
ALLOWED: dict[Endpoint[Any, Any], set[str]] = {
    wire.SCHEDULE_SESSION: RUNNERS,
    wire.CORRECT_SESSION: RUNNERS,
    wire.CANCEL_SESSION: RUNNERS,
    wire.CLOSE_SESSION: RUNNERS,
    wire.GET_SESSIONS: READERS,
    wire.LIST_SESSIONS: READERS,
    wire.ISSUE_CHECK_IN: RUNNERS | {"teacher"},
    wire.CHECK_IN: {"teacher"},
    wire.CHECK_OUT: {"teacher"},
    wire.SETTLE_ATTENDANCE: RUNNERS,
    wire.LIST_ATTENDANCE: READERS,
    wire.REGISTER_ATTENDED: RUNNERS,
}
GIVEN: dict[Endpoint[Any, Any], dict[str, Any]] = {
    wire.SCHEDULE_SESSION: {"title": "研", "on": DAY, "starts_at": START, "ends_at": END, "hours": Decimal(1)},
    wire.CORRECT_SESSION: {"session": "none"},
    wire.CANCEL_SESSION: {"session": "none", "reason": "停"},
    wire.CLOSE_SESSION: {"session": "none"},
    wire.GET_SESSIONS: {"ids": ("none",)},
    wire.ISSUE_CHECK_IN: {"session": "none"},
    wire.CHECK_IN: {"token": "none", "device": "phone"},
    wire.CHECK_OUT: {"session": "none"},
    wire.SETTLE_ATTENDANCE: {"session": "none", "teacher": "t1", "present": True, "reason": "核"},
    wire.LIST_ATTENDANCE: {"sessions": ("none",)},
    wire.REGISTER_ATTENDED: {"session": "none"},
}


def codes(answer: Any) -> list[str]:
    return [error.code for error in answer.errors] if isinstance(answer, Refused) else []


def test_every_endpoint_stands_here() -> None:
    assert set(ALLOWED) == set(wire.ENDPOINTS)


@pytest.mark.parametrize("endpoint", wire.ENDPOINTS, ids=lambda endpoint: endpoint.verb)
async def test_each_role_may_do_what_is_its_own_and_nothing_else(school: School, endpoint: Endpoint[Any, Any]) -> None:
    for role in get_args(Role):
        caller = school.house.caller(role, school="school-1", teacher="t1")
        found = codes(await school.call(endpoint, caller, **GIVEN.get(endpoint, {})))
        assert ("FORBIDDEN" in found) == (role not in ALLOWED[endpoint]), (role, found)


async def test_a_caller_of_another_district_finds_nothing_and_writes_nothing(school: School) -> None:
    before = await school.house.counts()
    for endpoint in wire.ENDPOINTS:
        for role in get_args(Role):
            stranger = Caller(subject="s", role=role, district="elsewhere", school="school-1", teacher="t1")
            given = {**GIVEN.get(endpoint, {}), **({"key": "key-7"} if endpoint.writes else {})}
            answer = await school.house.bus.call(
                endpoint,
                endpoint.request(caller=stranger, **given),
                district=school.house.district,
                deadline=Deadline.after(30),
            )
            assert codes(answer) == ["DISTRICT_UNKNOWN"], (endpoint, role)
    assert await school.house.counts() == before
