"""Every endpoint of the workflows for every role, and for callers of another district."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from yanxiu_wire import workflow as wire
from yanxiu_wire.caller import Caller, Role
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.refusal import Refused

from tests.services.credits.workflow.conftest import Town
from tests.services.credits.workflow.roles import ALLOWED, REQUESTS, VERBS


def request(endpoint: Endpoint[Any, Any], caller: Caller, key: str) -> Any:
    given = dict(REQUESTS.get(endpoint.verb, {}))
    if endpoint.writes:
        given["key"] = key
    return endpoint.request(caller=caller, **given)


def codes(answer: Any) -> list[str]:
    return [error.code for error in answer.errors] if isinstance(answer, Refused) else []


def test_every_endpoint_has_its_roles() -> None:
    assert set(ALLOWED) == VERBS


@pytest.mark.parametrize("endpoint", wire.ENDPOINTS, ids=lambda endpoint: endpoint.verb)
async def test_each_role_may_ask_what_is_its_own_and_nothing_else(town: Town, endpoint: Endpoint[Any, Any]) -> None:
    for role in get_args(Role):
        caller = town.caller(role, school="school-1", teacher="t1")
        found = codes(await town.call(endpoint, request(endpoint, caller, town.key())))
        assert ("FORBIDDEN" in found) == (role not in ALLOWED[endpoint.verb]), (role, found)


@pytest.mark.parametrize("endpoint", wire.ENDPOINTS, ids=lambda endpoint: endpoint.verb)
async def test_a_caller_of_another_district_finds_nothing_there(town: Town, endpoint: Endpoint[Any, Any]) -> None:
    for role in get_args(Role):
        stranger = Caller(subject="s", role=role, district="elsewhere", school="school-1", teacher="t1")
        assert codes(await town.call(endpoint, request(endpoint, stranger, town.key()))) == ["DISTRICT_UNKNOWN"]
