"""Supervision through the service under the law of Ouhai: teams, draws, inspections, reports, and who is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from yanxiu_visits.planning.residency_store import add_residencies
from yanxiu_visits.supervising.lots import digest_of_names, digest_of_seed, draw_lots
from yanxiu_visits.supervising.tables import supervision_draw
from yanxiu_wire import findings, registry
from yanxiu_wire import supervision as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.residency import Residency

from tests.services.visits.field import Sender, new_id
from tests.stores import never_changed

ErrorOf = Callable[[Any, str], Any]
YEAR = "2024-2025"
MIXED = (
    wire.Supervisor(person="bureau-1", side="administrative"),
    wire.Supervisor(person="r1", side="professional"),
)


async def do(house: Any, endpoint: Any, message: Any, caller: Any = None, **given: Any) -> Any:
    return await house.call(endpoint, message(caller=caller or house.officer, key=house.key(), **given))


async def appoint(house: Any, members: tuple[wire.Supervisor, ...] = MIXED) -> Any:
    given = {"name": "督导一组", "since": date(2024, 9, 1), "members": members}
    return await do(house, wire.APPOINT_TEAM, wire.AppointTeam, **given)


async def schedule(house: Any, team: str, school: str = "s1", **given: Any) -> Any:
    asked = {"kind": "regular", "due_on": date(2024, 10, 15), "school_year": YEAR, "supervisors": ("r1",), **given}
    return await do(house, wire.SCHEDULE_INSPECTION, wire.ScheduleInspection, school=school, team=team, **asked)


async def report(house: Any, made: wire.Inspection, *, leave_out: int = 0, caller: Any = None, **given: Any) -> Any:
    lines = tuple(wire.ReportLine(name=name, remark="已落实") for name in made.form[leave_out:])
    asked = {"held_on": date(2024, 10, 16), "lines": lines, "summary": "总体落实", **given}
    caller = caller or house.caller("supervisor", teacher="r1")
    return await do(house, wire.REPORT_INSPECTION, wire.ReportInspection, caller, inspection=made.id, **asked)


async def standing(house: Any) -> Any:
    query = wire.GetSupervisionStanding(caller=house.officer, school_year=YEAR)
    return await house.call(wire.GET_SUPERVISION_STANDING, query)


async def test_from_a_mixed_team_to_a_year_in_which_nobody_is_missing(ouhai_on_each: Any) -> None:
    house = ouhai_on_each
    team = await appoint(house)
    before = await standing(house)
    assert (before.schools, before.missing) == (3, ("s1", "s2", "s3"))
    assert "OUHAI-6-9b" in [clause for one in before.rulings for clause in one.failed]
    for school in ("s1", "s2"):
        made = await schedule(house, team.id, school)
        assert len(made.form) == 12
        assert (await report(house, made)).reported_by == "r1"
    last = await schedule(house, team.id, "s3", supervisors=("bureau-1",))  # r1 works there
    assert (await report(house, last, caller=house.officer, reporter="bureau-1")).reported_by == "bureau-1"
    after = await standing(house)
    assert (after.missing, after.reported_regular) == ((), 3)
    assert all(one.failed == () for one in after.rulings)


async def test_a_team_of_one_side_is_refused_with_the_clause(ouhai: Any, error_of: ErrorOf) -> None:
    refused = error_of(await appoint(ouhai, MIXED[1:]), "AGAINST_THE_LAW")
    assert refused.clauses == ("OUHAI-6-9a",)
    assert "行政" in refused.message_zh
    stranger = (*MIXED, wire.Supervisor(person="nobody", side="professional"))
    assert error_of(await appoint(ouhai, stranger), "PERSON_UNKNOWN").value == "nobody"


async def test_a_draw_is_published_before_it_is_used_and_anyone_can_repeat_it(
    ouhai_on_each: Any, error_of: ErrorOf
) -> None:
    house = ouhai_on_each
    left_out = (wire.Exempted(school="s3", reason="校舍搬迁停课"),)
    draw = await do(house, wire.COMMIT_DRAW, wire.CommitDraw, school_year=YEAR, count=1, exempted=left_out)
    assert (draw.state, draw.roster, draw.seed, draw.drawn) == ("committed", ("s1", "s2"), None, ())
    assert {*draw.roster, *(one.school for one in draw.exempted)} == {"s1", "s2", "s3"}
    asked = {"draw": draw.id, "witness": "双色球 24120"}
    error_of(await do(house, wire.REVEAL_DRAW, wire.RevealDraw, **asked), "SAME_PERSON")
    other = house.caller("district-officer")
    shown = await do(house, wire.REVEAL_DRAW, wire.RevealDraw, other, **asked)
    seed = bytes.fromhex(shown.seed)
    assert digest_of_seed(seed) == draw.seed_sha256
    assert digest_of_names(shown.roster) == draw.roster_sha256
    assert shown.drawn == draw_lots(seed, "双色球 24120", shown.roster, 1)
    error_of(await do(house, wire.REVEAL_DRAW, wire.RevealDraw, other, **asked), "DRAW_NOT_SO")
    with never_changed():
        async with house.service.databases.write(house.district, Deadline.after(5)) as conn:
            await conn.execute(sa.update(supervision_draw).values(seed="00"))


async def test_a_random_inspection_is_of_a_school_that_was_drawn_and_once(ouhai: Any, error_of: ErrorOf) -> None:
    team = await appoint(ouhai)
    draw = await do(ouhai, wire.COMMIT_DRAW, wire.CommitDraw, school_year=YEAR, count=1)
    today = ouhai.service.clock.today()
    random = {"kind": "random", "draw": draw.id, "due_on": today, "supervisors": ("bureau-1",)}
    error_of(await schedule(ouhai, team.id, **random), "NOT_DRAWN")
    reveal = {"draw": draw.id, "witness": "x"}
    shown = await do(ouhai, wire.REVEAL_DRAW, wire.RevealDraw, ouhai.caller("supervisor"), **reveal)
    (school,) = shown.drawn
    other = next(one for one in shown.roster if one != school)
    error_of(await schedule(ouhai, team.id, other, **random), "NOT_DRAWN")
    error_of(await schedule(ouhai, team.id, school, **{**random, "draw": None}), "NOT_DRAWN")
    early = {**random, "due_on": today - timedelta(days=1)}
    assert error_of(await schedule(ouhai, team.id, school, **early), "BEFORE_DRAW").clauses == ("OUHAI-6-9b",)
    made = await schedule(ouhai, team.id, school, **random)
    again = error_of(await schedule(ouhai, team.id, school, **random), "ALREADY_SCHEDULED")
    assert (again.value, again.clauses) == (made.id, ("OUHAI-6-9b",))
    assert (await standing(ouhai)).drawn_missing == (school,)
    typed = {"caller": ouhai.officer, "reporter": "bureau-1"}
    error_of(await report(ouhai, made, held_on=today - timedelta(days=1), **typed), "BEFORE_DRAW")
    assert (await report(ouhai, made, held_on=today, **typed)).state == "reported"
    told = await standing(ouhai)
    assert (told.drawn_missing, told.reported_random) == ((), 1)


async def test_no_school_is_left_out_of_a_draw_without_a_reason(ouhai: Any, error_of: ErrorOf) -> None:
    for exempted, code in (
        ((wire.Exempted(school="s3", reason=" "),), "TEXT_MALFORMED"),
        ((wire.Exempted(school="nowhere", reason="停课"),), "SCHOOL_UNKNOWN"),
    ):
        given = {"school_year": YEAR, "count": 1, "exempted": exempted}
        error_of(await do(ouhai, wire.COMMIT_DRAW, wire.CommitDraw, **given), code)
    error_of(await do(ouhai, wire.COMMIT_DRAW, wire.CommitDraw, school_year=YEAR, count=4), "TOO_MANY")


async def test_a_roster_of_an_earlier_day_leaves_out_no_school_that_has_opened_since(
    ouhai: Any, error_of: ErrorOf
) -> None:
    opened = date(2024, 10, 1)
    card = registry.School(id="s9", code="s9", name="合成学校", stage="primary", location="town", opened_on=opened)
    await ouhai.tell(registry.SCHOOL_CHANGED, registry.SchoolChanged(school="s9", version=1, history=((opened, card),)))
    await ouhai.until(lambda rows: len(rows) == 4, "school_fact")
    given = {"school_year": YEAR, "count": 1, "roster_on": date(2024, 9, 2)}
    refused = error_of(await do(ouhai, wire.COMMIT_DRAW, wire.CommitDraw, **given), "SCHOOL_LEFT_OUT")
    assert "s9" in refused.message_zh
    why = (wire.Exempted(school="s9", reason="新开办，下学期督导"),)
    draw = await do(ouhai, wire.COMMIT_DRAW, wire.CommitDraw, exempted=why, **given)
    assert (draw.roster, draw.exempted) == (("s1", "s2", "s3"), why)


async def test_one_teacher_under_two_accounts_is_one_person(ouhai: Any, error_of: ErrorOf) -> None:
    first, second = (
        Caller(subject=f"account-{n}", role="institute-officer", district=ouhai.district, teacher="r1") for n in (1, 2)
    )
    draw = await do(ouhai, wire.COMMIT_DRAW, wire.CommitDraw, first, school_year=YEAR, count=1)
    reveal = {"draw": draw.id, "witness": "双色球 24120"}
    error_of(await do(ouhai, wire.REVEAL_DRAW, wire.RevealDraw, second, **reveal), "SAME_PERSON")


async def test_who_is_of_a_school_neither_inspects_it_nor_rechecks_what_was_found_there(
    ouhai: Any, error_of: ErrorOf
) -> None:
    members = (*MIXED, *(wire.Supervisor(person=one, side="professional") for one in ("t1", "t3", "r2")))
    team = await appoint(ouhai, members)
    refused = error_of(await schedule(ouhai, team.id, "s1", supervisors=("r1", "t1")), "OWN_SCHOOL")
    assert refused.value == "t1"
    placed = Residency(
        id="x", plan="p", person="r2", school="s1", role="lead", starts_on=date(2024, 9, 1),
        ends_on=date(2025, 1, 17),
    )  # fmt: skip
    async with ouhai.service.databases.write(ouhai.district, Deadline.after(5)) as conn:
        await add_residencies(conn, ouhai.district, [placed])
    assert error_of(await schedule(ouhai, team.id, "s1", supervisors=("r2",)), "OWN_SCHOOL").value == "r2"
    made = await schedule(ouhai, team.id, "s1", due_on=date(2025, 2, 20), supervisors=("r2",))
    typed = {"caller": ouhai.officer, "reporter": "r2"}
    assert error_of(await report(ouhai, made, **typed), "OWN_SCHOOL").field == "held_on"
    # What supervision found is re-checked by neither; t3 of another school does it.
    me, owner = Sender("supervisor", "r1", district=ouhai.district), Sender("teacher", "t1", district=ouhai.district)
    of_it = {"source": "supervision", "source_id": made.id}
    found = (await ouhai.call(findings.RECORD_FINDING, me.find(new_id("finding"), **of_it))).finding
    remedied = (await ouhai.call(findings.REPORT_REMEDY, owner.remedy(found.id))).finding
    for own in ("t2", "r2"):
        sender = Sender("supervisor", own, district=ouhai.district)
        error_of(await ouhai.call(findings.RECHECK_FINDING, sender.recheck(remedied)), "OWN_SCHOOL")
    other = Sender("supervisor", "t3", district=ouhai.district)
    assert (await ouhai.call(findings.RECHECK_FINDING, other.recheck(remedied))).finding.state == "closed"


async def test_a_finding_of_supervision_names_an_inspection_of_its_school_that_stands(
    ouhai: Any, error_of: ErrorOf
) -> None:
    team = await appoint(ouhai)
    other, gone = await schedule(ouhai, team.id, "s2"), await schedule(ouhai, team.id)
    await do(ouhai, wire.CANCEL_INSPECTION, wire.CancelInspection, inspection=gone.id, reason="台风停课")
    me = Sender("supervisor", "r1", district=ouhai.district)
    for source_id in (None, "nowhere", other.id, gone.id):
        asked = me.find(new_id("finding"), source="supervision", source_id=source_id)
        error_of(await ouhai.call(findings.RECORD_FINDING, asked), "INSPECTION_UNKNOWN")
    made = await schedule(ouhai, team.id)
    asked = me.find(new_id("finding"), source="supervision", source_id=made.id)
    assert (await ouhai.call(findings.RECORD_FINDING, asked)).finding.source_id == made.id


async def test_a_line_of_the_form_is_filled_in_once(ouhai: Any, error_of: ErrorOf) -> None:
    made = await schedule(ouhai, (await appoint(ouhai)).id)
    lines = tuple(wire.ReportLine(name=name, remark="已落实") for name in (*made.form, made.form[0]))
    twice = error_of(await report(ouhai, made, lines=lines), "LINE_TWICE")
    assert (twice.value, twice.clauses) == (made.form[0], ("OUHAI-6-9c",))


async def test_a_report_has_every_line_of_the_form_and_its_author_held_the_inspection(
    ouhai: Any, error_of: ErrorOf
) -> None:
    team = await appoint(ouhai)
    made = await schedule(ouhai, team.id)
    short = error_of(await report(ouhai, made, leave_out=1), "FORM_INCOMPLETE")
    assert short.value == made.form[0]
    assert short.clauses == ("OUHAI-6-9c",)
    error_of(await report(ouhai, made, caller=ouhai.caller("supervisor", teacher="r2")), "NOT_IN_TEAM")
    hidden = wire.ListInspections(caller=ouhai.school("s1"))
    assert (await ouhai.call(wire.LIST_INSPECTIONS, hidden)).total == 0
    typed = await report(ouhai, made, caller=ouhai.officer, reporter="r1")
    assert (typed.state, typed.reported_by) == ("reported", "r1")
    error_of(await report(ouhai, made), "INSPECTION_NOT_SO")
    assert (await ouhai.call(wire.LIST_INSPECTIONS, hidden)).items == (typed,)
    elsewhere = wire.GetInspections(caller=ouhai.school("s2"), ids=(typed.id,))
    assert (await ouhai.call(wire.GET_INSPECTIONS, elsewhere)).items == (None,)


async def test_a_finding_of_supervision_is_closed_by_another_person_than_found_it(ouhai: Any) -> None:
    made = await schedule(ouhai, (await appoint(ouhai)).id)
    me, second = (Sender("supervisor", person, district=ouhai.district) for person in ("r1", "u2"))
    of_it = {"source": "supervision", "source_id": made.id}
    found = (await ouhai.call(findings.RECORD_FINDING, me.find(new_id("finding"), **of_it))).finding
    owner = Sender("teacher", "t1", district=ouhai.district)
    remedied = (await ouhai.call(findings.REPORT_REMEDY, owner.remedy(found.id))).finding
    mine = await ouhai.call(findings.RECHECK_FINDING, me.recheck(remedied))
    assert (mine.effect, mine.finding.state) == ("without-effect", "remedied")
    assert (await ouhai.call(findings.RECHECK_FINDING, second.recheck(remedied))).finding.state == "closed"
    listed = await ouhai.call(findings.LIST_FINDINGS, findings.ListFindings(caller=ouhai.officer, source_id=made.id))
    assert [one.id for one in listed.items] == [found.id]
    by_source = findings.ListFindingsBySource(caller=ouhai.officer, sources=("none", made.id))
    nothing, same = (await ouhai.call(findings.LIST_FINDINGS_BY_SOURCE, by_source)).pages
    assert (nothing.items, nothing.total, same) == ((), 0, listed)


async def test_an_institution_of_the_register_is_neither_owed_a_supervision_nor_drawn(
    ouhai: Any, error_of: ErrorOf
) -> None:
    await ouhai.open("institute", affiliation="county-institution")
    await ouhai.until(lambda rows: len(rows) == 4, "school_fact")
    told = await standing(ouhai)
    assert (told.schools, told.missing) == (3, ("s1", "s2", "s3"))
    draw = await do(ouhai, wire.COMMIT_DRAW, wire.CommitDraw, school_year=YEAR, count=1)
    assert draw.roster == ("s1", "s2", "s3")
    team = await appoint(ouhai)
    error_of(await schedule(ouhai, team.id, "institute"), "SCHOOL_UNKNOWN")
