"""Every mutation: what it asks of the service, what it answers, and its refusals as data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.gateway.conftest import Client
from tests.gateway.test_reads import PROJECT, SCHOOL, TEACHER
from tests.gateway.world import World

KEY = "0190-key-of-this-test"
ERRORS = "errors { code field value clauses message messageZh messageEn remedy remedyZh remedyEn }"

WRITES: dict[str, tuple[str, dict[str, Any]]] = {
    "correctDistrict": ("district { code nameZh }", {"district": "puer", "nameZh": "虚构新名"}),
    "createSchool": (
        "school { id code stage }",
        {"code": "S900", "name": "虚构新校", "stage": "PRIMARY", "location": "TOWN", "openedOn": "2024-09-01"},
    ),
    "correctSchool": (
        "school { name version closedOn }",
        {"schoolId": SCHOOL, "since": "2024-10-01", "name": "虚构改名", "closedOn": None},
    ),
    "createTeacher": (
        "teacher { staffNumber school { name } }",
        {"staffNumber": "T900", "name": "虚构新人", "schoolId": SCHOOL, "employedSince": "2024-09-01"},
    ),
    "correctTeacher": (
        "teacher { version }",
        {"teacherId": TEACHER, "since": "2024-10-01", "headTeacherPeriods": [{"since": "2024-09-01"}]},
    ),
    "employTeacher": (
        "teacher { school { id } }",
        {"teacherId": TEACHER, "schoolId": "puer-school-1", "since": "2024-10-01"},
    ),
    "correctEmployment": (
        "teacher { school { id } }",
        {"teacherId": TEACHER, "begunOn": "2099-09-01", "schoolId": "puer-school-1", "since": "2024-10-01"},
    ),
    "setTerm": (
        "term { id number }",
        {"schoolYear": "2024-2025", "number": 2, "startsOn": "2025-02-17", "endsOn": "2025-07-04"},
    ),
    "setCalendarDays": (
        "calendarYear { year holidays workdays notice version }",
        {"year": 2025, "holidays": ["2025-05-01"], "workdays": ["2025-04-27"], "notice": "虚构通知"},
    ),
    "stageRoster": (
        "staged { rosterId rows }",
        {"rosterId": "r1", "rows": [{"number": 2, "cells": [{"column": "name", "text": "虚构"}]}]},
    ),
    "applyRoster": ("report { created applied }", {"rosterId": "r1"}),
    "undoRoster": ("undone { undone }", {"rosterId": "r1"}),
    "proposeProject": (
        "project { id state facts { name value } }",
        {"title": "虚构项目", "organiser": "虚构中心", "mode": "central", "projectCredit": "1.2", "selfChosen": False},
    ),
    "approveProject": ("project { state }", {"projectId": PROJECT, "on": "2024-03-01"}),
    "returnProject": ("project { state returnReason }", {"projectId": PROJECT, "on": "2024-03-01", "reason": "缺方案"}),
    "registerTraining": (
        "replayed record { id hours credits explanation { steps { zh en } clauses { code quotation } } }",
        {
            "teacherId": TEACHER,
            "projectId": PROJECT,
            "completedOn": "2024-07-12",
            "hoursPlanned": "30",
            "score": 95,
            "facts": [{"name": "hours_attended", "value": "29.5"}],
        },
    ),
}


async def write(client: Client, name: str, /, **changed: Any) -> dict[str, Any]:
    fields, given = WRITES[name]
    more = {key: changed.pop(key) for key in ("token", "headers") if key in changed}
    query = f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {fields} {ERRORS} }} }}"
    data = await client.data(query, variables={"input": {"idempotencyKey": KEY} | given | changed}, **more)
    return data[name]


@pytest.mark.parametrize("name", WRITES)
async def test_a_mutation_is_done_in_the_callers_district_under_its_key(
    client: Client, world: World, name: str
) -> None:
    answer = await write(client, name)
    assert answer["errors"] == []
    assert all(answer[field] is not None for field in answer)
    _, district, command = world.calls[0]
    assert (district, command.key, command.caller.district) == ("puer", KEY, "puer")


async def test_training_facts_go_in_the_laws_words_and_exactly(client: Client, world: World) -> None:
    answer = await write(client, "registerTraining", selfChosen=True, sessionClass="lecture", hoursCompleted="59.50")
    command = world.calls[0][2]
    assert command.facts == {
        "hours_attended": "29.5",
        "hours_planned": "30",
        "hours_completed": "59.50",
        "score": "95",
        "self_chosen": True,
        "class": "lecture",
    }
    assert (command.teacher, command.project, str(command.on)) == (
        "puer-school-0-teacher-1",
        "puer-project-1",
        "2024-07-12",
    )
    assert answer["record"]["explanation"]["clauses"] == [{"code": "PUER-11-1", "quotation": "（原文）"}]
    assert isinstance(answer["record"]["credits"], str)
    assert Decimal(answer["record"]["credits"]) == Decimal("36.5")


async def test_an_explanation_is_asked_for_where_it_is_read(client: Client, world: World) -> None:
    await write(client, "registerTraining")
    given = {"idempotencyKey": KEY} | WRITES["registerTraining"][1]
    query = "mutation($input: RegisterTrainingInput!) { registerTraining(input: $input) { record { id credits } } }"
    await client.data(query, variables={"input": given})
    assert [command.explain for _, _, command in world.calls] == [True, False]


async def test_the_same_key_answers_the_same_and_says_so(client: Client) -> None:
    first, second = await write(client, "registerTraining"), await write(client, "registerTraining")
    assert (first.pop("replayed"), second.pop("replayed")) == (False, True)
    assert first == second


async def test_a_refusal_is_data_in_the_readers_language_and_the_inputs_names(client: Client, world: World) -> None:
    answer = await write(client, "registerTraining", score=101)
    assert answer["record"] is None
    assert answer["errors"] == [
        {
            "code": "FACT_OUT_OF_RANGE",
            "field": "input.score",
            "value": "101",
            "clauses": ["PUER-11-3"],
            "message": "facts.score 不对。",
            "messageZh": "facts.score 不对。",
            "messageEn": "facts.score is wrong.",
            "remedy": "请更正。",
            "remedyZh": "请更正。",
            "remedyEn": "Correct it.",
        }
    ]
    english = await write(client, "registerTraining", score=101, headers={"accept-language": "en"})
    assert (english["errors"][0]["message"], english["errors"][0]["remedy"]) == ("facts.score is wrong.", "Correct it.")
    assert world.answered == {}


@pytest.mark.parametrize(
    ("name", "changed", "code", "field"),
    [
        ("registerTraining", {"teacherId": "nobody"}, "TEACHER_UNKNOWN", "input.teacherId"),
        ("registerTraining", {"projectId": "nothing"}, "PROJECT_UNKNOWN", "input.projectId"),
        ("correctSchool", {"schoolId": TEACHER}, "SCHOOL_UNKNOWN", "input.schoolId"),
        ("correctSchool", {"name": ""}, "EMPTY", "input.name"),
        ("setTerm", {"endsOn": "2025-02-17"}, "TERM_EMPTY", "input.endsOn"),
        ("setCalendarDays", {"notice": ""}, "VALUE_INVALID", "input.notice"),
        ("createSchool", {"code": "S001"}, "CODE_TAKEN", "input.code"),
        ("createSchool", {"idempotencyKey": "short"}, "KEY_MALFORMED", "input.idempotencyKey"),
        ("createSchool", {"idempotencyKey": "x" * 65}, "KEY_MALFORMED", "input.idempotencyKey"),
    ],
)
async def test_errors_name_the_field_that_the_client_wrote(
    client: Client, name: str, changed: dict[str, Any], code: str, field: str
) -> None:
    (error,) = (await write(client, name, **changed))["errors"]
    assert (error["code"], error["field"]) == (code, field)


@pytest.mark.parametrize("name", WRITES)
async def test_no_mutation_runs_without_a_key(client: Client, world: World, name: str) -> None:
    (error,) = (await write(client, name, idempotencyKey="   "))["errors"]
    assert error["code"] == "KEY_MALFORMED"
    assert world.calls == []


async def test_only_what_was_written_is_changed_and_null_is_a_value(client: Client, world: World) -> None:
    await write(client, "correctSchool")
    assert world.calls[0][2].changes == {"name": "虚构改名", "closed_on": None}


async def test_the_operator_opens_a_district_and_binds_its_law(client: Client, world: World) -> None:
    token = client.token(district="platform", role="platform-operator")
    opened = await client.data(
        'mutation { createDistrict(input: {idempotencyKey: "key-of-district", district: "ouhai", nameZh: "虚构",'
        ' nameEn: "Madeup"}) { district { code } errors { code } } }',
        token=token,
    )
    assert opened["createDistrict"] == {"district": {"code": "ouhai"}, "errors": []}
    bound = await client.data(
        'mutation { bindRulePack(input: {idempotencyKey: "key-of-binding", district: "ouhai", pack: "ouhai",'
        ' since: "2024-09-01", settings: [{name: "cap", value: "30"}]})'
        " { district { bindings { pack settings { value } } } errors { code } } }",
        token=token,
    )
    assert bound["bindRulePack"]["district"]["bindings"] == [{"pack": "ouhai", "settings": [{"value": "30"}]}]
    assert [district for _, district, _ in world.calls] == ["ouhai", "ouhai"]


OF_THE_OPERATOR = {
    "createDistrict": 'nameZh: "虚构", nameEn: "Madeup"',
    "correctDistrict": 'nameZh: "虚构"',
    "bindRulePack": 'pack: "puer", since: "2024-09-01"',
    "cancelRulePackBinding": 'since: "2099-01-01", reason: "试"',
}


@pytest.mark.parametrize("name", OF_THE_OPERATOR)
@pytest.mark.parametrize("district", ["Bad District", "x", "a.b", "a" * 32, ""])
async def test_what_is_no_districts_code_is_told_to_the_operator_by_name(
    client: Client, world: World, name: str, district: str
) -> None:
    query = (
        f'mutation($d: ID!) {{ {name}(input: {{idempotencyKey: "key-of-operator", district: $d,'
        f" {OF_THE_OPERATOR[name]}}}) {{ district {{ code }} {ERRORS} }} }}"
    )
    token = client.token(district="platform", role="platform-operator")
    (error,) = (await client.data(query, variables={"d": district}, token=token))[name]["errors"]
    assert (error["code"], error["field"], error["value"]) == ("VALUE_INVALID", "input.district", district)
    assert world.calls == []


async def test_a_refused_setting_is_named_as_the_law_names_it(client: Client) -> None:
    query = (
        'mutation { bindRulePack(input: {idempotencyKey: "key-of-binding", district: "puer", pack: "puer",'
        ' since: "2024-09-01", settings: [{name: "no_such", value: "1"}]}) { errors { code field } } }'
    )
    token = client.token(district="platform", role="platform-operator")
    assert (await client.data(query, token=token))["bindRulePack"]["errors"] == [
        {"code": "SETTING_INVALID", "field": "input.settings.no_such"}
    ]


@pytest.mark.parametrize("district", ["putuo", "no-such-district"])
async def test_nobody_else_acts_on_another_district(client: Client, world: World, district: str) -> None:
    query = (
        'mutation($d: ID!) { bindRulePack(input: {idempotencyKey: "key-of-binding", district: $d, pack: "puer",'
        ' since: "2024-09-01"}) { district { code } errors { code field value message } } }'
    )
    answer = (await client.data(query, variables={"d": district}))["bindRulePack"]
    assert answer["district"] is None
    assert answer["errors"] == [
        {"code": "DISTRICT_UNKNOWN", "field": "input.district", "value": district, "message": "没有这个区县。"}
    ]
    assert world.calls == []


@pytest.mark.parametrize("value", [59.5, "59,5", "NaN", "1e3", "", True, "1" * 40, "59.5 ", "٣"])
async def test_what_is_no_exact_decimal_is_refused_by_name(client: Client, world: World, value: Any) -> None:
    fields, given = WRITES["registerTraining"]
    answer = await client.ask(
        f"mutation($input: RegisterTrainingInput!) {{ registerTraining(input: $input) {{ {fields} }} }}",
        variables={"input": {"idempotencyKey": KEY} | given | {"score": value}},
    )
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"].startswith("变量 $input 的值不对（score）：")
    assert error["extensions"]["messageEn"].startswith("Variable '$input' has invalid value at score: ")
    assert "59.5" in error["message"], "it says how to write one"
    assert "data" not in answer
    assert world.calls == []


async def test_a_float_in_the_document_is_refused_too(client: Client) -> None:
    answer = await client.ask(
        'mutation { registerTraining(input: {idempotencyKey: "key-of-float", teacherId: "t",'
        ' completedOn: "2024-07-12", score: 59.5}) { replayed } }'
    )
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert '"59.5"' in answer["errors"][0]["message"]


@pytest.mark.parametrize("day", ["2024-02-30", "20240901", "yesterday", 20240901])
async def test_a_day_is_a_day_of_the_calendar(client: Client, day: Any) -> None:
    query = "query($d: Date) { schools(asOf: $d) { totalCount } }"
    answer = await client.ask(query, variables={"d": day})
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert "YYYY-MM-DD" in answer["errors"][0]["message"]
