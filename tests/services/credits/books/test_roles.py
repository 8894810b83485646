"""Every endpoint of the books answers the roles that may ask, and no other; other districts find nothing."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest
from yanxiu_wire import books as wire
from yanxiu_wire.caller import Role
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.refusal import Refused

OFFICERS = {"district-officer", "institute-officer"}
SCHOOL = {"school-leader", "school-training-officer"}
LOOKERS = OFFICERS | SCHOOL | {"supervisor", "auditor"}
VERIFIERS = {"district-officer", "auditor", "platform-operator"}
EVERYBODY = set(get_args(Role))
CASES: list[tuple[Endpoint[Any, Any], dict[str, Any], set[str]]] = [
    (wire.REVERSE_RECORD, {"record": "r", "reason": "x"}, OFFICERS | SCHOOL),
    (wire.CORRECT_TRAINING, {"record": "r", "reason": "x", "facts": {}}, OFFICERS | SCHOOL),
    (wire.REVERSE_RECOGNITION, {"recognition": "r", "reason": "x"}, OFFICERS),
    (wire.VOID_FOR_FRAUD, {"record": "r", "reason": "x", "proof": "x"}, OFFICERS),
    (wire.LIST_INTEGRITY, {}, LOOKERS | {"teacher"}),
    (wire.LOCK_PERIOD, {"kind": "no", "on": date(2024, 1, 1), "reason": "x"}, OFFICERS | {"school-leader"}),
    (wire.UNLOCK_PERIOD, {"lock": "l", "reason": "x"}, OFFICERS | {"school-leader"}),
    (wire.LIST_LOCKS, {}, LOOKERS),
    (wire.SIGN_HEAD, {}, VERIFIERS),
    (wire.LIST_HEADS, {}, LOOKERS | VERIFIERS),
    (wire.PROVE_CONSISTENCY, {"older": 1, "newer": 1}, LOOKERS | VERIFIERS),
    (wire.GET_LEDGER_KEYS, {}, EVERYBODY),
    (wire.GET_TRANSCRIPT, {"teacher": "t1"}, LOOKERS | {"teacher"}),
]


def codes(answer: Any) -> list[str]:
    return [error.code for error in answer.errors] if isinstance(answer, Refused) else []


def request(endpoint: Endpoint[Any, Any], house: Any, given: dict[str, Any], caller: Any) -> Any:
    key = {"key": house.key()} if endpoint.writes else {}
    return endpoint.request(caller=caller, **given, **key)


def test_every_endpoint_of_the_books_is_asked_here() -> None:
    assert [endpoint for endpoint, _, _ in CASES] == list(wire.ENDPOINTS)


@pytest.mark.parametrize(("endpoint", "given", "allowed"), CASES, ids=lambda one: getattr(one, "verb", ""))
async def test_each_role_may_do_what_is_its_own_and_nothing_else(
    house: Any, endpoint: Endpoint[Any, Any], given: dict[str, Any], allowed: set[str]
) -> None:
    for role in EVERYBODY:
        caller = house.caller(role, school="school-1", teacher="t1")
        found = codes(await house.call(endpoint, request(endpoint, house, given, caller)))
        assert ("FORBIDDEN" in found) == (role not in allowed), (role, found)
    stranger = house.caller("district-officer").__class__(subject="x", role="district-officer", district="elsewhere")
    assert codes(await house.call(endpoint, request(endpoint, house, given, stranger))) == ["DISTRICT_UNKNOWN"]
