"""The columns of the registry that people write into freely, and why nobody does into the others."""

from __future__ import annotations

from yanxiu_footing.persons.clear_texts import NoTexts, Texts

TEXTS: Texts = {
    "binding": ("settings", "decided_by"),
    "binding_cancellation": ("reason",),
    "calendar_year": ("notice",),
    "employment": ("post",),
    "erasure_withdrawn": ("withdrawn_why",),
    "leading_group_fact": ("kind", "members", "remark"),
    "outbox": ("body",),
    "research_group_fact": ("kind", "name", "members", "leader_grounds", "appointed_by"),
    "researcher_fact": ("conflicts", "absences"),
    "reveal_reason": ("reason",),
    "role_grant": ("decision",),
    "role_grant_revocation": ("why",),
    "school_fact": ("weak_decided_by", "affiliation"),
    "studio_fact": ("name", "level"),
}
_ID, _CODE, _SUBJECT = "an id or a number of the register", "a word of a closed list", "the subject of a token"
_CHAINED = "the trail: ids, codes and digests, never a text of anybody's"
NO_TEXTS: NoTexts = {
    **dict.fromkeys(
        (
            "id", "teacher", "school", "area", "research_group", "leading_group", "studio", "researcher", "leader",
            "roster", "role_grant", "erasure", "key", "code", "school_year", "stream_created", "trace",
        ),
        _ID,
    ),
    **dict.fromkeys(
        (
            "pack", "pack_version", "gender", "subject", "stage", "title", "status", "location", "ownership", "role",
            "kind", "reply_type", "subjects", "stages", "areas", "schools", "head_teacher_periods", "outbox.subject",
        ),
        _CODE,
    ),
    **dict.fromkeys(
        ("recorded_by", "proposed_by", "confirmed_by", "begun_by", "withdrawn_by", "role_grant.subject"), _SUBJECT
    ),
    **dict.fromkeys(
        tuple(
            f"audit_record.{name}"
            for name in ("action", "subject", "home", "app", "operation", "document", "policies", "outcome",
                         "fault_id", "objects", "question", "hash")
        ),
        _CHAINED,
    ),
    **dict.fromkeys(("audit_object.object", "audit_gap.hash"), _CHAINED),
    **dict.fromkeys(("holidays", "workdays"), "days"),
    "teacher.staff_number": "cleared with the person's row (erase_rows)",
    "teacher_fact.name": "cleared with the person's row (erase_rows)",
    **dict.fromkeys(("national_id", "national_id_index"), "sealed; cleared with the person's row"),
    "roster_row.cells": "sealed; every row that lies ready goes with an erasure (erase_rows)",
    "roster.report": "emptied where it names him (erase_rows)",
    "inbox.hash": "a digest",
    "inbox.reply": "forgotten where it names him (clear_texts)",
    **dict.fromkeys(
        ("erasure.reason", "erasure.document"), "under a receipt's signature: refused where it names whom it is about"
    ),
    "counts": "figures",
    "everywhere": "words of a closed list",
    "salt": "a random secret",
    "shown": "a digest under a key",
    **dict.fromkeys(("name_zh", "name_en", "key_proof"), "the district"),
    "school_fact.name": "the name of a school",
    "area_fact.name": "the name of an area",
}  # fmt: skip
