"""Supervision through GraphQL: a mixed team, a draw that all can see, an inspection with its report and findings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from yanxiu_gateway.schema.nodes import global_id

from tests.services.credits.standings.live import gate
from tests.services.visits.field import new_id
from tests.services.visits.test_graphql import FIND, Asker

ERRORS = "errors { code field value clauses }"
TEAM = (
    f"mutation($i: AppointSupervisionTeamInput!) {{ appointSupervisionTeam(input: $i) {{ team {{ id }} {ERRORS} }} }}"
)
DRAW = f"mutation($i: CommitDrawInput!) {{ commitDraw(input: $i) {{ draw {{ id seed seedSha256 }} {ERRORS} }} }}"
REVEAL = f"mutation($i: RevealDrawInput!) {{ revealDraw(input: $i) {{ draw {{ seed drawnIds }} {ERRORS} }} }}"
SCHEDULE = f"""mutation($i: ScheduleInspectionInput!) {{
  scheduleInspection(input: $i) {{ inspection {{ id form }} {ERRORS} }} }}"""
REPORT = f"""mutation($i: ReportInspectionInput!) {{
  reportInspection(input: $i) {{ inspection {{ state kind }} {ERRORS} }} }}"""
PAGE = """query($y: String!) {
  supervisionStanding(schoolYear: $y) { schools reportedRandom drawnMissing rulings { failed } }
  supervisionTeams { edges { node { name members { side } } } }
  inspections { edges { node { kind draw { seed } findings { totalCount edges { node { text } } } } } } }"""


@pytest.fixture
async def asker(ouhai: Any, quick_nats: Any, tmp_path: Path) -> AsyncIterator[Asker]:
    import httpx2

    async with gate(quick_nats.url, tmp_path / "keys") as door, httpx2.AsyncClient(trust_env=False) as http:
        yield Asker(door, ouhai, http)


async def test_a_random_supervision_from_the_draw_to_its_findings(asker: Asker) -> None:
    officer, supervisor = asker.house.officer, asker.house.caller("supervisor", teacher="r1")
    members = [{"personId": "b1", "side": "ADMINISTRATIVE"}, {"personId": "r1", "side": "PROFESSIONAL"}]
    alone = await asker.do(officer, TEAM, name="一组", since="2024-09-01", members=members[1:])
    assert alone["errors"] == [
        {"code": "AGAINST_THE_LAW", "field": "input.members", "value": "1", "clauses": ["OUHAI-6-9a"]}
    ]
    team = (await asker.do(officer, TEAM, name="一组", since="2024-09-01", members=members))["team"]["id"]
    closed = [{"schoolId": global_id("School", "s3"), "reason": "校舍搬迁停课"}]
    draw = (await asker.do(officer, DRAW, schoolYear="2024-2025", count=1, exempted=closed))["draw"]
    assert draw["seed"] is None
    public = "query($d: ID!) { supervisionDraw(id: $d) { seedSha256 roster } }"
    seen = (await asker.ask(asker.house.school(), public, d=draw["id"]))["supervisionDraw"]
    assert seen == {"seedSha256": draw["seedSha256"], "roster": ["s1", "s2"]}
    shown = (await asker.do(supervisor, REVEAL, drawId=draw["id"], witness="24120"))["draw"]
    (school,) = shown["drawnIds"]
    given = {"schoolYear": "2024-2025", "kind": "RANDOM", "dueOn": "2024-10-18", "teamId": team, "drawId": draw["id"]}
    made = (await asker.do(supervisor, SCHEDULE, schoolId=global_id("School", school), supervisorIds=["r1"], **given))[
        "inspection"
    ]
    lines = [{"name": name, "remark": "到位"} for name in made["form"]]
    report = {"inspectionId": made["id"], "heldOn": "2024-10-18", "summary": "良好"}
    short = await asker.do(supervisor, REPORT, lines=lines[1:], **report)
    assert [one["code"] for one in short["errors"]] == ["FORM_INCOMPLETE"]
    done = await asker.do(supervisor, REPORT, lines=lines, **report)
    assert done["inspection"] == {"state": "REPORTED", "kind": "RANDOM"}
    owner = {"s1": "t1", "s2": "t3"}[school]
    await asker.do(
        supervisor, FIND, findingId=new_id("finding"), occurredAt="2024-10-16T15:00:00+08:00", text="研修次数不足",
        schoolId=global_id("School", school), ownerId=owner, dueOn="2024-10-30", inspectionId=made["id"],
    )  # fmt: skip
    page = await asker.ask(officer, PAGE, y="2024-2025")
    assert page["supervisionStanding"]["reportedRandom"] == 1
    assert page["supervisionStanding"]["drawnMissing"] == []
    assert ["OUHAI-6-9b"] in [one["failed"] for one in page["supervisionStanding"]["rulings"]]
    (edge,) = page["inspections"]["edges"]
    assert edge["node"]["draw"] == {"seed": shown["seed"]}
    assert [one["node"]["text"] for one in edge["node"]["findings"]["edges"]] == ["研修次数不足"]
