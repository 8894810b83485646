"""The demonstration: two laws, sixty schools, three thousand teachers, a year of records, all of it made up."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
from yanxiu_cli.demo.people import DISTRICTS, FICTIONAL_AREA, roster_of, schools_of
from yanxiu_cli.demo.trainings import head_teachers_of, trainings_of

from tests.cli.platform import Platform

pytestmark = pytest.mark.timeout(300)
VERDICTS = '{ teachers(first: 50) { edges { node { staffNumber standing(kind: "%s", on: "%s") { verdict } } } } }'


def test_the_made_up_data_is_the_same_every_time_and_nobodys() -> None:
    for district in DISTRICTS:
        roster = roster_of(district)
        assert roster == roster_of(district)
        assert trainings_of(district) == trainings_of(district)
        assert all(row["national_id"].startswith(FICTIONAL_AREA) and "示例" in row["name"] for row in roster)
        assert (
            len({row["national_id"] for row in roster}) == len(roster) == len({row["staff_number"] for row in roster})
        )
    assert sum(len(roster_of(one)) for one in DISTRICTS) == 3000
    assert sum(len(schools_of(one)) for one in DISTRICTS) == 60
    assert [len(head_teachers_of(one)) for one in DISTRICTS] == [0, 300]


@pytest.mark.parametrize("district", DISTRICTS, ids=lambda one: one.id)
def test_a_district_stands_there_under_its_law(demo: Platform, district) -> None:
    schools = demo.ask(
        demo.token(district.id), "{ schools(first: 1) { totalCount } teachers(first: 1) { totalCount } }"
    )
    assert schools["data"]["schools"]["totalCount"] == district.schools
    assert schools["data"]["teachers"]["totalCount"] == district.schools * district.teachers_each


@pytest.mark.parametrize(
    ("district", "kind", "on", "verdicts"),
    [
        ("puer", "year", "2025-12-31", {"PASS", "FAIL"}),
        ("putuo", "school_year", "2025-06-01", {"PASS", "FAIL", "EXEMPT"}),
    ],
)
def test_some_teachers_are_short_and_others_are_not(
    demo: Platform, district: str, kind: str, on: str, verdicts: set[str]
) -> None:
    answer = demo.ask(demo.token(district), VERDICTS % (kind, on))
    assert {edge["node"]["standing"]["verdict"] for edge in answer["data"]["teachers"]["edges"]} == verdicts


def test_a_token_of_each_role_of_both_districts_is_printed(demo: Platform) -> None:
    demo.wait_for("^# 3 ")
    for district in ("puer", "putuo"):
        for role in ("district-officer", "institute-officer", "school-training-officer", "teacher", "auditor"):
            line = demo.console.splitlines().index(
                next(x for x in demo.console.splitlines() if x.startswith(f"{district} {role} "))
            )
            token = demo.console.splitlines()[line + 1]
            assert demo.ask(token, "{ __typename }") == {"data": {"__typename": "Query"}}


def test_the_three_printed_operations_answer_as_pasted(demo: Platform) -> None:
    demo.wait_for("^# 3 ")
    lines = demo.console.splitlines()
    tokens = [line for line in lines if re.match("(PUER|PUTUO)=", line)]
    operations = [line for line in lines[lines.index(tokens[-1]) :] if line.startswith("curl ")]
    assert len(operations) == 3
    for operation in operations:
        body = json.loads(
            subprocess.run(
                ["bash", "-c", f"printf %s {operation.partition(' -d ')[2]}"],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        token = next(line.partition("=")[2] for line in tokens if f'${line.partition("=")[0]}"' in operation)
        answer = demo.ask(token, body["query"], **body.get("variables", {}))
        assert "errors" not in answer, answer
        assert next(iter(answer["data"].values())), answer
        assert "errors': [{" not in str(answer)
