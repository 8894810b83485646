"""The columns of credits that people write into freely, and why nobody does into the others."""

from __future__ import annotations

from yanxiu_footing.persons.clear_texts import NoTexts, Texts

TEXTS: Texts = {
    "record": ("facts", "attributes", "reasons"),
    "decision": ("body",),
    "project": ("title", "organiser", "facts", "return_reason", "approval_document"),
    "reversal": ("reason",),
    "integrity_entry": ("reason", "proof"),
    "lock_event": ("reason",),
    "objection": ("text", "reason"),
    "signature": ("body", "statements", "evidence", "reason"),
    "delegation": ("reason",),
    "attendance_settlement": ("reason",),
    "training_session": ("title", "facts", "cancel_reason"),
    "transfer": ("document",),
    "transfer_item": ("facts", "doubts", "body"),
    "transfer_decision": ("reason",),
    "dead_letter": ("body", "problem", "reason"),
    "outbox": ("body",),
    "district_fact": ("body",),
    "fact_history": ("body",),
    "job": ("about", "result"),
    "job_part": ("body", "problem", "result"),
    "preview": ("draft", "facts", "summary", "adoption"),
    "preview_line": ("causes",),
    "preview_record": ("after_attributes", "causes"),
    "ratio_announcement": ("body",),
}
_ID, _CODE, _HASH, _SUBJECT = "an id", "a word of a closed list", "a digest or a signature", "the subject of a token"
_UNIT, _LAW, _FIGURES = "a unit", "of a rule pack", "figures"
_OWN = "written by the platform: numbers, ids and days"
NO_TEXTS: NoTexts = {
    **dict.fromkeys(
        (
            "id", "key", "teacher", "other_teacher", "school", "record", "entry_id", "reverses", "activity", "project",
            "process", "session", "other_session", "recognition", "integrity", "replaces", "reversed_entry", "transfer",
            "origin", "origin_teacher", "origin_entry", "source", "training", "message_id", "preview", "job", "term",
            "opens", "delegation", "erasure", "stream_created", "trace", "nonce", "device", "object", "objects",
            "fault_id", "fact_history.noun",
        ),
        _ID,
    ),
    **dict.fromkeys(
        (
            "kind", "state", "status", "verdict", "before_verdict", "after_verdict", "before_status", "after_status",
            "period_kind", "label", "role", "why", "actor", "mark", "step", "from_state", "to_state", "outcome", "what",
            "workflow", "workflows", "carries", "period", "phase", "effect", "event", "consumer", "resolution",
            "reply_type", "action", "home", "operation", "policies", "code", "app", "role_grant", "subject",
            "outbox.subject", "locked",
        ),
        _CODE,
    ),
    **dict.fromkeys(
        (
            "hash", "previous", "evidence", "digest", "root", "head", "kid", "token", "content", "before", "after",
            "head_hash", "ledger_state.reason", "audit_record.document", "question",
        ),
        _HASH,
    ),
    **dict.fromkeys(
        (
            "registered_by", "reversed_by", "decided_by", "found_by", "put_by", "raised_by", "settled_by", "ended_by",
            "from_subject", "to_subject", "on_behalf_of", "by", "issued_by", "scheduled_by", "received_by",
            "resolved_by", "proposed_by", "approved_by", "asked_by", "redacted_by", "worker",
        ),
        _SUBJECT,
    ),
    **dict.fromkeys(("hours_unit", "credits_unit"), _UNIT),
    **dict.fromkeys(
        (
            "pack", "version", "pack_version", "jurisdiction", "law", "clauses", "consequences", "settings", "duties",
            "preview.label",
        ),
        _LAW,
    ),
    **dict.fromkeys(
        ("standing", "figures", "before_figures", "after_figures", "hours", "credits", "recognised_hours",
         "recognised_credits", "counts"),
        _FIGURES,
    ),
    "decision.teacher_facts": "facts of the registry without a name",
    "teacher_fact.body": "facts of the registry without a name",
    "school_fact.body": "a school",
    "term_fact.body": "a term",
    "calendar_fact.body": "holidays",
    "erasure_fact.body": "ids and a salted digest",
    "inbox.reply": "forgotten where it names him (clear_texts)",
}  # fmt: skip
