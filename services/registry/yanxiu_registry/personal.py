"""What the registry holds on a person, table by table, and why the other tables hold nothing of one."""

from __future__ import annotations

from yanxiu_footing.audit.tables import audit_object, audit_record
from yanxiu_footing.persons.held import NotPersonal, Personal, by, either, mentions, through

from yanxiu_registry import tables
from yanxiu_registry.entries import tables as entries
from yanxiu_registry.erasing.tables import erasure, erasure_begun, erasure_done, erasure_salt, erasure_withdrawn
from yanxiu_registry.grants.tables import role_grant, role_grant_revocation

_SEEN = ("seq", "at_us", "kind", "action", "subject", "role", "operation", "outcome", "code")
_STRETCH = ("since", "version", "until", "superseded", "recorded_at", "recorded_by")
_objects = by(audit_object, "object", told=("seq", "object"))
_erasures = by(erasure, "teacher")
_granted = by(role_grant, "teacher")

PERSONAL: Personal = {
    "teacher": by(
        tables.teacher, "id", told=("id", "staff_number", "national_id", "version", "recorded_at", "recorded_by")
    ),
    "teacher_fact": by(tables.teacher_fact, "teacher"),
    "employment": by(tables.employment, "teacher"),
    "researcher": by(entries.researcher, "id"),
    "researcher_fact": by(entries.researcher_fact, "researcher"),
    # A group is its other members' too: he is told which, when, and what he was in it.
    "research_group_fact": either(
        by(
            entries.research_group_fact,
            "leader",
            told=("research_group", *_STRETCH, "kind", "name", "subject", "school", "leader"),
        ),
        mentions(entries.research_group_fact, "members"),
    ),
    "leading_group_fact": mentions(
        entries.leading_group_fact, "members", told=("leading_group", *_STRETCH, "kind", "school")
    ),
    "studio_fact": by(entries.studio_fact, "leader"),
    "roster_change": by(
        tables.roster_change, "teacher", told=("roster", "application", "row", "kind", "version", "undone_at")
    ),
    "role_grant": _granted,
    "role_grant_revocation": through(role_grant_revocation, "role_grant", _granted, "id"),
    "erasure": _erasures,
    "erasure_begun": through(erasure_begun, "erasure", _erasures, "id"),
    "erasure_salt": through(erasure_salt, "erasure", _erasures, "id", told=("erasure", "version")),
    "erasure_withdrawn": through(erasure_withdrawn, "erasure", _erasures, "id"),
    "erasure_done": through(erasure_done, "erasure", _erasures, "id"),
    "audit_object": _objects,
    "audit_record": through(audit_record, "seq", _objects, "seq", told=_SEEN),
    "reveal_reason": through(tables.reveal_reason, "seq", _objects, "seq"),
    # What was answered and announced once more of the rows above, for repeats.
    "inbox": mentions(tables.inbox, "reply", told=("key", "reply_type", "answered_ms")),
    "outbox": mentions(tables.outbox, "body", told=("seq", "subject", "recorded_ms")),
}
NOT_PERSONAL: NotPersonal = {
    "erasing": "a row inside a transaction: which erasure changes texts",
    "erasing_left": "nothing ever: by it no row of erasing outlives its transaction",
    "erasure_cleared": "how many rows an erasure changed",
    "area": "a part of the district",
    "area_fact": "a part of the district",
    "audit_gap": "numbers and digests of lines that expired",
    "binding": "which law holds",
    "binding_cancellation": "which law does not hold",
    "calendar_year": "holidays",
    "district": "the district",
    "leading_group": "a group's days; its members stand in leading_group_fact",
    "nameless_since": "a day, by district",
    "outbox_progress": "a place in the stream",
    "research_group": "a group's days; its members stand in research_group_fact",
    "roster": "a file's number and the sums of its import; errors name rows and masked values for who imports it",
    "roster_row": "rows laid ready and sealed: they go when the roster is applied, and all of them with each erasure",
    "school": "a school",
    "school_fact": "a school",
    "studio": "a studio's days; its leader stands in studio_fact",
    "term": "a term",
}
