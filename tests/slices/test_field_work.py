"""A visit in Ouhai through every part of the platform: register, phone, school page, an officer's view."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from yanxiu_gateway.schema.nodes import plain_id

from tests.slices.actors import Town
from tests.slices.platform import guarded
from tests.slices.stage import Stage

pytestmark = pytest.mark.usefixtures("on_both")

TERM = "2024-2025-1"
# The visits service hears of districts, schools, people and terms by the registry's events, a little late.
LATE = (
    "DISTRICT_UNKNOWN",
    "LAW_NOT_IN_FORCE",
    "RESEARCHER_UNKNOWN",
    "SCHOOL_UNKNOWN",
    "TERM_UNKNOWN",
    "PERSON_UNKNOWN",
)
VISIT = """visit { id state phase halfDays school { name } researcher { teacher { staffNumber } } } effect"""
PAGE = """query($s: ID!, $t: ID!) { schoolFieldWork(school: $s, term: $t) { school { name } residencies { totalCount }
  visits { edges { node { state days { on halfDays } researcher { teacher { staffNumber } } } } }
  findings(open: true) { edges { node { text owner { staffNumber } overdue } } } } }"""
MINE = """query($r: ID!, $t: ID!) { termWork(researcher: $r, term: $t) { researcher { teacher { staffNumber } } startsOn
  residencies { totalCount } figures { name value } findings { state } unfinished { id } } }"""


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    nats = guarded(tmp_path)
    try:
        async with Stage(nats, tmp_path, "2024-10-18").playing() as stage:
            yield Town(stage, "ouhai-field", "ouhai")
    finally:
        nats.stop()


async def test_a_visit_seen_by_the_researcher_the_school_and_an_officer(town: Town) -> None:
    await town.opens_district("2024-01-01")
    await town.sets_term("2024-2025", 1, "2024-09-02", "2025-01-17")
    await town.employs("Lan", "Yu")
    lan, yu = (town.people[name] for name in ("Lan", "Yu"))
    enrolled = {"teacherId": lan, "beginsOn": "2024-08-01", "subjects": ["语文"], "stages": ["PRIMARY"]}
    await town.enter("enrolResearcher", enrolled)
    researcher = town.token("researcher", teacher=plain_id("Teacher", lan))

    async def note(token: str, name: str, fields: str, **given: Any) -> dict[str, Any]:
        named = {"idempotencyKey": str(uuid.uuid4()), **given}
        return await town.platform.persist(token, name, named, fields, waits_for=LATE)

    visit = str(uuid.uuid4())
    left = {"visitId": visit, "occurredAt": "2024-10-14T16:00:00+08:00", "halfDays": 2}
    assert (await note(researcher, "leaveSchool", VISIT, **left))["effect"] == "WAITING"
    came = {"visitId": visit, "occurredAt": "2024-10-14T08:00:00+08:00", "termId": TERM, "schoolId": town.school}
    there = await note(researcher, "arriveAtSchool", VISIT, **came, phase="期中")
    assert there["visit"] | {"id": ""} == {
        "id": "", "state": "DONE", "phase": "期中", "halfDays": 2, "school": {"name": "虚构小学"},
        "researcher": {"teacher": {"staffNumber": "Lan"}},
    }  # fmt: skip
    found = {"findingId": str(uuid.uuid4()), "occurredAt": "2024-10-14T15:00:00+08:00", "text": "批改不及时"}
    whose = {"schoolId": town.school, "ownerId": yu, "dueOn": "2024-10-17", "visitId": there["visit"]["id"]}
    await note(researcher, "recordFinding", "finding { id }", **found, **whose)
    leader = town.token("school-leader", school=plain_id("School", town.school))
    page = (await town.platform.read(leader, PAGE, s=town.school, t=TERM))["schoolFieldWork"]
    assert page["school"] == {"name": "虚构小学"}
    assert page["residencies"] == {"totalCount": 0}
    (node,) = (edge["node"] for edge in page["visits"]["edges"])
    assert (node["state"], node["days"]) == ("DONE", [{"on": "2024-10-14", "halfDays": 2}])
    (finding,) = (edge["node"] for edge in page["findings"]["edges"])
    assert finding == {"text": "批改不及时", "owner": {"staffNumber": "Yu"}, "overdue": True}
    for token in (researcher, town.token("institute-officer")):
        mine = (await town.platform.read(token, MINE, r=lan, t=TERM))["termWork"]
        assert (mine["startsOn"], mine["unfinished"]) == ("2024-09-02", [])
        assert {one["name"]: one["value"] for one in mine["figures"] if one["value"]} == {
            "half_days": 2, "visits": 1, "findings": 1,
        }  # fmt: skip
        assert mine["findings"] == [{"state": "OPEN"}]
