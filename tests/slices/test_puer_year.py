"""The year 2024 of a school in Pu'er, from the opening of its district to what each teacher is told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from yanxiu_wire.signed import read_keys
from yanxiu_wire.transcript import check

from tests.slices import puer_term as term
from tests.slices.actors import OFFICERS, SCHOOL_ROLES, paper, stated
from tests.slices.isolation import asked_from_elsewhere
from tests.slices.platform import guarded
from tests.slices.puer_term import Year, registers, step
from tests.slices.stage import Stage

pytestmark = pytest.mark.usefixtures("on_both")


@pytest.fixture
async def year(tmp_path: Path) -> AsyncIterator[Year]:
    nats = guarded(tmp_path)
    try:
        async with Stage(nats, tmp_path, "2024-02-19").playing() as stage:
            yield Year(stage)
    finally:
        nats.stop()


async def test_the_full_year_of_a_puer_school_each_step_by_its_proper_role_and_refused_to_every_other(
    year: Year,
) -> None:
    await term.the_district_is_opened(year)
    await term.the_plan_is_declared_returned_and_approved(year)
    await term.the_county_publishes_its_project(year)
    await term.the_network_project_is_approved(year)
    await term.the_sessions_are_held(year)
    await term.who_attended_is_registered(year)
    await term.the_other_trainings_are_registered(year)
    await term.one_record_is_corrected_and_one_voided(year)
    shown = await the_school_reviews_and_publishes(year)
    submitted = await objections_are_settled_and_the_year_is_submitted(year, shown)
    recognised = await the_year_is_recognised_in_its_window(year, submitted)
    await the_locked_year_is_opened_for_a_late_record_and_locked_again(year)
    await the_result_is_stamped_and_told(year, recognised)
    await each_standing_says_why(year)
    await the_books_agree(year)
    await another_district_hears_of_none_of_it(year)


async def another_district_hears_of_none_of_it(year: Year) -> None:
    """An objection and a notice of it, asked for by everybody elsewhere."""
    leader, hua = year.who("school-leader"), year.himself("Hua")
    query = "{ processes(first: 50) { edges { node { objections { id } } } } }"
    edges = (await year.stage.read(leader, query))["processes"]["edges"]
    (objection, *_) = [raised["id"] for edge in edges for raised in edge["node"]["objections"]]
    told = await year.stage.read(hua, "{ me { notices(first: 1) { edges { node { id } } } } }")
    (notice,) = told["me"]["notices"]["edges"]
    assert year.elsewhere is not None
    await asked_from_elsewhere(year.elsewhere, year, {objection: leader, notice["node"]["id"]: hua})


# ---- the year is recognised --------------------------------------------------------------------------------------


async def the_school_reviews_and_publishes(year: Year) -> dict[str, Any]:
    """PUER-F2-4-2: Lin's research stands in the list too, as it was registered."""
    research = {"kind": "research", "level": "county", "role": "host", "concluded": True}
    found = await registers(year, "Lin", "2024-12-09", **research)
    assert (found["hours"], found["credits"]) == ("12", "18")  # PUER-13-4: 12 hours at 1.5, no grade, no merit
    year.records["Lin", "课题"] = found["id"]
    of_2024 = {"workflow": "year_recognition", "schoolId": year.school, "on": "2024-12-31"}
    form = {"evidence": [paper("form_2_2", "附件2-2")]}
    early = await year.refused(year.who("school-leader"), "openProcess", {**of_2024, **form})
    assert early == ("STEP_TOO_EARLY",)
    year.stage.calendar.turn_to("2025-01-06")
    bare = await year.refused(year.who("school-leader"), "openProcess", of_2024)
    assert bare == ("ASK_MISSING",)
    given = {"schoolId": year.school, "on": "2024-12-31", **form}
    made = await year.opens("school-training-officer", "year_recognition", SCHOOL_ROLES, **given)
    year.stage.calendar.turn_to("2025-02-17")
    shown = await year.takes("school-leader", made, "publicise", SCHOOL_ROLES, statements=stated(place="校务公开栏"))
    lines = (await year.stage.read(year.who("school-leader"), LINES, id=shown["id"]))["process"]["publicLines"]["edges"]
    listed = {one["node"]["teacher"]["staffNumber"]: one["node"] for one in lines}
    assert {name: (one["verdict"], one["hours"], one["credits"]) for name, one in listed.items()} == {
        "Hua": ("PASS", "80", "94.96"), "Lin": ("PASS", "92", "112.36"), "Mei": ("PASS", "80", "93.76"),
        "Tao": ("PASS", "80", "92.56"), "Bao": ("FAIL", "64", "80.56"),
    }  # fmt: skip
    await colleagues_are_named(year, shown, {one["name"] for one in listed.values()})
    return shown


async def colleagues_are_named(year: Year, shown: Mapping[str, Any], names: set[str]) -> None:
    """Bao is told each colleague's name and no more of the card."""
    seen = (await year.stage.read(year.himself("Bao"), LINES, id=shown["id"]))["process"]["publicLines"]["edges"]
    assert {one["node"]["name"] for one in seen} == names
    assert len(names) == 5
    assert [one["node"]["teacher"] for one in seen if one["node"]["teacher"]] == [{"staffNumber": "Bao"}]


LINES = """query($id: ID!) { process(id: $id) { publicLines { edges { node {
  name teacher { staffNumber } verdict hours credits } } } } }"""


async def objects(year: Year, by: str, about: tuple[str, str], process: Mapping[str, Any]) -> str:
    """A teacher objects to a record of the list; returns the objection's id."""
    given = {"processId": process["id"], "text": "与原始材料不符", "recordId": year.records[about]}
    allowed = ("teacher", *SCHOOL_ROLES)
    made = await year.acts(
        "teacher", "raiseObjection", given, "objection { id state }", allowed=allowed, token=year.himself(by)
    )
    assert made["objection"]["state"] == "OPEN"
    return made["objection"]["id"]


async def objections_are_settled_and_the_year_is_submitted(year: Year, shown: Mapping[str, Any]) -> dict[str, Any]:
    """PUER-F2-4-2: five working days, the 17th to the 21st; one objection is upheld, one is not."""
    year.stage.calendar.turn_to("2025-02-18")
    about_lin = await objects(year, "Bao", ("Lin", "课题"), shown)
    about_hua = await objects(year, "Bao", ("Hua", "集中"), shown)
    leader, submit = year.who("school-leader"), step(shown, "submit")
    assert await year.refused(leader, "takeStep", submit) == ("STEP_TOO_EARLY",)
    year.stage.calendar.turn_to("2025-02-21")
    assert await year.refused(leader, "takeStep", submit) == ("STEP_TOO_EARLY",)
    year.stage.calendar.turn_to("2025-02-24")
    assert await year.refused(leader, "takeStep", submit) == ("OBJECTIONS_OPEN",)
    upheld = {"objectionId": about_lin, "upheld": True, "reason": "结题证书与他人重复"}
    fields = "objection { state reversedEntry }"
    settlers = (*SCHOOL_ROLES, *OFFICERS)
    made = await year.acts("school-leader", "settleObjection", upheld, fields, allowed=settlers)
    assert made["objection"]["state"] == "UPHELD"
    assert made["objection"]["reversedEntry"]
    dismissed = {"objectionId": about_hua, "upheld": False, "reason": "培训机构已确认"}
    # Who registered the record does not settle what is said of it.
    officer = year.who("school-training-officer")
    assert await year.refused(officer, "settleObjection", dismissed) == ("OBJECTION_NOT_YOURS",)
    made = await year.acts("school-leader", "settleObjection", dismissed, fields, allowed=settlers)
    assert made["objection"] == {"state": "DISMISSED", "reversedEntry": None}
    return await year.takes("school-leader", shown, "submit")


async def the_year_is_recognised_in_its_window(year: Year, submitted: Mapping[str, Any]) -> dict[str, Any]:
    """PUER-F2-4-3b: in March and April of the next year, by the institute or the department."""
    institute = year.who("institute-officer")
    assert await year.refused(institute, "takeStep", step(submitted, "recognise")) == ("STEP_TOO_EARLY",)
    year.stage.calendar.turn_to("2025-03-03")
    done = await year.takes("institute-officer", submitted, "recognise", OFFICERS)
    assert (done["state"], done["signatures"][-1]["mark"]) == ("recognised", "IN_TIME")
    return done


async def the_locked_year_is_opened_for_a_late_record_and_locked_again(year: Year) -> None:
    """Bao's lecture of November was forgotten: the department opens what the institute's recognition locked."""
    given = {"teacherId": year.people["Bao"], "completedOn": "2024-11-20", "kind": "lecture", "level": "school"}
    lecture = {**given, "classHours": "2"}
    school = year.who("school-training-officer")
    assert await year.refused(school, "registerTraining", lecture) == ("PERIOD_LOCKED",)
    query = "{ periodLocks { edges { node { id label inForce role mayOpen } } } }"
    (edge,) = (await year.stage.read(school, query))["periodLocks"]["edges"]
    lock = edge["node"]
    assert (lock["label"], lock["role"], lock["mayOpen"]) == ("2024年度", "INSTITUTE_OFFICER", ["DISTRICT_OFFICER"])
    opening = {"lockId": lock["id"], "reason": "补登2024年11月授课"}
    await year.acts("district-officer", "unlockPeriod", opening, "lock { inForce }")
    record = await registers(year, "Bao", "2024-11-20", kind="lecture", level="school", classHours="2")
    assert (record["hours"], record["credits"]) == ("2", "4")  # PUER-13-2: two credits for a class-hour in school
    again = {"kind": "year", "on": "2024-12-31", "schoolId": year.school, "reason": "补登完毕"}
    allowed = ("district-officer", "institute-officer", "school-leader")
    await year.acts("district-officer", "lockPeriod", again, "lock { inForce }", allowed=allowed)
    # What was recognised of Bao's year is recognised anew with the lecture; nobody else's has changed.
    query = "{ ledger(first: 100) { edges { node { kind teacher { staffNumber } } } } }"
    entries = [one["node"] for one in (await year.stage.read(year.who("auditor"), query))["ledger"]["edges"]]
    kinds = [(one["teacher"]["staffNumber"], one["kind"]) for one in entries if "recognition" in one["kind"]]
    assert kinds[-2:] == [("Bao", "recognition-reversal"), ("Bao", "recognition")]
    assert len(kinds) == 5 + 2
    late = {**lecture, "completedOn": "2024-11-21"}
    assert await year.refused(school, "registerTraining", late) == ("PERIOD_LOCKED",)


async def the_result_is_stamped_and_told(year: Year, recognised: Mapping[str, Any]) -> None:
    """PUER-F2-5-1, 14-7: the department stamps, the school tells each teacher."""
    stamped = await year.takes("district-officer", recognised, "stamp")
    told = await year.takes("school-training-officer", stamped, "feed_back", SCHOOL_ROLES)
    assert (told["state"], told["ended"]) == ("told", True)
    query = "{ me { notices { edges { node { verdict recognisedHours recognisedCredits period { label } } } } } }"
    for name, (verdict, hours, worth) in RECOGNISED.items():
        (edge,) = (await year.stage.read(year.himself(name), query))["me"]["notices"]["edges"]
        amounts = {"recognisedHours": hours, "recognisedCredits": worth}
        assert edge["node"] == {"verdict": verdict, **amounts, "period": {"label": "2024年度"}}, name


# PUER-F2-4-3a, 7-1: who falls short in one of the three modes has nothing recognised of the year.
RECOGNISED = {
    "Hua": ("PASS", "80", "94.96"),  # 14.4 + 18.4 + 34.56 + 27.6
    "Lin": ("PASS", "80", "94.36"),  # 13.8 + 18.4 + 34.56 + 27.6; the research is taken back
    "Mei": ("PASS", "80", "93.76"),  # 13.2 + 18.4 + 34.56 + 27.6
    "Tao": ("PASS", "80", "92.56"),  # 12 + 18.4 + 34.56 + 27.6; the prize is void
    "Bao": ("FAIL", "0", "0"),  # registered: 66 hours, 18.4 + 34.56 + 27.6 + 4 = 84.56 credits
}


# ---- what everybody reads ----------------------------------------------------------------------------------------

STANDING = """query($teacher: ID!) { standing(teacher: $teacher, kind: "year", on: "2024-12-31") {
  verdict hours credits recognisedHours recognisedCredits findings { clause earned threshold shortfall met } } }"""
# Clause: threshold, what Hua earned, what Bao earned and is short of.
DUTIES = {
    "PUER-10-2": ("72", "80", "66", "6"),  # 16 + 24 + 24 + 2 of lecturing
    "PUER-10-3N": ("24", "24", "24", "0"),
    "PUER-10-3C": ("24", "24", "26", "0"),  # PUER-13-0: a lecture counts as centralised research
    "PUER-10-3S": ("24", "32", "16", "8"),
    "PUER-10-6": ("72", "94.96", "84.56", "0"),
    "PUER-10-7N": ("24", "27.6", "27.6", "0"),
    "PUER-10-7C": ("24", "34.56", "38.56", "0"),
    "PUER-10-7S": ("24", "32.8", "18.4", "5.6"),
    "PUER-10-9": (
        "48",
        "62.16",
        "62.16",
        "0",
    ),  # network of the province and the county's days; the lecture is school's
}


async def each_standing_says_why(year: Year) -> None:
    hua, bao = [
        (await year.stage.read(year.himself(name), STANDING, teacher=year.people[name]))["standing"]
        for name in ("Hua", "Bao")
    ]
    found = {one["clause"]: (one["threshold"], one["earned"]) for one in hua["findings"]}
    assert found == {clause: duty[:2] for clause, duty in DUTIES.items()}
    found = {one["clause"]: (one["threshold"], one["earned"], one["shortfall"]) for one in bao["findings"]}
    assert found == {clause: (least, earned, short) for clause, (least, _, earned, short) in DUTIES.items()}
    assert [hua["verdict"], hua["recognisedCredits"], bao["verdict"]] == ["PASS", "94.96", "FAIL"]
    assert [bao["hours"], bao["credits"], bao["recognisedHours"], bao["recognisedCredits"]] == ["66", "84.56", "0", "0"]
    leader = year.who("school-leader")
    query = """query($school: ID!) {
      shortfalls(kind: "year", on: "2024-12-31") { edges { node {
        teacher { staffNumber } short { clause shortfall } } } }
      schoolRatio(school: $school, on: "2024-12-31") { roster notCompleted share barred } }"""
    told = await year.stage.read(leader, query, school=year.school)
    (edge,) = told["shortfalls"]["edges"]
    short = [{"clause": clause, "shortfall": duty[3]} for clause, duty in DUTIES.items() if duty[3] != "0"]
    assert edge["node"] == {"teacher": {"staffNumber": "Bao"}, "short": short}
    # PUER-F2-5-3: one of five is a fifth, and a fifth bars.
    assert told["schoolRatio"] == {"roster": 5, "notCompleted": 1, "share": "0.2", "barred": True}


async def the_books_agree(year: Year) -> None:
    """What is registered is the totals, what is recognised the standings; the transcript holds against the head."""
    auditor = year.who("auditor")
    query = "{ ledger(first: 100) { edges { node { kind credits hours teacher { staffNumber } } } } }"
    entries = [one["node"] for one in (await year.stage.read(auditor, query))["ledger"]["edges"]]
    total = "query($id: ID!) { teacher(id: $id) { total { hours credits recognisedHours recognisedCredits } } }"
    for name, (_, hours, worth) in RECOGNISED.items():
        said = (await year.stage.read(auditor, total, id=year.people[name]))["teacher"]["total"]
        for kind, field, amount in (
            ("registration", "hours", "hours"), ("registration", "credits", "credits"),
            ("recognition", "recognisedHours", "hours"), ("recognition", "recognisedCredits", "credits"),
        ):  # fmt: skip
            own = [one for one in entries if one["teacher"]["staffNumber"] == name and one["kind"].startswith(kind)]
            assert sum(Decimal(one[amount]) for one in own) == Decimal(said[field]), (name, field)
        assert (said["recognisedHours"], said["recognisedCredits"]) == (hours, worth)
    written = await year.written()
    assert written["ledgerVerification"]["intact"]
    assert written["signatureVerification"]["intact"]
    allowed = ("auditor", "district-officer", "platform-operator")
    await year.acts("auditor", "signHead", {}, "head { size }", allowed=allowed, strangers=False)
    hua = year.himself("Hua")
    asked = "query($teacher: ID!) { transcript(teacher: $teacher) { document } ledgerKeys }"
    answer = await year.stage.read(hua, asked, teacher=year.people["Hua"])
    document, keys = answer["transcript"]["document"], read_keys(answer["ledgerKeys"])
    assert check(document, keys).genuine
    assert not check(document.replace("94960000", "94970000"), keys).genuine
