"""The columns of visits that people write into freely, and why nobody does into the others."""

from __future__ import annotations

from yanxiu_footing.persons.clear_texts import NoTexts, Texts

_BODIES = (
    "visit", "field_record", "note", "finding", "inspection", "supervision_team", "supervision_draw",
    "supervision_draw_result", "award_year", "award_nomination", "award_reviewer", "award_objection", "competition",
    "programme_entry", "school_theme", "assessment_sheet", "form_draft", "form_version",
    "district_fact", "researcher_fact", "research_group_fact", "leading_group_fact", "studio_fact", "outbox",
)  # fmt: skip
TEXTS: Texts = {
    **dict.fromkeys(_BODIES, ("body",)),
    "award_ending": ("reason",),
    "rotation_plan": ("body", "contents", "problem"),
    "dead_letter": ("body", "problem", "reason"),
}
_ID, _CODE, _HASH, _SUBJECT = "an id", "a word of a closed list", "a digest or a secret", "the subject of a token"
_NAMELESS = "facts of the registry without a name"
NO_TEXTS: NoTexts = {
    **dict.fromkeys(
        (
            "id", "key", "teacher", "school", "researcher", "term", "visit", "finder", "owner", "source_id", "draw",
            "person", "inspection", "plan", "nomination", "reviewer", "recipient", "message_id", "subject", "author",
            "area", "research_group", "leading_group", "studio", "school_year", "object", "objects", "fault_id",
            "trace", "stream_created", "erasure",
        ),
        _ID,
    ),
    **dict.fromkeys(
        (
            "about", "kind", "state", "phase", "role", "category", "what", "stage", "label", "event", "consumer",
            "resolution", "reply_type", "action", "home", "role_grant", "app", "operation", "policies", "outcome",
            "code", "form_draft.name", "form_version.name",
        ),
        _CODE,
    ),
    **dict.fromkeys(("hash", "seed", "audit_record.document", "question"), _HASH),
    **dict.fromkeys(("typist", "ended_by", "raised_by", "resolved_by"), _SUBJECT),
    **dict.fromkeys(("marks", "counts"), "figures"),
    **dict.fromkeys(("teacher_fact.body", "area_fact.body", "school_fact.body", "term_fact.body"), _NAMELESS),
    "calendar_fact.body": "holidays",
    "erasure_fact.body": "ids and a salted digest",
    "school_ratio_fact.body": "a school's figures",
    "district_subjects.body": "subjects that are taught",
    "inbox.reply": "forgotten where it names him (clear_texts)",
}  # fmt: skip
