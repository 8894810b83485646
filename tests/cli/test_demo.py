"""The demonstration: two laws with forty schools and a year of records, a third district for visits; all made up."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from rich.progress import Progress
from yanxiu_cli.demo.people import DISTRICTS, FICTIONAL_AREA, TERMS, roster_of, schools_of, terms_through
from yanxiu_cli.demo.seed import Seeding
from yanxiu_cli.demo.trainings import head_teachers_of, trainings_of
from yanxiu_cli.demo.visited import AREAS, RESEARCHERS, VISITED
from yanxiu_cli.failed import Failed
from yanxiu_wire.credits import Total, Totals
from yanxiu_wire.faults import DeadlineExceeded, RemoteFault, ServiceUnavailable
from yanxiu_wire.refusal import Refused

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
    assert sum(len(roster_of(one)) for one in DISTRICTS) == 1000
    assert sum(len(schools_of(one)) for one in DISTRICTS) == 40
    assert [len(head_teachers_of(one)) for one in DISTRICTS] == [0, 100]


def test_the_calendar_reaches_the_term_of_today_whenever_that_is() -> None:
    for months in range(240):
        day = date(2024, 3, 1) + timedelta(days=30 * months)
        terms = terms_through(day)
        assert terms[: len(TERMS)] == TERMS
        assert terms[-1].ends_on >= day
        assert all(one.ends_on < two.starts_on for one, two in itertools.pairwise(terms))
        assert len({(one.school_year, one.number) for one in terms}) == len(terms)
        if len(terms) > len(TERMS):
            assert terms[-2].ends_on < day, "no term beyond the one that holds the day, or begins next"


class _MadeUpBus:
    """Answers what it was given, one after the other."""

    def __init__(self, *answers: object) -> None:
        self._answers: Iterator[Any] = iter(answers)

    async def call(self, *_asked: object, **_of: object) -> Any:
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_a_slow_first_start_is_waited_for_and_a_fault_is_told_in_words() -> None:
    def seeding(*answers: object) -> Seeding:
        return Seeding(_MadeUpBus(*answers), DISTRICTS[0], Progress(disable=True))  # type: ignore[arg-type]

    known = Totals(items=(Total(teacher="t", hours=Decimal(0), credits=Decimal(0), records=0),))
    slow = (DeadlineExceeded("credits"), ServiceUnavailable("credits"), Refused(errors=()), known)
    await seeding(*slow)._caught_up(("t",))
    with pytest.raises(Failed, match=r"装入示例数据时出错.*fault-7"):
        await seeding(RemoteFault("credits", "fault-7"))._caught_up(("t",))


@pytest.mark.parametrize("district", DISTRICTS, ids=lambda one: one.id)
def test_a_district_stands_there_under_its_law(demo: Platform, district) -> None:
    schools = demo.ask(
        demo.token(district.id), "{ schools(first: 1) { totalCount } teachers(first: 1) { totalCount } }"
    )
    assert schools["data"]["schools"]["totalCount"] == district.schools
    assert schools["data"]["teachers"]["totalCount"] == district.schools * district.teachers_each


def test_a_third_district_has_what_visits_rest_on(demo: Platform) -> None:
    answer = demo.ask(
        demo.token("ouhai"),
        """{ areas { name } schools(weak: true) { totalCount } teachers(first: 1) { totalCount }
          researchers { edges { node { id teacher { name } conflicts { kind } } } }
          researchGroups { totalCount } waiting: researchGroups(filed: false) { totalCount }
          leadingGroups { edges { node { kind members { part } } } } }""",
    )["data"]
    people = [edge["node"] for edge in answer["researchers"]["edges"]]
    assert len(answer["areas"]) == len(AREAS)
    assert answer["teachers"]["totalCount"] == VISITED.schools * VISITED.teachers_each + len(RESEARCHERS)
    assert len(people) == len(RESEARCHERS)
    assert all("示例" in one["teacher"]["name"] for one in people)
    assert [one["kind"] for person in people for one in person["conflicts"]] == ["亲属在校"]
    counts = [answer[name]["totalCount"] for name in ("schools", "researchGroups", "waiting")]
    assert counts == [2, VISITED.schools + 1, 3]
    kinds = [edge["node"]["kind"] for edge in answer["leadingGroups"]["edges"]]
    assert sorted(kinds) == ["行动小组"] * 3 + ["领导小组"]
    token = printed_token(demo, "ouhai", "researcher")
    assert demo.ask(token, "{ me { teacher { name } } }")["data"]["me"]["teacher"]["name"] == "示例研训员01"


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


def printed_token(demo: Platform, district: str, role: str) -> str:
    demo.wait_for("^# 3 ")
    lines = demo.console.splitlines()
    return lines[next(at for at, line in enumerate(lines) if line.startswith(f"{district} {role} ")) + 1]


TASKS = "{ tasks { edges { node { workflow processId school { name } step { name hindrances { code } } } } } }"


@pytest.mark.parametrize(
    ("district", "role", "expected"),
    [
        ("puer", "institute-officer", ("school_plan", "review", [])),
        ("puer", "district-officer", ("school_plan", "approve", [])),
        ("puer", "school-leader", ("year_recognition", "submit", ["STEP_TOO_EARLY", "OBJECTIONS_OPEN"])),
        ("putuo", "institute-officer", ("term_posting", "post", [])),
    ],
)
def test_whoever_has_a_printed_token_finds_something_to_do(
    demo: Platform, district: str, role: str, expected: tuple[str, str, list[str]]
) -> None:
    answer = demo.ask(printed_token(demo, district, role), TASKS)
    open_now = [one["node"] for one in answer["data"]["tasks"]["edges"] if one["node"]["processId"]]
    shown = [
        (one["workflow"], one["step"]["name"], [why["code"] for why in one["step"]["hindrances"]]) for one in open_now
    ]
    assert shown == [expected]


def test_a_plan_is_approved_with_the_coefficient_that_the_institute_set(demo: Platform) -> None:
    answer = demo.ask(
        printed_token(demo, "puer", "school-leader"),
        "{ processes { edges { node { workflow state projects { state } signatures { role mark } } } } }",
    )
    states = {edge["node"]["workflow"]: edge["node"] for edge in answer["data"]["processes"]["edges"]}
    plan = states["school_plan"]
    assert (plan["state"], [one["state"] for one in plan["projects"]]) == ("approved", ["APPROVED"])
    assert [one["role"] for one in plan["signatures"]] == [
        "SCHOOL_TRAINING_OFFICER",
        "INSTITUTE_OFFICER",
        "DISTRICT_OFFICER",
    ]
    assert states["year_recognition"]["state"] == "in_publicity"


def test_a_session_is_to_come_and_another_has_flags_for_the_school_to_settle(demo: Platform) -> None:
    answer = demo.ask(
        printed_token(demo, "puer", "school-training-officer"),
        "{ sessions { edges { node { on attendance { edges { node { state flags { kind open } } } } } } } }",
    )
    now, to_come = (edge["node"] for edge in answer["data"]["sessions"]["edges"])
    flags = [edge["node"]["flags"] for edge in now["attendance"]["edges"]]
    assert [[(one["kind"], one["open"]) for one in each] for each in flags] == [
        [("LEFT_EARLY", True)],
        [("SHARED_DEVICE", True)],
        [("SHARED_DEVICE", True)],
    ]
    assert to_come["attendance"]["edges"] == []
    assert now["on"] < to_come["on"]


def test_a_head_teacher_was_told_what_was_recognised_and_his_schools_term_is_locked(demo: Platform) -> None:
    answer = demo.ask(
        printed_token(demo, "putuo", "teacher"),
        "{ me { notices { edges { node { recognisedCredits } } } teacher { id total { recognisedCredits } } } }",
    )
    (notice,) = answer["data"]["me"]["notices"]["edges"]
    total = answer["data"]["me"]["teacher"]["total"]
    assert notice["node"]["recognisedCredits"] == total["recognisedCredits"] != "0"
    locks = demo.ask(
        printed_token(demo, "putuo", "institute-officer"),
        "{ periodLocks { edges { node { label inForce school { name } } } } }",
    )
    assert [
        (edge["node"]["label"], edge["node"]["inForce"], edge["node"]["school"]["name"])
        for edge in locks["data"]["periodLocks"]["edges"]
    ] == [("2024-2025学年第二学期", True, "普陀示例第01小学")]


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
