"""Who may do what: every role at every endpoint, in the own school, in another one, and in another district."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from yanxiu_registry.__main__ import running
from yanxiu_registry.settings import Settings
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire import registry as wire
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import term as wire_term
from yanxiu_wire.caller import ROLES_ZH, Role
from yanxiu_wire.contracts import endpoints_of
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.erasure import ErasureWords
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus

from tests.services.registry.conftest import NOW, TODAY, Client, caller, codes, fresh_key, open_district

ROLES: tuple[Role, ...] = get_args(Role)
WHOLE = {"district-officer", "institute-officer", "supervisor", "researcher", "auditor"}
OFFICERS = {"district-officer", "institute-officer"}
OPERATOR = {"platform-operator"}
MAY_CALL: dict[str, set[str]] = {
    "create-district": OPERATOR,
    "correct-district": OPERATOR | {"district-officer"},
    "list-districts": OPERATOR,
    "bind-rule-pack": OPERATOR,
    "cancel-rule-pack-binding": OPERATOR,
    "get-district": set(ROLES),
    "create-school": OFFICERS,
    "correct-school": OFFICERS,
    "get-schools": set(ROLES) - OPERATOR,
    "list-schools": set(ROLES) - OPERATOR,
    "create-teacher": {"district-officer", "school-training-officer"},
    "correct-teacher": {"district-officer", "school-training-officer"},
    "employ-teacher": {"district-officer", "school-training-officer"},
    "correct-employment": {"district-officer"},
    "get-teachers": set(ROLES) - OPERATOR,
    "list-teachers": set(ROLES) - OPERATOR,
    "get-public-names": set(ROLES) - OPERATOR,
    "get-person": OFFICERS | {"auditor", "teacher"},
    "propose-erasure": OFFICERS,
    "withdraw-erasure": OFFICERS,
    "begin-erasure": OFFICERS,
    "get-erasure-words": OFFICERS,
    "count-mentions": OFFICERS,
    "confirm-erasure": OFFICERS,
    "list-erasures": OFFICERS | {"auditor"},
    "check-statement": OFFICERS | {"school-leader", "school-training-officer"},
    "set-term": OFFICERS,
    "list-terms": set(ROLES),
    "set-calendar-days": OFFICERS,
    "list-calendar-years": set(ROLES),
    "stage-roster": {"district-officer"},
    "check-roster": {"district-officer"},
    "apply-roster": {"district-officer"},
    "undo-roster": {"district-officer"},
    "republish": OPERATOR,
    "create-area": OFFICERS,
    "correct-area": OFFICERS,
    "get-areas": set(ROLES) - OPERATOR,
    "list-areas": set(ROLES) - OPERATOR,
    "enrol-researcher": OFFICERS,
    "correct-researcher": OFFICERS,
    "end-researcher": OFFICERS,
    "record-absence": OFFICERS,
    "correct-absence": OFFICERS,
    "get-researchers": set(ROLES) - OPERATOR,
    "list-researchers": set(ROLES) - OPERATOR,
    "form-research-group": OFFICERS | {"school-leader"},
    "correct-research-group": OFFICERS | {"school-leader"},
    "file-research-group": OFFICERS | {"school-leader"},
    "archive-research-group": OFFICERS,
    "get-research-groups": set(ROLES) - OPERATOR,
    "list-research-groups": set(ROLES) - OPERATOR,
    "set-up-leading-group": OFFICERS | {"school-leader"},
    "correct-leading-group": OFFICERS | {"school-leader"},
    "get-leading-groups": set(ROLES) - OPERATOR,
    "list-leading-groups": set(ROLES) - OPERATOR,
    "open-studio": OFFICERS,
    "correct-studio": OFFICERS,
    "list-studios": set(ROLES) - OPERATOR,
    "grant-role": OPERATOR | OFFICERS | {"school-leader", "school-training-officer"},
    "revoke-grant": OPERATOR | OFFICERS | {"school-leader", "school-training-officer"},
    "list-audit": {"auditor"},
    "verify-audit": OPERATOR | {"auditor"},
    "list-seen-by": {"teacher"},
    "list-grants": OPERATOR | OFFICERS | {"school-leader", "school-training-officer", "auditor"},
    "get-own-grants": set(ROLES),
}


class World:
    """Two schools of one district with two teachers each."""

    def __init__(self, officer: Client) -> None:
        self.officer = officer
        self.schools: list[wire.School] = []
        self.teachers: list[wire_teacher.Teacher] = []

    def client(self, role: Role) -> Client:
        """The caller of a role: at school 0, and as its first teacher."""
        if role == "platform-operator":
            return Client(self.officer.bus, "puer", caller(role, "platform"))
        if role == "teacher":
            return self.officer.as_(role, school=self.schools[0].id, teacher=self.teachers[0].id)
        return self.officer.as_(role, **({"school": self.schools[0].id} if role.startswith("school") else {}))


@pytest.fixture(scope="module")
async def world(nats_server: Any, tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> AsyncIterator[World]:
    folder: Path = tmp_path_factory.mktemp("scope")
    settings = Settings(nats_url=nats_server.url, data=folder / "data", keys=folder / "keys", packs=("puer",))
    async with running(settings, rulebook, clock=lambda: NOW):
        bus = await Bus.connect(nats_server.url, name="scope")
        made = World(await open_district(bus, "puer"))
        for number in range(2):
            made.schools.append(await made.officer.school(f"000{number}"))
            made.teachers += [await made.officer.teacher(made.schools[-1].id, f"T{number}{one}") for one in range(2)]
        yield made
        await bus.close()


SAMPLES: dict[str, dict[str, Any]] = {
    "create-district": {"name_zh": "甲", "name_en": "A"},
    "bind-rule-pack": {"pack": "puer", "since": date(2024, 1, 1)},
    "cancel-rule-pack-binding": {"since": date(2099, 1, 1), "reason": "试"},
    "create-school": {"code": "9", "name": "新", "stage": "primary", "location": "town", "opened_on": TODAY},
    "correct-school": {"school": "none", "since": TODAY, "changes": {}},
    "get-schools": {"ids": ()},
    "create-teacher": {"staff_number": "X", "name": "甲", "school": "none", "employed_since": TODAY},
    "correct-teacher": {"teacher": "none", "since": TODAY, "changes": {}},
    "employ-teacher": {"teacher": "none", "school": "none", "since": TODAY},
    "correct-employment": {"teacher": "none", "begun_on": TODAY},
    "get-teachers": {"ids": ()},
    "get-public-names": {"teachers": (), "on": TODAY},
    "get-person": {"teacher": "none", "reason": "x"},
    "propose-erasure": {"teacher": "none", "reason": "x", "document": "x", "retained_until": date(2020, 1, 1)},
    "withdraw-erasure": {"erasure": "none", "reason": "x"},
    "begin-erasure": {"erasure": "none"},
    "get-erasure-words": {"erasure": "none"},
    "count-mentions": {"teacher": "none", "words": ErasureWords()},
    "confirm-erasure": {"erasure": "none"},
    "check-statement": {"school": "none", "since": TODAY, "statement": "x"},
    "set-term": {"school_year": "x", "number": 1, "starts_on": TODAY, "ends_on": TODAY},
    "set-calendar-days": {"year": 1, "holidays": (), "workdays": (), "notice": "x"},
    "stage-roster": {"roster": "", "rows": ()},
    "create-area": {"name": "", "begins_on": TODAY},
    "correct-area": {"area": "none", "since": TODAY, "changes": {}},
    "get-areas": {"ids": ()},
    "enrol-researcher": {"teacher": "none", "begins_on": TODAY, "subjects": (), "stages": ()},
    "correct-researcher": {"researcher": "none", "since": TODAY, "changes": {}},
    "end-researcher": {"researcher": "none", "ends_on": TODAY},
    "record-absence": {"researcher": "none", "since": TODAY, "kind": "x"},
    "correct-absence": {"researcher": "none", "begun_on": TODAY},
    "get-researchers": {"ids": ()},
    "form-research-group": {"kind": "x", "name": "x", "school": "none", "leader": "none", "formed_on": TODAY},
    "correct-research-group": {"group": "none", "since": TODAY, "changes": {}},
    "file-research-group": {"group": "none", "filed_on": TODAY},
    "archive-research-group": {"group": "none", "archived_on": TODAY},
    "get-research-groups": {"ids": ()},
    "set-up-leading-group": {"kind": "x", "school": "none", "members": (), "begins_on": TODAY},
    "correct-leading-group": {"group": "none", "since": TODAY, "changes": {}},
    "get-leading-groups": {"ids": ()},
    "open-studio": {"name": "x", "level": "x", "leader": "none", "begins_on": TODAY},
    "correct-studio": {"studio": "none", "since": TODAY, "changes": {}},
    "grant-role": {"subject": "x", "role": "teacher", "since": TODAY, "decision": "x"},
    "revoke-grant": {"grant": "none", "why": "x"},
}


def sample(endpoint: Endpoint[Any, Any]) -> dict[str, Any]:
    """Fields of a request that fits its type; whether it would be done does not matter to a role without a right."""
    rosters = {"check-roster", "apply-roster", "undo-roster"}
    return SAMPLES.get(endpoint.verb, {"roster": "none"} if endpoint.verb in rosters else {})


def test_every_role_has_a_chinese_name() -> None:
    assert set(ROLES_ZH) == set(ROLES)


def test_the_matrix_knows_every_endpoint() -> None:
    assert {endpoint.verb for endpoint in endpoints_of(wire.SERVICE)} == set(MAY_CALL)


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_may_call_what_the_matrix_says_and_is_told_who_else_may(world: World, role: Role) -> None:
    client = world.client(role)
    for endpoint in endpoints_of(wire.SERVICE):
        if role == "platform-operator" and endpoint is wire.REPUBLISH:
            continue  # test_events sees what it does
        answer = await client.ask(endpoint, **sample(endpoint))
        refused = isinstance(answer, Refused) and "FORBIDDEN" in codes(answer)
        assert refused == (role not in MAY_CALL[endpoint.verb]), (role, endpoint)
        if refused:
            assert answer.errors[0].value == role
            assert all(name in answer.errors[0].remedy_en for name in MAY_CALL[endpoint.verb])
            assert all(f"{ROLES_ZH[name]} {name}" in answer.errors[0].remedy_zh for name in MAY_CALL[endpoint.verb])


@pytest.mark.parametrize("role", sorted(set(ROLES) - OPERATOR))
async def test_a_role_sees_its_part_of_the_district_and_the_rest_as_if_it_were_not_there(
    world: World, role: Role
) -> None:
    client = world.client(role)
    whole, teacher = role in WHOLE, role == "teacher"
    ids = tuple(one.id for one in world.schools)
    seen = (await client.ask(wire.GET_SCHOOLS, ids=ids)).items
    assert [one is not None for one in seen] == [True, whole]
    listed = await client.ask(wire.LIST_SCHOOLS)
    own = [one for one in world.schools if whole or one is world.schools[0]]
    assert {one.id for one in own} <= {one.id for one in listed.items}
    assert listed.total == len(listed.items)
    assert whole or listed.total == 1
    everyone = tuple(one.id for one in world.teachers)
    seen = (await client.ask(wire_teacher.GET_TEACHERS, ids=(*everyone, "nobody"))).items
    assert [one is not None for one in seen] == [True, not teacher, whole, whole, False]
    pages = (await client.ask(wire_teacher.LIST_TEACHERS, schools=ids)).pages
    assert [page.total for page in pages] == [1 if teacher else 2, 2 if whole else 0]
    assert [len(page.items) for page in pages] == [1 if teacher else 2, 2 if whole else 0]
    (page,) = (await client.ask(wire_teacher.LIST_TEACHERS)).pages
    assert page.total == (1 if teacher else 4 if whole else 2)


async def test_a_school_officer_writes_only_in_the_own_school(world: World) -> None:
    client = world.client("school-training-officer")
    mine, theirs = world.schools
    given: dict[str, Any] = {"name": "甲", "employed_since": date(2024, 9, 1)}
    foreign = await client.ask(wire_teacher.CREATE_TEACHER, staff_number="N1", school=theirs.id, **given)
    unknown = await client.ask(wire_teacher.CREATE_TEACHER, staff_number="N1", school="nowhere", **given)
    assert codes(foreign) == codes(unknown) == ["SCHOOL_UNKNOWN"]
    assert [one.message_zh for one in foreign.errors] == [one.message_zh for one in unknown.errors]
    made = await client.ask(wire_teacher.CREATE_TEACHER, staff_number="N1", school=mine.id, **given)
    assert made.school == mine.id
    changed = await client.ask(
        wire_teacher.CORRECT_TEACHER, teacher=made.id, since=TODAY, changes={"title": "一级教师"}
    )
    assert changed.title == "一级教师"
    gone = await world.officer.ask(
        wire_teacher.EMPLOY_TEACHER, teacher=made.id, school=theirs.id, since=date(2025, 9, 1)
    )
    assert gone.school == theirs.id
    correction = {"since": TODAY, "changes": {"title": "高级教师"}}
    foreign = await client.ask(wire_teacher.CORRECT_TEACHER, teacher=made.id, **correction)
    unknown = await client.ask(wire_teacher.CORRECT_TEACHER, teacher="nobody", **correction)
    assert codes(foreign) == codes(unknown) == ["TEACHER_UNKNOWN"]
    moving_in = await client.ask(wire_teacher.EMPLOY_TEACHER, teacher=made.id, school=mine.id, since=TODAY)
    assert codes(moving_in) == ["TEACHER_UNKNOWN"]
    then = (await client.ask(wire_teacher.GET_TEACHERS, ids=(made.id,), as_of=date(2025, 8, 31))).items[0]
    assert then.school == mine.id, "a school still sees who was there, as of then"
    await world.officer.ask(wire_teacher.CORRECT_TEACHER, teacher=made.id, since=TODAY, changes={"status": "left"})


async def test_a_school_officer_moves_nobody_to_another_school(world: World) -> None:
    client = world.client("school-training-officer")
    refused = await client.ask(
        wire_teacher.EMPLOY_TEACHER, teacher=world.teachers[0].id, school=world.schools[1].id, since=TODAY
    )
    assert codes(refused) == ["SCHOOL_UNKNOWN"]


async def test_a_teacher_whose_token_names_no_school_sees_the_card_of_the_own_one(world: World) -> None:
    client = world.officer.as_("teacher", teacher=world.teachers[2].id)
    seen = (await client.ask(wire.GET_SCHOOLS, ids=tuple(one.id for one in world.schools))).items
    assert [one and one.id for one in seen] == [None, world.schools[1].id]


async def test_a_school_role_without_a_school_sees_nothing(world: World) -> None:
    for role in ("school-leader", "school-training-officer", "teacher"):
        client = world.officer.as_(role)
        assert (await client.ask(wire.LIST_SCHOOLS)).total == 0
        assert (await client.ask(wire_teacher.LIST_TEACHERS)).pages[0].total == 0
        assert (await client.ask(wire_teacher.GET_TEACHERS, ids=(world.teachers[0].id,))).items == (None,)


async def test_a_refused_command_leaves_its_key_free(world: World) -> None:
    key = fresh_key()
    refused = await world.client("teacher").ask(wire_term.SET_TERM, key=key, **sample(wire_term.SET_TERM))
    assert codes(refused) == ["FORBIDDEN"]
    done = await world.officer.ask(
        wire_term.SET_TERM,
        key=key,
        school_year="2025-2026",
        number=1,
        starts_on=date(2025, 9, 1),
        ends_on=date(2026, 1, 20),
    )
    assert done.id == "2025-2026-1"
