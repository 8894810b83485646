"""The terms of a rotation in Ouhai as they are worked: who comes when, what he records, and what he hands in."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.slices.actors import OFFICERS
from tests.slices.field_town import FieldTown, next_day

PHASES: tuple[str, ...] = ("期初", "期中", "期末")
HALF_DAYS: dict[str, int] = {"期初": 2, "期中": 1, "期末": 2}
DAYS = {
    "2024-2025-1": ("2024-09-10", "2024-11-12", "2025-01-07"),
    "2024-2025-2": ("2025-02-25", "2025-04-22", "2025-06-17"),
    "2025-2026-1": ("2025-09-09", "2025-11-11", "2026-01-13"),
    "2025-2026-2": ("2026-03-03", "2026-04-21", "2026-06-16"),
}
OVER = {
    "2024-2025-1": "2025-01-20",
    "2024-2025-2": "2025-07-01",
    "2025-2026-1": "2026-01-26",
    "2025-2026-2": "2026-07-01",
}
# What is held in each phase: its kind, how far it reaches, whether the researcher organises it.
HELD = {
    "期初": (("PREPARATION", "SCHOOL", False),),
    "期中": (("THEME", "SCHOOL", True),),
    "期末": (("SEMINAR", "AREA", True), ("EXCHANGE", "DISTRICT", True)),
}
STAYS = """query($t: String!) { residencies(term: $t, first: 200) { edges { node {
  id term person { id } school { id } } } } }"""
MINIMA = """query($r: ID!, $t: ID!) { termMinima(researcher: $r, term: $t) { state placed away daysLeft failed
  schools { id } minima { measure earned threshold shortfall state ids } } }"""
OWN = """query($r: ID!, $t: ID!) { termWork(researcher: $r, term: $t) { report unfinished { id } incomplete { id }
  ahead { id } residencies { totalCount } } }"""


class Stay(NamedTuple):
    """A researcher's place of a term."""

    id: str
    term: str
    name: str
    school: str


async def stays_of(town: FieldTown, term: str) -> list[Stay]:
    """Return who is placed where in a term, as the officer's calendar shows it."""
    names = {of: name for name, of in town.people.items()}
    found = (await town.stage.read(town.who("institute-officer"), STAYS, t=term))["residencies"]["edges"]
    nodes = [edge["node"] for edge in found]
    return [Stay(one["id"], one["term"], names[one["person"]["id"]], one["school"]["id"]) for one in nodes]


async def a_form_is_published(town: FieldTown) -> str:
    """Officers make the form for observed lessons, nobody else; returns the version that is filled in."""
    fields = [
        {"name": "pace", "kind": "SCALE", "labelZh": "节奏", "required": True,
         "choices": [{"value": str(at), "labelZh": f"{at}分"} for at in range(1, 6)]},
        {"name": "remark", "kind": "TEXT", "labelZh": "记录"},
    ]  # fmt: skip
    given = {"name": "lesson", "title": "听评课表", "fields": fields}
    await town.acts("institute-officer", "draftForm", given, "form { version }", allowed=OFFICERS, strangers=False)
    named = {"name": "lesson"}
    made = await town.acts(
        "district-officer", "publishForm", named, "form { id version }", allowed=OFFICERS, strangers=False
    )
    assert made["form"]["version"] == 1
    return made["form"]["id"]


async def a_term_is_worked(town: FieldTown, term: str, form: str) -> list[Stay]:
    """Three phases, in each of which everybody comes, works, leaves and sums up his month; then the reports."""
    stays = await stays_of(town, term)
    for phase in PHASES:
        await a_phase_is_worked(town, stays, phase, form)
    await the_term_is_reported(town, stays)
    return stays


async def a_phase_is_worked(town: FieldTown, stays: list[Stay], phase: str, form: str) -> None:
    """Everybody is at his school on the same day; what happened there is sent from home."""
    term = stays[0].term
    day = DAYS[term][PHASES.index(phase)]
    town.stage.calendar.turn_to(day)
    visits = {stay: await he_comes(town, stay, phase, day) for stay in stays}
    town.stage.calendar.turn_to(next_day(day))
    for stay, visit in visits.items():
        await he_leaves(town, stay, visit, f"{day}T16:00", HALF_DAYS[phase])
        await he_records_what_he_did(town, stay, visit, day, phase, form)
        month = await town.hands_in(stay.name, term, next_day(day), month=day[:7])
        assert (month["lessons_commented"], month["visits"] >= 1) == (1, True)
        await a_phase_is_counted(town, stay, phase)


async def he_comes(town: FieldTown, stay: Stay, phase: str, day: str) -> str:
    """The first visit of a term is planned on his residency; returns the visit as the district knows it."""
    me, visit = town.researcher(stay.name), town.key()
    where = {"visitId": visit, "schoolId": stay.school, "termId": stay.term, "phase": phase}
    if phase == PHASES[0]:
        planned = {"days": [{"on": day, "halfDays": HALF_DAYS[phase]}], "residencyId": stay.id}
        made = await town.does(me, "planVisit", f"{day}T07:30", "visit { id state }", **where, **planned)
        assert made["visit"]["state"] == "PLANNED"
    done = await town.does(me, "arriveAtSchool", f"{day}T08:00", "visit { id state phase }", **where)
    assert (done["visit"]["state"], done["visit"]["phase"]) == ("UNDER_WAY", phase)
    return done["visit"]["id"]


async def he_leaves(town: FieldTown, stay: Stay, visit: str, at: str, half_days: int) -> None:
    """In the middle of the second term Yu's paper is typed for him by the institute: he stays the author."""
    given = {"visitId": visit, "halfDays": half_days}
    fields = "visit { state halfDays }"
    if (stay.term, stay.name, half_days) == ("2024-2025-2", "Yu", 1):
        officer = town.who("institute-officer")
        assert await town.not_his(officer, "leaveSchool", at, **given) == ("NOT_YOUR_WORK",)
        done = await town.does(officer, "leaveSchool", at, fields, **given, researcherId=town.people["Yu"])
        await the_visitor_is_its_author(town, visit)
    else:
        done = await town.does(town.researcher(stay.name), "leaveSchool", at, fields, **given)
    assert done["visit"] == {"state": "DONE", "halfDays": half_days}


async def the_visitor_is_its_author(town: FieldTown, visit: str) -> None:
    query = "query($v: ID!) { fieldNotes(id: $v) { kind author typist typistRole } }"
    notes = (await town.stage.read(town.researcher("Yu"), query, v=visit))["fieldNotes"]
    assert [one["kind"] for one in notes] == ["arrive-at-school", "leave-school"]
    assert {one["author"] for one in notes} == {notes[0]["author"]}
    assert [one["typistRole"] for one in notes] == ["researcher", "institute-officer"]
    assert [one["typist"].rpartition(":")[2] for one in notes] == ["Yu", "institute-officer"]


async def he_records_what_he_did(town: FieldTown, stay: Stay, visit: str, day: str, phase: str, form: str) -> None:
    """A lesson with its comment on the published form, and what was held; a comment may follow the lesson."""
    me = town.researcher(stay.name)
    where = {"on": day, "termId": stay.term, "schoolId": stay.school, "visitId": visit}
    lesson = {"recordId": town.key(), "subject": "语文", "title": f"{phase}听课", "formId": form, **where}
    pace = [{"name": "pace", "value": "4"}]
    if phase == "期中":
        wrong = [{"name": "pace", "value": "9"}]
        assert await town.not_his(me, "recordObservation", f"{day}T09:00", **lesson, answers=wrong) == (
            "ANSWER_REFUSED",
        )
        await town.does(me, "recordObservation", f"{day}T09:00", **lesson, answers=pace)
        comment = {"recordId": lesson["recordId"], "comment": "问题设计宜更开放"}
        await town.does(me, "commentOnLesson", f"{day}T10:00", **comment)
    else:
        await town.does(me, "recordObservation", f"{day}T09:00", **lesson, answers=pace, comment="环节清楚")
    for kind, reach, organised in HELD[phase]:
        held = {"kind": kind, "reach": reach, "organised": organised, "title": f"{phase}活动", "subject": "语文"}
        await town.does(me, "recordGathering", f"{day}T14:00", recordId=town.key(), **held, **where)


async def a_phase_is_counted(town: FieldTown, stay: Stay, phase: str) -> None:
    """OUHAI-6-6b: what is still to come is short while there is time for it; after the last phase all is met."""
    found = await minima_of(town, stay)
    done = PHASES[: PHASES.index(phase) + 1]
    states = {one["measure"]: (one["earned"], one["shortfall"], one["state"]) for one in found["minima"]}
    assert states == {one: ("1", "0", "MET") if one in done else ("0", "1", "OPEN") for one in PHASES}
    assert (found["state"], found["placed"], found["away"]) == ("MET" if phase == PHASES[-1] else "OPEN", True, False)
    assert [one["id"] for one in found["schools"]] == [stay.school]


async def minima_of(town: FieldTown, stay: Stay) -> dict[str, Any]:
    """Return a researcher's term against the law, as he reads it himself."""
    asked = {"r": town.people[stay.name], "t": stay.term}
    return (await town.stage.read(town.researcher(stay.name), MINIMA, **asked))["termMinima"]


async def the_term_is_reported(town: FieldTown, stays: list[Stay]) -> None:
    """Each hands in his own report, drafted from his records; when the term is over, nothing is open or failed."""
    last = next_day(DAYS[stays[0].term][-1])
    for stay in stays:
        told = await town.hands_in(stay.name, stay.term, last)
        extra = 4 if (stay.term, stay.name) == ("2024-2025-1", "Lan") else 0  # see `one_school_is_gone_to_too_often`
        assert {one: told[one] for one in COUNTED} == COUNTED | {"visits": 3 + extra, "half_days": 5 + extra}
    town.stage.calendar.turn_to(OVER[stays[0].term])
    for stay in stays:
        found = await minima_of(town, stay)
        assert (found["state"], found["daysLeft"], found["failed"]) == ("MET", 0, [])
        own = await town.stage.read(town.researcher(stay.name), OWN, r=town.people[stay.name], t=stay.term)
        page = {"report": True, "unfinished": [], "incomplete": [], "ahead": [], "residencies": {"totalCount": 1}}
        assert own["termWork"] == page


COUNTED = {
    "visits": 3, "half_days": 5, "lessons": 3, "lessons_commented": 3,
    "preparations": 1, "themes": 1, "seminars": 1, "exchanges": 1,
}  # fmt: skip
