"""A year of a school in Ouhai: its plan 1+x, credits by source, the shares announced, and a teacher from Pu'er."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.slices.actors import OFFICERS, REGISTRARS, SCHOOL_ROLES, Town, paper, stated
from tests.slices.district import District
from tests.slices.platform import guarded
from tests.slices.stage import Stage

pytestmark = pytest.mark.usefixtures("on_both")


@pytest.fixture
async def year(tmp_path: Path) -> AsyncIterator[Town]:
    nats = guarded(tmp_path)
    try:
        async with Stage(nats, tmp_path, "2024-08-26").playing() as stage:
            yield Town(stage, "ouhai-year", "ouhai")
    finally:
        nats.stop()


async def test_the_full_year_of_an_ouhai_school_each_step_by_its_proper_role_and_refused_to_every_other(
    year: Town,
) -> None:
    await the_district_is_opened(year)
    plan = await the_plan_is_filed(year)
    await trainings_are_registered_by_source(year)
    await the_year_is_recognised(year)
    await the_bureau_announces_its_shares(year)
    await a_teacher_of_puer_is_received(year)
    await the_plan_shows_its_results(year, plan)
    await the_books_agree(year)


async def the_district_is_opened(year: Town) -> None:
    await year.opens_district("2024-01-01")
    year.elsewhere = Elsewhere(year.stage, "ouhai-elsewhere", "ouhai")
    await year.elsewhere.open()
    await year.sets_term("2024-2025", 1, "2024-09-02", "2025-01-17")
    await year.sets_term("2024-2025", 2, "2025-02-17", "2025-06-30")
    await year.employs("Lan", "Yu")


class Elsewhere(District):
    """Another district of Ouhai's law."""

    async def open(self) -> District:
        named = {"district": self.code, "nameZh": "虚构区", "nameEn": "Madeup", "synthetic": True}
        await self.enter("createDistrict", named, token=self.platform.operator)
        bound = {"district": self.code, "pack": self.pack, "since": "2024-01-01"}
        await self.enter("bindRulePack", bound, token=self.platform.operator)
        self.school = await self.found("S001")
        return self


async def the_plan_is_filed(year: Town) -> dict[str, Any]:
    """OUHAI-6-3b, 6-4b: one common theme and x of the groups, then the groups within 30 days of the term's start."""
    year.stage.calendar.turn_to("2024-09-09")
    said = {"statements": stated(aim="减负提质", common_theme="作业设计", group_themes="语文：朗读；数学：错题")}
    plan = await year.opens("school-training-officer", "plan", SCHOOL_ROLES, schoolId=year.school, **said)
    groups = {"evidence": [paper("groups", "教研组名册")]}
    plan = await year.takes("school-leader", plan, "report_groups", SCHOOL_ROLES, **groups)
    back = {"processId": plan["id"], "version": plan["version"], "reason": "缺小学科片区组"}
    fields = "process { id version state }"
    plan = (await year.acts("institute-officer", "returnProcess", back, fields, allowed=OFFICERS))["process"]
    assert plan["state"] == "drafting"
    plan = await year.takes("school-leader", plan, "set_themes", SCHOOL_ROLES, **said)
    # The 2nd and 30 days: the 2nd of October; on the 8th the report is late, and is marked so.
    year.stage.calendar.turn_to("2024-10-08")
    plan = await year.takes("school-training-officer", plan, "report_groups", SCHOOL_ROLES, **groups)
    assert plan["signatures"][-1]["mark"] == "LATE"
    plan = await year.takes("institute-officer", plan, "file", OFFICERS)
    assert plan["state"] == "filed"
    return plan


RECORD = "record { hours credits }"


async def trainings_are_registered_by_source(year: Town) -> None:
    """OUHAI-2-2: hours and credits as stated, by source; a session's for everybody who was there."""
    session = await year.schedules("2024-10-16", "8", facts=stated(source="school", credits="12"))
    await year.checks_in(session, "Lan")
    await year.attend(session, "Yu")
    await year.closes(session, "2024-10-17")
    fields = "results { record { hours credits } errors { code } }"
    made = await year.acts(
        "school-training-officer", "registerAttended", {"sessionId": session}, fields, allowed=REGISTRARS
    )
    assert [one["record"] for one in made["results"]] == [{"hours": "8", "credits": "12"}] * 2
    year.stage.calendar.turn_to("2024-12-05")
    for name, day, source, hours, worth in (
        ("Lan", "2024-11-20", "school", "20", "28"),
        ("Lan", "2024-12-04", "other", "24", "30"),
        ("Yu", "2024-12-04", "other", "24", "30"),
    ):
        given = {
            "teacherId": year.people[name], "completedOn": day, "hours": hours,
            "facts": stated(source=source, credits=worth),
        }  # fmt: skip
        if name == "Yu":
            await year.refused_to_others("registerTraining", given, REGISTRARS)
        school = year.who("school-training-officer")
        made = await year.enter("registerTraining", given, RECORD, token=school)
        assert made["record"] == {"hours": hours, "credits": worth}


async def the_year_is_recognised(year: Town) -> None:
    """OUHAI-2-2: the school checks when the year has ended, the bureau enters, the school tells."""
    check = {"workflow": "year_recognition", "schoolId": year.school, "on": "2024-12-31"}
    assert await year.refused(year.who("school-leader"), "openProcess", check) == ("STEP_TOO_EARLY",)
    year.stage.calendar.turn_to("2025-01-06")
    given = {"schoolId": year.school, "on": "2024-12-31"}
    made = await year.opens("school-training-officer", "year_recognition", SCHOOL_ROLES, **given)
    entered = await year.takes("district-officer", made, "enter")
    late = {
        "teacherId": year.people["Yu"], "completedOn": "2024-12-20", "hours": "8",
        "facts": stated(source="other", credits="8"),
    }  # fmt: skip
    assert await year.refused(year.who("school-leader"), "registerTraining", late) == ("PERIOD_LOCKED",)
    told = await year.takes("school-leader", entered, "feed_back", SCHOOL_ROLES)
    assert (told["state"], told["ended"]) == ("told", True)
    query = "{ me { notices { edges { node { verdict recognisedHours recognisedCredits } } } } }"
    # Lan: 8 + 20 + 24 hours, 12 + 28 + 30 credits; Yu: 8 + 24 hours, 12 + 30 credits.
    for name, hours, worth in (("Lan", "52", "70"), ("Yu", "32", "42")):
        (edge,) = (await year.stage.read(year.himself(name), query))["me"]["notices"]["edges"]
        assert edge["node"] == {"verdict": "PASS", "recognisedHours": hours, "recognisedCredits": worth}


STANDING = """query($teacher: ID!, $on: Date) { standing(teacher: $teacher, kind: "cycle", on: $on) {
  verdict credits recognisedCredits findings { measure threshold earned shortfall
    readings { parameter value decidedBy } } } }"""


async def cycle(year: Town, name: str) -> dict[str, Any]:
    """What the cycle counts, and what each duty is short of."""
    query = {"teacher": year.people[name], "on": "2025-01-07"}
    found = (await year.stage.read(year.himself(name), STANDING, **query))["standing"]
    short = {one["measure"]: (one["threshold"], one["earned"], one["shortfall"]) for one in found["findings"]}
    return {"counted": found["recognisedCredits"], "credits": found["credits"], **short}


async def the_bureau_announces_its_shares(year: Town) -> None:
    """OUHAI-7-2a: from 2025 on at least 5 % and at most 10 % of the 360 are school-based: 18 and 36 credits."""
    assert await cycle(year, "Lan") == {"counted": "70", "credits": "70", "total_counted": ("360", "70", "290")}
    shares = {
        "district": year.code, "pack": "ouhai", "since": "2025-01-07", "decidedBy": "虚构教〔2025〕1号",
        "settings": stated(min_share="0.05", max_share="0.1"),
    }  # fmt: skip
    for role in OFFICERS:
        assert await year.refused(year.who(role), "bindRulePack", shares) == ("FORBIDDEN",)
    await year.enter("bindRulePack", shares, token=year.who("platform-operator"))
    year.stage.calendar.turn_to("2025-01-07")
    # Lan: 40 of school, of which 36 count, and 30 others: 66. Yu: 12 of school, 6 less than the least, and 30 others.
    expected = {
        "counted": "66", "credits": "70",
        "total_counted": ("360", "66", "294"), "school_credits": ("18", "40", "0"),
    }  # fmt: skip
    await year.hears(lambda: cycle(year, "Lan"), expected)
    assert await cycle(year, "Yu") == {
        "counted": "42", "credits": "42",
        "total_counted": ("360", "42", "318"), "school_credits": ("18", "12", "6"),
    }  # fmt: skip


async def a_teacher_of_puer_is_received(year: Town) -> None:
    """Each record of the transcript waits for an officer, who recognises one and refuses the other, with his reason."""
    document = await a_transcript_of_puer(year)
    await year.employs("Chen", since="2025-01-07")
    received = {
        "teacherId": year.people["Chen"], "document": document,
        "withinCity": False, "sameStage": True, "identityConfirmed": True,
    }  # fmt: skip
    fields = "transfer { id review items { number outcome hours credits hoursUnit clauses } }"
    made = await year.acts("institute-officer", "receiveTransfer", received, fields, allowed=OFFICERS)
    transfer = made["transfer"]
    assert transfer["review"] == 2
    assert [(one["outcome"], one["clauses"]) for one in transfer["items"]] == [("REVIEW", ["OUHAI-2-2"])] * 2
    fields = """transfer { review items { number outcome recognisedCredits decision { reason }
      record { on school { code } explanation { steps { zh } } } } }"""
    first = {
        "transferId": transfer["id"], "number": 1, "recognise": True, "reason": "省级网络研修，按20学分计入",
        "hours": "24", "credits": "20", "facts": stated(source="other", credits="20"),
    }  # fmt: skip
    await year.acts("institute-officer", "decideTransferItem", first, fields, allowed=OFFICERS)
    second = {"transferId": transfer["id"], "number": 2, "recognise": False, "reason": "与本区项目重复"}
    made = await year.acts("district-officer", "decideTransferItem", second, fields, allowed=OFFICERS)
    items = made["transfer"]["items"]
    assert [(one["outcome"], one["recognisedCredits"]) for one in items] == [
        ("RECOGNISED", "20"),
        ("NOT_RECOGNISED", "0"),
    ]
    assert [one["decision"]["reason"] for one in items] == [first["reason"], second["reason"]]
    assert first["reason"] in items[0]["record"]["explanation"]["steps"][0]["zh"]
    assert items[0]["record"]["school"] is None
    assert (await cycle(year, "Chen"))["total_counted"] == ("360", "20", "340")


async def a_transcript_of_puer(year: Town) -> str:
    """A teacher earned 24 network hours twice in Pu'er; the institute there signs what the books hold."""
    puer = await District(year.stage, "ouhai-from-puer").open()
    teacher = await puer.hire("Chen")
    for _ in range(2):
        await puer.register(teacher, await puer.project())
    asked = "query($teacher: ID!) { transcript(teacher: $teacher) { entries document } }"
    found = (await year.stage.read(puer.token("institute-officer"), asked, teacher=teacher))["transcript"]
    assert found["entries"] == 2
    return found["document"]


async def the_plan_shows_its_results(year: Town, plan: dict[str, Any]) -> None:
    """OUHAI-6-8a: the year ends with what the school shows."""
    year.stage.calendar.turn_to("2025-06-30")
    shown = await year.takes(
        "school-leader", plan, "show_results", SCHOOL_ROLES, evidence=[paper("results", "研修成效")]
    )
    assert (shown["state"], shown["ended"]) == ("shown", True)


async def the_books_agree(year: Town) -> None:
    books = "{ ledger(first: 100) { edges { node { kind hours credits teacher { staffNumber } } } } }"
    entries = [one["node"] for one in (await year.stage.read(year.who("auditor"), books))["ledger"]["edges"]]
    total = "query($id: ID!) { teacher(id: $id) { total { hours credits recognisedHours recognisedCredits } } }"
    for name, hours, worth in (("Lan", "52", "70"), ("Yu", "32", "42")):
        said = (await year.stage.read(year.himself(name), total, id=year.people[name]))["teacher"]["total"]
        assert said == {"hours": hours, "credits": worth, "recognisedHours": hours, "recognisedCredits": worth}
        for kind in ("registration", "recognition"):
            own = [one for one in entries if one["teacher"]["staffNumber"] == name and one["kind"] == kind]
            assert sum(Decimal(one["credits"]) for one in own) == Decimal(worth)
    written = await year.written()
    assert written["ledgerVerification"]["intact"]
    assert written["signatureVerification"]["intact"]
