"""Who may do what with transfers: every endpoint for every role, and nothing from another district."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from yanxiu_wire import transfer as wire
from yanxiu_wire.caller import Caller, Role
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.refusal import Refused

from tests.services.credits.transfer.conftest import Place

OFFICERS = {"district-officer", "institute-officer"}
READERS = OFFICERS | {"school-leader", "school-training-officer", "supervisor", "auditor", "teacher"}
ALLOWED: dict[Endpoint[Any, Any], set[str]] = {
    wire.RECEIVE_TRANSFER: OFFICERS,
    wire.DECIDE_TRANSFER_ITEM: OFFICERS,
    wire.GET_TRANSFERS: READERS,
    wire.LIST_TRANSFERS: READERS,
}
STATED = {"within_city": True, "same_stage": True, "identity_confirmed": True}
GIVEN: dict[Endpoint[Any, Any], dict[str, Any]] = {
    wire.RECEIVE_TRANSFER: {"teacher": "t1", "document": "{}", **STATED},
    wire.DECIDE_TRANSFER_ITEM: {"transfer": "none", "number": 1, "recognise": True, "reason": "核"},
    wire.GET_TRANSFERS: {"ids": ("none",)},
}


def codes(answer: Any) -> list[str]:
    return [error.code for error in answer.errors] if isinstance(answer, Refused) else []


def test_every_endpoint_stands_here() -> None:
    assert set(ALLOWED) == set(wire.ENDPOINTS)


def request(endpoint: Endpoint[Any, Any], caller: Caller, key: str) -> Any:
    return endpoint.request(caller=caller, **GIVEN.get(endpoint, {}), **({"key": key} if endpoint.writes else {}))


@pytest.mark.parametrize("endpoint", wire.ENDPOINTS, ids=lambda endpoint: endpoint.verb)
async def test_each_role_may_do_what_is_its_own_and_nothing_from_elsewhere(
    entered: Place, endpoint: Endpoint[Any, Any]
) -> None:
    before = await entered.counts()
    for role in get_args(Role):
        caller = entered.caller(role, school="school-1", teacher="t1")
        found = codes(await entered.call(endpoint, request(endpoint, caller, entered.key())))
        assert ("FORBIDDEN" in found) == (role not in ALLOWED[endpoint]), (role, found)
        stranger = Caller(subject="s", role=role, district="elsewhere", school="school-1", teacher="t1")
        asked = request(endpoint, stranger, "key-7")
        answer = await entered.bus.call(endpoint, asked, district=entered.district, deadline=Deadline.after(30))
        assert codes(answer) == ["DISTRICT_UNKNOWN"], role
    assert await entered.counts() == before
