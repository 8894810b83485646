"""All that is held on a person leaves as one signed document: to himself, or to an official who says what for."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_wire.person_document import check, tables_of
from yanxiu_wire.signed import NotSigned, read_keys

from tests.services.registry.conftest import synthetic_id
from tests.slices.district import District
from tests.slices.platform import Platform

EXPORT = """query($t: ID!, $r: String! = "", $reveal: Boolean! = false) {
  exportPerson(teacher: $t, reason: $r, reveal: $reveal) { document issuedAt tables { service table rows } } }"""
NUMBER = synthetic_id(7)


class Town(District):
    """A teacher who was entered, moved, trained, found in a group, and looked at; and a colleague."""

    async def settle(self) -> None:
        await self.open()
        given = {
            "staffNumber": "GH-7001", "name": "虚构某甲", "schoolId": self.school, "employedSince": "2020-09-01",
            "hiredOn": "2015-09-01", "nationalId": NUMBER,
        }  # fmt: skip
        self.teacher = (await self.enter("createTeacher", given, "teacher { id }"))["teacher"]["id"]
        self.other = await self.hire("GH-7002")
        await self.register(self.teacher, await self.project())
        await self.enter(
            "enrolResearcher",
            {"teacherId": self.teacher, "beginsOn": "2024-01-01", "subjects": ["语文"], "stages": ["PRIMARY"]},
        )
        async with asyncio.timeout(self.platform.patience):
            while await self.exported(self.token(), self.teacher, r="本人申请（虚构）") == "DISTRICT_UNKNOWN":  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)  # the visits service hears of a district by an event, and tells nobody

    async def exported(self, token: str, teacher: str, **given: Any) -> Any:
        """The export, or the code of the refusal."""
        answer = (await self.platform.post(token, EXPORT, {"t": teacher, **given})).json()
        if "errors" in answer:
            return answer["errors"][0]["extensions"]["code"]
        return answer["data"]["exportPerson"]

    def himself(self, teacher: str) -> str:
        return self.token("teacher", teacher=plain_id("Teacher", teacher))


@pytest.fixture(scope="module")
async def town(platform: Platform) -> Town:
    made = Town(platform, "export-town")
    await made.settle()
    return made


def rows_of(found: Any) -> dict[tuple[str, str], int]:
    return {(one["service"], one["table"]): one["rows"] for one in found["tables"]}


async def test_the_document_names_every_table_and_is_signed(town: Town) -> None:
    found = await town.exported(town.token(), town.teacher, r="本人申请（虚构）")
    rows = rows_of(found)
    held = [("registry", "teacher"), ("registry", "teacher_fact"), ("registry", "employment"), ("credits", "record")]
    held += [
        ("credits", "ledger"),
        ("credits", "decision"),
        ("credits", "fact_history"),
        ("registry", "researcher_fact"),
    ]
    held += [("registry", "audit_record")]
    assert [one for one in held if rows[one] < 1] == []
    (card,) = tables_of(found["document"])["registry"]["teacher"]
    assert (card["staff_number"], card["national_id"]) == ("GH-7001", f"{NUMBER[:3]}***********{NUMBER[-4:]}")
    assert "虚构某甲" in found["document"]
    assert msgspec.json.decode(found["document"])["content"]["transcript"], "his transcript is in it"
    keys = read_keys((town.platform.keys / "ledger-jwks.json").read_text())
    assert check(found["document"], keys).teacher == plain_id("Teacher", town.teacher)
    with pytest.raises(NotSigned):
        check(found["document"].replace("虚构某甲", "虚构某乙"), keys)


async def test_the_number_is_whole_only_where_it_may_be_revealed(town: Town) -> None:
    shown = await town.exported(town.token(), town.teacher, r="核对（虚构）", reveal=True)
    assert NUMBER in shown["document"]
    for token in (town.himself(town.teacher), town.token("auditor")):
        assert NUMBER not in (await town.exported(token, town.teacher, r="核对（虚构）", reveal=True))["document"]


async def test_it_is_given_to_himself_and_to_officials_who_say_why_and_to_nobody_else(town: Town) -> None:
    own = await town.exported(town.himself(town.teacher), town.teacher)
    assert rows_of(own)["credits", "record"] == 1
    assert await town.exported(town.token(), town.teacher) == "REASON_MISSING"
    assert await town.exported(town.token(), town.teacher, r=f"号码{NUMBER}") == "REASON_MISSING"
    assert await town.exported(town.himself(town.other), town.teacher) == "TEACHER_UNKNOWN"
    assert await town.exported(town.school_officer, town.teacher, r="查看（虚构）") == "FORBIDDEN"
    assert await town.exported(town.token(), "VGVhY2hlcjpub2JvZHk=", r="查看（虚构）") == "TEACHER_UNKNOWN"


async def test_each_export_stands_in_the_trail_of_every_service(town: Town) -> None:
    await town.exported(town.token(), town.teacher, r="本人申请（虚构）")
    trail = """query($t: ID!) { auditTrail(filter: {person: $t, action: "get-person"}) {
      edges { node { service action reason } } } }"""
    answer = await town.platform.read(town.token("auditor"), trail, t=town.teacher)
    found = [one["node"] for one in answer["auditTrail"]["edges"]]
    assert {one["service"] for one in found} == {"REGISTRY", "CREDITS", "VISITS"}
    assert "本人申请（虚构）" in {one["reason"] for one in found}
