"""The trail on the running platform: what districts do stands in it, who may read it does, and no person is in it."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from yanxiu_cli.__main__ import run
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_wire.caller import Role

from tests.services.registry.conftest import synthetic_id
from tests.slices.district import TRAINING, District
from tests.slices.platform import Platform

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "audit.md").read_text(encoding="utf-8")
TEXTS = re.findall(r"```graphql\n(.*?)```", GUIDE, re.DOTALL)
QUERIES = {text.split()[1].partition("(")[0]: text for text in TEXTS}
TRAIL = """query($after: String, $filter: AuditFilter) { auditTrail(first: 20, after: $after, filter: $filter) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { number at service seq kind action subject role home grant
  app operation document policies outcome code key objects total filters { name value } reason } } } }"""
REGISTER = """mutation Register($input: RegisterTrainingInput!) { registerTraining(input: $input) {
  replayed record { id } errors { code } } }"""


class Trail:
    """A district with one teacher and a record, and its auditor."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.platform = district.platform
        self.auditor = district.token("auditor")
        self.teacher = ""

    async def settle(self) -> Trail:
        self.teacher = await self.district.hire("T001")
        await self.district.register(self.teacher, await self.district.project())
        return self

    async def walk(self, **wanted: Any) -> list[dict[str, Any]]:
        """Every line that fits, page by page."""
        lines, after = [], None
        while True:
            data = await self.platform.read(self.auditor, TRAIL, after=after, filter=wanted)
            page = data["auditTrail"]
            lines += [edge["node"] for edge in page["edges"]]
            if not page["pageInfo"]["hasNextPage"]:
                return lines
            after = page["pageInfo"]["endCursor"]

    async def until(self, count: int, **wanted: Any) -> list[dict[str, Any]]:
        """The lines once there are so many: a district's process writes its looks within a second, and tells nobody."""
        async with asyncio.timeout(10):
            while True:
                if len(lines := await self.walk(**wanted)) >= count:
                    return lines
                await asyncio.sleep(0.1)


@pytest.fixture(scope="module")
async def trail(platform: Platform) -> Trail:
    return await Trail(await District(platform, "audited").open()).settle()


async def test_what_was_done_stands_in_one_order_with_who_by_what_and_about_whom(trail: Trail) -> None:
    lines = await trail.walk(kind="COMMAND")
    done = [one["action"] for one in lines if one["outcome"] == "DONE"][::-1]
    assert [one for one in done if one != "prepare"][:3] == ["create-district", "bind-rule-pack", "create-school"]
    assert {"create-teacher", "propose-project", "decide-project", "register-training"} <= set(done)
    assert [one["at"] for one in lines] == sorted((one["at"] for one in lines), reverse=True)
    (registered,) = [one for one in lines if one["action"] == "register-training" and one["outcome"] == "DONE"]
    assert plain_id("Teacher", trail.teacher) in registered["objects"]
    assert (registered["service"], registered["role"], registered["home"]) == ("CREDITS", "DISTRICT_OFFICER", "audited")
    assert registered["policies"] == ["credits-registrars"], "the reason, from the process that judges"
    assert len(registered["document"]) == 16
    opened = next(one for one in lines if one["action"] == "create-district")
    assert (opened["role"], opened["home"]) == ("PLATFORM_OPERATOR", "platform")


async def test_a_refused_and_a_repeated_command_and_a_look_each_leave_their_line(trail: Trail) -> None:
    district, teacher = trail.district, trail.teacher
    given = {"idempotencyKey": "0198f000-0000-7000-8000-000000000001", "teacherId": teacher, **TRAINING}
    refused = await district.platform.post(district.token(), REGISTER, {"input": given | {"projectId": "nowhere"}})
    code = refused.json()["data"]["registerTraining"]["errors"][0]["code"]
    look = "query Look($t: ID!) { teacher(id: $t) { name total { hours } } }"
    seen = "query Look($t: ID!) { records(first: 5) { edges { node { id } } } teacher(id: $t) { name } }"
    leader = district.token("school-leader", school=plain_id("School", district.school))
    await district.platform.read(leader, look, t=teacher)
    await district.platform.read(leader, seen, t=teacher)
    lines = await trail.until(1, outcome="REFUSED", service="CREDITS", action="register-training")
    assert (lines[0]["code"], lines[0]["operation"], lines[0]["key"]) == (code, "Register", given["idempotencyKey"])
    about = await trail.until(2, person=teacher, kind="READ", role="SCHOOL_LEADER")
    assert {(one["service"], one["action"], one["operation"]) for one in about} >= {
        ("REGISTRY", "get-teachers", "Look"), ("CREDITS", "get-totals", "Look"),
    }  # fmt: skip
    (listed,) = [one for one in await trail.until(1, action="list-records") if one["role"] == "SCHOOL_LEADER"]
    assert {"name": "first", "value": "5"} in listed["filters"]


async def test_a_teacher_is_told_who_saw_him_and_only_the_auditor_reads_the_whole(trail: Trail) -> None:
    district = trail.district
    himself = district.token("teacher", teacher=plain_id("Teacher", trail.teacher))
    told = await district.platform.read(himself, QUERIES["WhoSawMe"])
    seen = [edge["node"] for edge in told["me"]["seenBy"]["edges"]]
    assert {"create-teacher", "register-training"} <= {one["action"] for one in seen}
    assert all(one["role"] != "TEACHER" for one in seen)
    assert (await district.platform.read(district.token(), QUERIES["WhoSawMe"]))["me"]["seenBy"] is None
    roles: tuple[Role, ...] = ("district-officer", "institute-officer", "supervisor", "researcher")
    for role in roles:
        answer = (await district.platform.post(district.token(role), TRAIL)).json()
        assert (answer["data"]["auditTrail"], answer["errors"][0]["extensions"]["code"]) == (None, "FORBIDDEN"), role
    tried = await trail.until(12, action="list-audit", outcome="REFUSED")
    assert {one["role"] for one in tried} == {role.upper().replace("-", "_") for role in roles}
    assert await trail.walk(action="list-audit", outcome="DONE", role="AUDITOR"), "the auditor too"


async def test_the_queries_of_the_guide_are_answered(trail: Trail) -> None:
    assert set(QUERIES) == {"WhoSaw", "Refused", "WhoSawMe"}
    saw = await trail.platform.read(trail.auditor, QUERIES["WhoSaw"], person=trail.teacher)
    assert saw["auditTrail"]["totalCount"] >= 2
    assert (await trail.platform.read(trail.auditor, QUERIES["Refused"]))["auditTrail"]["edges"]


async def test_another_districts_trail_is_not_to_be_seen(trail: Trail, platform: Platform) -> None:
    other = await District(platform, "audited-other").open()
    theirs = Trail(other)
    assert {one["home"] for one in await theirs.walk()} == {"platform", "audited-other"}
    assert await theirs.walk(person=trail.teacher) == [], "a foreign id is as one that is not"


async def test_no_person_is_in_it_whatever_is_asked(trail: Trail) -> None:
    """A hundred drawn operations with names, numbers and ids of people in every place that takes a text."""
    district, chance = trail.district, random.Random(20260314)
    number, name, staff = synthetic_id(5), "合成某某某", "GH20260001"
    made = {"staffNumber": staff, "name": name, "nationalId": number, "schoolId": district.school}
    made |= {"employedSince": "2020-09-01", "hiredOn": "2015-09-01"}
    put = "mutation M($input: CreateTeacherInput!) { createTeacher(input: $input) { errors { code } } }"
    asked = f"query q{number}($s: String) {{ teachers(first: 5, search: $s) {{ edges {{ node {{ name }} }} }} }}"
    drawn: list[tuple[str, Mapping[str, Any]]] = [
        (asked, {"s": name}),
        (asked, {"s": number}),
        ("query Q($t: ID!) { teacher(id: $t) { name nationalId } }", {"t": trail.teacher}),
        ("query Q($t: ID!) { teacher(id: $t) { name } }", {"t": name}),
        ("query Q($t: ID!) { records(first: 3, teacher: $t) { totalCount } }", {"t": staff}),
        (put, {"input": made}),
        (REGISTER, {"input": {"teacherId": name, "projectId": number, **TRAINING}}),
    ]
    for _ in range(100):
        query, variables = chance.choice(drawn)
        if "input" in variables:
            variables = {"input": {**variables["input"], "idempotencyKey": f"{staff}-{chance.randrange(10**9)}"}}
        await district.platform.post(district.token(), query, variables)
    await trail.until(5, action="create-teacher")
    await trail.until(1, action="list-teachers")
    found = []
    for service in ("registry", "credits", "visits"):
        with closing(connect(district.platform.data / service / f"{district.code}.db")) as file:
            found += file.execute("SELECT * FROM audit_record").fetchall()
    said = " ".join(str(row) for row in found)
    assert len(found) > 50
    assert not [one for one in (number, number[:-1], name, staff, "虚构教师", "T001") if one in said]


async def test_the_command_line_lists_writes_and_checks(
    trail: Trail, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    guard = trail.platform.nats.guard
    assert guard is not None
    for name, value in {"YANXIU_NATS_URL": trail.platform.nats.url, **guard.variables("operator")}.items():
        monkeypatch.setenv(name, value)

    async def told(*words: str) -> tuple[int, str]:
        code = await asyncio.to_thread(run, ["audit", *words, "--district", trail.district.code])
        out, err = capsys.readouterr()
        return code, out + err

    code, said = await told("list", "--action", "create-school")
    assert (code, "create-school" in said, "完成 done" in said) == (0, True, True)
    target, heads = tmp_path / "trail.csv", tmp_path / "heads.json"
    assert (await told("list", "--csv", str(target)))[0] == 0
    rows = target.read_text(encoding="utf-8-sig").splitlines()
    assert rows[0].startswith("service,seq,at,kind,action,subject")
    assert len(rows) > 20
    for _ in range(2):
        code, said = await told("verify", "--heads", str(heads))
        assert (code, said.count("条完整")) == (0, 3), said
    assert '"credits"' in heads.read_text(encoding="utf-8")
    heads.write_text(re.sub(r'"hash": "[0-9a-f]{4}', '"hash": "ffff', heads.read_text(encoding="utf-8")))
    code, said = await told("verify", "--heads", str(heads))
    assert (code, "与另存的摘要不符" in said) == (1, True)
