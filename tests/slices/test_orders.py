"""Dated lists come oldest or newest first, page by page, and are narrowed by what a desk asks for."""

from __future__ import annotations

from typing import Any

import pytest
from yanxiu_gateway.schema.nodes import plain_id

from tests.slices import probe
from tests.slices.district import TRAINING, District
from tests.slices.platform import Platform

DAYS = ("2024-07-12", "2024-07-10", "2024-07-12", "2024-07-11")


async def paged(district: District, name: str, asked: str, *, first: int = 3) -> list[str]:
    """The ids of a whole list, read page by page."""
    ids: list[str] = []
    after = None
    while True:
        text = f"query($a: String) {{ {name}({asked}, first: {first}, after: $a) {{ totalCount pageInfo {{ hasNextPage"
        text += " endCursor } edges { node { id } } } }"
        told = (await district.platform.post(district.token(), text, {"a": after})).json()
        assert "errors" not in told, told
        page = told["data"][name]
        ids += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            assert len(ids) == len(set(ids)) == page["totalCount"]
            return ids
        after = page["pageInfo"]["endCursor"]


async def both_ways(district: District, name: str, also: str = "") -> list[str]:
    """The ids of a list, oldest first; newest first it has the same the other way round."""
    oldest = await paged(district, name, f"order: OLDEST {also}")
    assert await paged(district, name, f"order: NEWEST {also}") == oldest[::-1]
    assert await paged(district, name, f"order: NEWEST {also}", first=1) == oldest[::-1]
    return oldest


@pytest.fixture(scope="module")
async def puer(platform: Platform) -> District:
    return await District(platform, "orders-puer").open()


@pytest.fixture(scope="module")
async def ouhai(platform: Platform) -> District:
    return await District(platform, "orders-ouhai", "ouhai").open()


async def test_records_by_day_project_school_and_status(puer: District) -> None:
    teacher, project, other = await puer.hire("T001"), await puer.project(), await puer.project()
    colleague, score = await puer.hire("T002"), TRAINING["score"]
    for number, on in enumerate(DAYS):
        who, what = (teacher, colleague)[number % 2], (project, other)[number // 2]
        await puer.register(who, what, completedOn=on, score="10" if number == 3 else score)
    everything = await both_ways(puer, "records")
    assert everything
    of_project = await both_ways(puer, "records", f'project: "{project}"')
    assert of_project
    assert set(of_project) < set(everything)
    (his,) = await both_ways(puer, "records", f'teacher: "{teacher}" project: "{project}"')
    assert his in of_project
    assert await both_ways(puer, "records", f'school: "{puer.school}"') == everything
    assert await both_ways(puer, "records", f'school: "{await puer.found("S002")}"') == []
    counted = await both_ways(puer, "records", "status: COUNTED")
    zero = await both_ways(puer, "records", "status: ZERO")
    assert zero
    assert sorted(counted + zero) == sorted(everything)
    shown = "{ school(id: $s) { teachers(first: 5) { edges { node { records(first: 9, order: NEWEST) { edges {"
    text = f"query($s: ID!) {shown} node {{ id }} }} }} }} }} }} }} }}"
    told = (await puer.platform.post(puer.token(), text, {"s": puer.school})).json()
    rows = told["data"]["school"]["teachers"]["edges"]
    found = [[edge["node"]["id"] for edge in row["node"]["records"]["edges"]] for row in rows]
    assert [[one for one in everything[::-1] if one in its] for its in found] == found
    assert sorted(one for its in found for one in its) == sorted(everything)


async def test_sessions_by_time_and_state(puer: District) -> None:
    project, institute = await puer.project(), puer.token("institute-officer")
    ids = []
    for day in (10, 8, 9):
        given: dict[str, Any] = {
            "title": "虚构场次", "on": f"2030-10-{day:02}", "startsAt": f"2030-10-{day:02}T08:00:00+08:00",
            "endsAt": f"2030-10-{day:02}T10:00:00+08:00", "hours": "2", "opensBefore": 30, "closesAfter": 30,
            "projectId": project,
        }  # fmt: skip
        made = await puer.enter("scheduleSession", given, "session { id }", token=institute)
        ids.append(made["session"])
    called_off = {"sessionId": ids[1]["id"], "reason": "虚构"}
    await puer.enter("cancelSession", called_off, token=institute)
    of_project = await both_ways(puer, "sessions", f'project: "{project}"')
    assert of_project == [ids[1]["id"], ids[2]["id"], ids[0]["id"]]
    assert await both_ways(puer, "sessions", f'project: "{project}" state: CANCELLED') == [ids[1]["id"]]
    assert len(await both_ways(puer, "sessions", f'project: "{project}" state: SCHEDULED')) == 2


async def test_visits_and_records_of_work_by_day(ouhai: District) -> None:
    teacher = await ouhai.hire("T001")
    term = {"schoolYear": "2024-2025", "number": 1, "startsOn": "2024-09-01", "endsOn": "2025-01-18"}
    entered = await ouhai.enter("setTerm", term, "term { id }")
    person = {"teacherId": teacher, "beginsOn": "2024-01-01", "subjects": ["语文"], "stages": ["PRIMARY"]}
    await ouhai.enter("enrolResearcher", person)
    there = ouhai.token("researcher", teacher=plain_id("Teacher", teacher))
    for number, day in enumerate((15, 14, 16)):
        at = {"occurredAt": f"2024-10-{day}T08:00:00+08:00", "schoolId": ouhai.school}
        visit = {**at, "visitId": f"orders-visit-{number}", "termId": entered["term"]["id"]}
        await ouhai.enter("arriveAtSchool", visit, token=there)
        lesson = {
            **at, "recordId": f"orders-lesson-{number}", "on": f"2024-10-{day}", "termId": entered["term"]["id"],
            "subject": "语文", "title": "虚构", "grade": "一年级", "comment": "虚构",
        }  # fmt: skip
        await ouhai.enter("recordObservation", lesson, token=there)
    for name, kind, word in (("visits", "Visit", "visit"), ("fieldRecords", "FieldRecord", "lesson")):
        ids = [plain_id(kind, one).rpartition(".")[2] for one in await both_ways(ouhai, name)]
        assert ids == [f"orders-{word}-1", f"orders-{word}-0", f"orders-{word}-2"]


def test_no_dated_list_of_the_desks_is_forgotten() -> None:
    root = probe.SCHEMA.query_type
    assert root is not None
    assert {name for name, field in root.fields.items() if "order" in field.args} >= {
        "records", "sessions", "visits", "fieldRecords", "shortfalls",
    }  # fmt: skip
