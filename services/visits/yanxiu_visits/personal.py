"""What visits holds on a person, table by table, and why the other tables hold nothing of one."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_footing.audit.tables import audit_object, audit_record
from yanxiu_footing.persons.clearing_tables import erasure_fact
from yanxiu_footing.persons.held import (
    NotPersonal,
    Personal,
    Whose,
    acted,
    by,
    either,
    holds,
    mentions,
    through,
    veiled,
)

from yanxiu_visits import tables
from yanxiu_visits.all_tables import metadata

_SEEN = ("seq", "at_us", "kind", "action", "subject", "role", "operation", "outcome", "code")
_of = metadata.tables
_objects = by(audit_object, "object", told=("seq", "object"))
_RANKED = ("number", "rank", "body")
_nominations = veiled(mentions(_of["award_nomination"], "body"), *_RANKED, unless=lambda _whose: _is_public())
_held, _finding = _of["inspection_supervisor"], _of["finding"]


def _is_public() -> sa.ColumnElement[bool]:
    return _of["award_nomination"].c.public


def _holds_it(whose: Whose) -> sa.ColumnElement[bool]:
    its, here = _of["inspection"].c, _held.c.district == whose.district
    return sa.exists().where(here, _held.c.person == whose.teacher, _held.c.inspection == its.id)


def _part_in_finding(whose: Whose) -> sa.ColumnElement[bool]:
    its, checked = _finding.c, f'"checked_by":"{whose.teacher}"'
    return sa.or_(its.finder == whose.teacher, its.owner == whose.teacher, holds(its.body, checked))


PERSONAL: Personal = {
    "teacher_fact": by(tables.teacher_fact, "teacher"),
    "teacher_place": by(tables.teacher_place, "teacher"),
    "researcher_fact": by(_of["researcher_fact"], "researcher"),
    # A group is its other members' too: he is told which.
    "research_group_fact": mentions(_of["research_group_fact"], "body", told=("research_group", "version")),
    "leading_group_fact": mentions(_of["leading_group_fact"], "body", told=("leading_group", "version")),
    "studio_fact": mentions(_of["studio_fact"], "body"),
    "visit": by(_of["visit"], "researcher"),
    "field_record": by(_of["field_record"], "researcher"),
    "note": either(by(_of["note"], "author"), acted(_of["note"], "typist")),
    "finding": veiled(
        either(by(_finding, "finder", "owner"), mentions(_finding, "body")), "body", unless=_part_in_finding
    ),
    "residency": by(_of["residency"], "person"),
    # A plan places everybody: which plans name him, and his own placings stand in residency.
    "rotation_plan": mentions(_of["rotation_plan"], "contents", "problem", told=("id", "state", "first_on", "last_on")),
    "inspection": veiled(mentions(_of["inspection"], "body"), "body", unless=_holds_it),
    "inspection_supervisor": by(_held, "person"),
    "supervision_team": mentions(_of["supervision_team"], "body", told=("id", "made_us")),
    "supervision_draw": mentions(_of["supervision_draw"], "body", told=("id", "school_year", "made_us")),
    "supervision_draw_result": mentions(_of["supervision_draw_result"], "body", told=("draw",)),
    # Before the publication neither number nor rank is anybody's; which nomination a reviewer judged never is.
    "award_nomination": _nominations,
    "award_ending": through(_of["award_ending"], "nomination", _nominations, "id"),
    "award_place": through(_of["award_place"], "nomination", _nominations, "id"),
    "award_objection": either(
        # Who objected to him he is not told.
        through(_of["award_objection"], "nomination", _nominations, "id", told=("id", "nomination", "settled")),
        mentions(_of["award_objection"], "body"),
    ),
    "award_reviewer": by(_of["award_reviewer"], "reviewer"),
    "award_review_number": by(_of["award_review_number"], "reviewer", told=("year", "category", "number")),
    "award_score": by(_of["award_score"], "reviewer", told=("year", "scored_us", "turn", "marks")),
    "award_year": mentions(_of["award_year"], "body", told=("year",)),
    "competition": mentions(_of["competition"], "body", told=("id", "year", "stage")),
    # A contest lists a school's whole staff, with days of birth.
    "programme_entry": veiled(
        mentions(_of["programme_entry"], "body"),
        "body",
        unless=lambda _whose: _of["programme_entry"].c.kind != "contest",
    ),
    "school_theme": mentions(_of["school_theme"], "body", told=("school_year", "school", "version")),
    "assessment_sheet": mentions(_of["assessment_sheet"], "body", told=("version", "since")),
    "erasure_fact": mentions(erasure_fact, "body", told=("erasure", "version")),
    "audit_object": _objects,
    "audit_record": through(audit_record, "seq", _objects, "seq", told=_SEEN),
    # What was answered, announced or could not be applied once more of the rows above.
    "inbox": mentions(tables.inbox, "reply", told=("key", "reply_type", "answered_ms")),
    "outbox": mentions(tables.outbox, "body", told=("seq", "subject", "recorded_ms")),
    "dead_letter": mentions(tables.dead_letter, "body", told=("message_id", "event", "given_up_us", "resolution")),
}
NOT_PERSONAL: NotPersonal = {
    "erasing": "a row inside a transaction: which erasure changes texts",
    "erasing_left": "nothing ever: by it no row of erasing outlives its transaction",
    "erasure_cleared": "how many rows an erasure changed",
    "area_fact": "a part of the district",
    "audit_gap": "numbers and digests of lines that expired",
    "calendar_fact": "holidays",
    "consumed": "ids of messages",
    "district_fact": "the district and its law",
    "district_subjects": "subjects that are taught",
    "form_draft": "a form without an answer",
    "form_version": "a form without an answer",
    "outbox_progress": "a place in the stream",
    "school_fact": "a school",
    "school_ratio_fact": "a school's figures",
    "term_fact": "a term",
}
