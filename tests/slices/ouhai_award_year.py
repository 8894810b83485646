"""An award year of Ouhai, step by step: a barred school, blind reviews, ties, an objection, the quota, a revocation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yanxiu_gateway.schema.nodes import plain_id

from tests.services.visits.live_both import Next
from tests.slices.actors import OFFICERS, SCHOOL_ROLES
from tests.slices.awards_district import Play

YEAR = 2024
COURSE, SCHOOL = "精品课程", "优质学校"
NOMINATIONS = """query($c: String) { nominations(year: 2024, category: $c, first: 100) { edges { node {
  id recipient number rank mean partedBy state place school { id } } } } }"""
ITEMS = "query($c: String) { reviewItems(year: 2024, category: $c) { number statement } }"


async def a_school_short_of_its_teachers_is_barred(play: Play) -> None:
    """PUER-F2-5-3: nobody of A completed the year; B's year is not closed, so that nothing is announced of it."""
    play.stage.calendar.turn_to("2025-06-24")
    officer = play.who("institute-officer")
    lock = {"kind": "year", "on": "2024-12-31", "schoolId": play.schools["A"], "reason": "年度结束"}
    await play.take(play.of_school("A"), "lockPeriod", lock, "lock { inForce }")
    fields = "announced { announced barred leftOut { why school { id } } }"
    told = (await play.step(officer, "announceSchoolRatios", {"on": "2024-12-31"}, fields, OFFICERS))["announced"]
    assert (told["announced"], told["barred"]) == (1, [plain_id("School", play.schools["A"])])
    assert {(one["why"], one["school"]["id"]) for one in told["leftOut"]} == {
        ("OPEN", play.schools[name]) for name in ("B", "K", "E")
    }
    query = "{ announcedSchoolRatios { edges { node { barred share notCompleted roster clauses } } } }"
    (edge,) = (await play.ask(play.of_school("A"), query))["edges"]
    assert edge["node"] == {
        "barred": True, "share": "1", "notCompleted": 2, "roster": 2, "clauses": ["PUER-F2-5-3"],
    }  # fmt: skip
    assert (await play.ask(play.of_school("B"), query))["edges"] == []


async def nominations_are_reviewed_blind(play: Play, years: Next) -> None:
    """Twelve courses of B, the schools B and K: no rival judges, nobody what he declared, and numbers are one's own."""
    officer = play.who("institute-officer")
    year = {"year": YEAR}
    await play.step(officer, "openAwardYear", year, "year { state }", OFFICERS)
    rules = {"criteria": [{"name": "方案", "most": 40}, {"name": "成效", "most": 60}], "tie": ["成效"], "reviews": 1}
    rules = {**year, **rules, "objectionDays": 5}
    await play.step(officer, "setAwardRules", rules, "year { lotSha256 }", OFFICERS)
    assert (await years())["state"] == "NOMINATING"
    statement = {"year": YEAR, "statement": "以课例研修带动全员参与"}
    barred = {**statement, "category": SCHOOL, "recipient": play.schools["A"], "schoolId": play.schools["A"]}
    (refused,) = await heard_to_be_barred(play, barred)
    assert refused["clauses"] == ["PUER-F2-5-3"]
    allowed = (*OFFICERS, *SCHOOL_ROLES)
    for school in ("B", "K"):
        own = {**statement, "category": SCHOOL, "recipient": play.schools[school], "schoolId": play.schools[school]}
        await play.step(play.of_school(school), "nominate", own, "nomination { id }", allowed)
    for number in range(12):
        given = {**statement, "category": COURSE, "recipient": f"虚构课程{number:02}", "schoolId": play.schools["B"]}
        await play.take(play.of_school("B"), "nominate", given, "nomination { id }")
    mistaken = {**given, "recipient": "误报课程"}
    mistaken = (await play.take(play.of_school("B"), "nominate", mistaken, "nomination { id }"))["nomination"]
    withdrawn = {"nominationId": mistaken["id"], "reason": "误报"}
    assert await play.refused(play.of_school("K"), "withdrawNomination", withdrawn) == ("NOMINATION_UNKNOWN",)
    await play.take(play.of_school("B"), "withdrawNomination", withdrawn, "nomination { state }")
    for name, categories in (("Lan", [COURSE, SCHOOL]), ("Mei", [SCHOOL]), ("Bao", [COURSE, SCHOOL])):
        given = {**year, "reviewerId": play.people[name], "categories": categories}
        await play.step(officer, "appointReviewer", given, "reviewer { id }", OFFICERS)
    lan, bao = play.person("researcher", "Lan"), play.person("teacher", "Bao")
    kept_from = {"year": YEAR, "schoolIds": [play.schools["K"]]}
    await play.take(lan, "declareConflict", kept_from, "reviewer { declaredSchools }")
    await play.step(officer, "startScoring", year, "year { state }", OFFICERS)
    assert await play.ask(bao, ITEMS) == [], "all courses are of Bao's own school, which also stands for the schools'"
    items = await play.ask(lan, ITEMS, c=COURSE)
    assert items == [{"number": number, "statement": statement["statement"]} for number in range(1, 13)]
    assert await play.refused(officer, "scoreNomination", scored(COURSE, 1, 40, 60)) == ("FORBIDDEN",)
    assert await play.refused(bao, "scoreNomination", scored(COURSE, 1, 40, 60)) == ("REVIEW_ITEM_UNKNOWN",)
    for token, numbers in ((lan, [1]), (play.person("researcher", "Mei"), [1, 2])):
        found = [one["number"] for one in await play.ask(token, ITEMS, c=SCHOOL)]
        assert found == numbers, "the kindergarten is not on Lan's list, and leaves no gap"


async def heard_to_be_barred(play: Play, given: Mapping[str, Any]) -> Any:
    """Return the errors of a nomination once the visits service has heard of the bar, by an event that tells nobody.

    A statement that names the school is never taken: it is refused for that before, and for the bar afterwards.
    """
    telling = {**given, "statement": "虚构小学的做法"}
    token = play.of_school("A")

    async def code() -> tuple[str, ...]:
        return await play.refused(token, "nominate", telling)

    await play.hears(code, ("SCHOOL_BARRED",))
    return await play.errors(token, "nominate", given)


def scored(category: str, number: int, plan: int, effect: int) -> dict[str, Any]:
    marks = [{"criterion": "方案", "mark": plan}, {"criterion": "成效", "mark": effect}]
    return {"year": YEAR, "category": category, "number": number, "marks": marks}


async def ties_are_parted_as_the_rules_said(play: Play) -> None:
    """Lan's 1 and 2 have equal totals: the second criterion parts them; 3 and 4 are equal in all: the lot does."""
    officer, lan, mei = play.who("institute-officer"), *(play.person("researcher", name) for name in ("Lan", "Mei"))
    given = {1: (40, 55), 2: (35, 60), 3: (30, 50), 4: (30, 50)} | {
        number: (20, 40 - number) for number in range(5, 13)
    }
    for number, marks in given.items():
        await play.take(lan, "scoreNomination", scored(COURSE, number, *marks), "item { number }")
    frozen = {"year": YEAR, "criteria": [{"name": "x", "most": 1}], "tie": [], "reviews": 1, "objectionDays": 1}
    assert await play.refused(officer, "setAwardRules", frozen) == ("RULES_FROZEN",)
    assert await play.refused(officer, "rankAwards", {"year": YEAR}) == ("UNDER_REVIEWED",)
    for token, own in ((lan, await play.ask(lan, ITEMS, c=SCHOOL)), (mei, await play.ask(mei, ITEMS, c=SCHOOL))):
        for one in own:
            await play.take(token, "scoreNomination", scored(SCHOOL, one["number"], 30, 30), "item { number }")
    await play.step(officer, "rankAwards", {"year": YEAR}, "year { lotSeed }", OFFICERS)
    ranked = await courses(play)
    assert [(one["mean"], one["partedBy"]) for one in ranked[:4]] == [
        ("95/1", None), ("95/1", "成效"), ("80/1", None), ("80/1", "lot"),
    ]  # fmt: skip


async def courses(play: Play) -> list[dict[str, Any]]:
    edges = (await play.ask(play.who("institute-officer"), NOMINATIONS, c=COURSE))["edges"]
    return sorted((edge["node"] for edge in edges if edge["node"]["rank"]), key=lambda one: one["rank"])


async def an_objection_strikes_one_and_the_next_moves_up_to_the_quota(play: Play, confirmed: Next) -> None:
    """OUHAI-6-10A: ten courses. The first is struck, the eleventh moves up, the twelfth stays outside."""
    officer = play.who("institute-officer")
    publish = {"year": YEAR, "category": COURSE}
    shown = await play.step(officer, "publishAwards", publish, "nominations { id rank }", OFFICERS)
    assert [one["rank"] for one in shown["nominations"]] == list(range(1, 11))
    first = shown["nominations"][0]["id"]
    raised = {"nominationId": first, "text": "材料与他人雷同"}
    objection = (await play.take(play.of_school("K"), "raiseAwardObjection", raised, "objection { id }"))["objection"]
    listed = """{ awardObjections(year: 2024, open: true) { edges { node { text nomination { id } } } } }"""
    (edge,) = (await play.ask(officer, listed))["edges"]
    assert edge["node"] == {"text": "材料与他人雷同", "nomination": {"id": first}}
    assert (await play.ask(play.of_school("B"), listed))["edges"] == [], "whom it is about does not read who objected"
    settle = {"objectionId": objection["id"], "upheld": True, "answer": "核查属实"}
    await play.step(officer, "settleAwardObjection", settle, "objection { upheld }", OFFICERS)
    more = await play.take(officer, "publishAwards", publish, "nominations { rank }")
    assert [one["rank"] for one in more["nominations"]] == list(range(2, 12))
    ranked = await courses(play)
    early = {"nominationId": ranked[1]["id"]}
    assert await play.refused(officer, "confirmAward", early) == ("OBJECTION_DAYS_LAST",)
    play.stage.calendar.turn_to("2025-06-30")
    for count, one in enumerate(ranked[1:11], start=1):
        given = {"nominationId": one["id"]}
        if count == 1:
            await play.step(officer, "confirmAward", given, "nomination { place }", OFFICERS)
        else:
            await play.take(officer, "confirmAward", given, "nomination { place }")
        assert (await confirmed())["totalCount"] == count
    assert await play.refused(officer, "confirmAward", {"nominationId": ranked[11]["id"]}) == ("NOT_PUBLISHED",)
    await play.take(officer, "publishAwards", {**publish, "reserves": 1}, "nominations { id }")
    play.stage.calendar.turn_to("2025-07-10")
    (full,) = await play.errors(officer, "confirmAward", {"nominationId": ranked[11]["id"]})
    assert (full["code"], full["clauses"]) == ("QUOTA_FULL", ["OUHAI-6-10A"])
    await one_is_revoked_and_the_twelfth_moves_up(play, ranked)
    await the_year_is_closed_and_nobody_moves_up_any_more(play, ranked)


async def one_is_revoked_and_the_twelfth_moves_up(play: Play, ranked: Sequence[Mapping[str, Any]]) -> None:
    """Revoked for cause while the year is open: its place goes to the next in line."""
    officer, chief = play.who("institute-officer"), play.who("district-officer")
    revoked = {"nominationId": ranked[1]["id"], "reason": "成果系抄袭"}
    gone = await play.step(chief, "revokeAward", revoked, "nomination { state place reason }", OFFICERS)
    assert gone["nomination"] == {"state": "REVOKED", "place": None, "reason": "成果系抄袭"}
    last = await play.take(officer, "confirmAward", {"nominationId": ranked[11]["id"]}, "nomination { place }")
    assert last["nomination"] == {"place": 1}


async def the_year_is_closed_and_nobody_moves_up_any_more(play: Play, ranked: Sequence[Mapping[str, Any]]) -> None:
    """OUHAI-6-10: fewer than the quota is explained; a place of a closed year is given to nobody else."""
    officer, chief = play.who("institute-officer"), play.who("district-officer")
    reasons = [{"category": name, "reason": "首年试行"} for name in (SCHOOL, "先进教研组", "优秀教研组长", "精品案例")]
    closing = {"year": YEAR, "reasons": reasons}
    assert await play.refused(officer, "closeAwardYear", {"year": YEAR}) == ("SHORTFALL_UNEXPLAINED",)
    fields = "year { state shortfalls { category missing } rulings { failed } }"
    closed = (await play.step(officer, "closeAwardYear", closing, fields, OFFICERS))["year"]
    assert (closed["state"], {one["category"]: one["missing"] for one in closed["shortfalls"]}) == (
        "CLOSED", {SCHOOL: 10, "先进教研组": 30, "优秀教研组长": 30, "精品案例": 50},
    )  # fmt: skip
    late = {"nominationId": ranked[2]["id"], "reason": "成果系抄袭"}
    (kept,) = await play.errors(chief, "revokeAward", late)
    assert (kept["code"], kept["field"], kept["clauses"]) == ("PLACE_NOT_FREED", "input.freePlace", ["OUHAI-6-10A"])
