"""What credits holds on a person, table by table, and why the other tables hold nothing of one."""

from __future__ import annotations

from yanxiu_footing.audit.tables import audit_object, audit_record
from yanxiu_footing.persons.clearing_tables import erasure_fact
from yanxiu_footing.persons.held import NotPersonal, Personal, acted, by, either, mentions, through

from yanxiu_credits import tables
from yanxiu_credits.attendance import tables as attendance
from yanxiu_credits.books import tables as books
from yanxiu_credits.policy import tables as policy
from yanxiu_credits.standings import tables as standings
from yanxiu_credits.transfer import tables as transfer
from yanxiu_credits.workflow import tables as workflow

_SEEN = ("seq", "at_us", "kind", "action", "subject", "role", "operation", "outcome", "code")
_SIGNED = tuple(column.name for column in workflow.signature.c if column.name not in ("district", "body"))
_OBJECTED = tuple(c.name for c in workflow.objection.c if c.name not in ("district", "raised_by"))
_records = by(tables.record, "teacher")
_entries = by(tables.ledger, "teacher")
_objects = by(audit_object, "object", told=("seq", "object"))
_transfers = by(transfer.transfer, "teacher")

PERSONAL: Personal = {
    "teacher_fact": by(tables.teacher_fact, "teacher"),
    "teacher_place": by(tables.teacher_place, "teacher"),
    "fact_history": by(standings.fact_history, "id"),
    "record": _records,
    "decision": through(tables.decision, "record", _records, "id"),
    "ledger": _entries,
    "balance": by(tables.balance, "teacher"),
    "reversal": through(books.reversal, "entry_id", _entries, "entry_id"),
    "integrity_entry": by(books.integrity_entry, "teacher"),
    "recognition": by(books.recognition, "teacher"),
    "notice": by(workflow.notice, "teacher"),
    # Who objected to him he is not told.
    "objection": either(
        by(workflow.objection, "teacher", told=_OBJECTED), acted(workflow.objection, "raised_by", told=_OBJECTED)
    ),
    "public_line": by(workflow.public_line, "teacher"),
    # A signature is of a process, and of the others in it: his own he is told, but not the lists that it is under.
    "signature": acted(workflow.signature, "subject", "on_behalf_of", told=_SIGNED),
    "delegation": acted(workflow.delegation, "from_subject", "to_subject"),
    "check_in": by(attendance.check_in, "teacher"),
    "check_in_token": by(attendance.check_in_token, "teacher", told=("session", "teacher", "issued_us", "expires_us")),
    "check_out": by(attendance.check_out, "teacher"),
    # With whose device his was the same is that one's data too.
    "attendance_flag": by(
        attendance.attendance_flag, "teacher", told=("session", "teacher", "number", "kind", "after", "recorded_us")
    ),
    "attendance_settlement": by(attendance.attendance_settlement, "teacher"),
    "attended_record": by(attendance.attended_record, "teacher"),
    "standing_row": by(standings.standing_row, "teacher"),
    "preview_line": by(policy.preview_line, "teacher"),
    "preview_record": by(policy.preview_record, "teacher"),
    "transfer": _transfers,
    "transfer_item": through(transfer.transfer_item, "transfer", _transfers, "id"),
    "transfer_decision": through(transfer.transfer_decision, "transfer", _transfers, "id"),
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
    "redaction": "digests of rows whose text was erased",
    "anchor": "digests of other rows",
    "audit_gap": "numbers and digests of lines that expired",
    "calendar_fact": "holidays",
    "consumed": "ids of messages",
    "district_fact": "the district and its law",
    "job": "work on a whole district: counts",
    "job_part": "parts of such work: ids, gone with it",
    "ledger_head": "the end of the chain",
    "ledger_state": "whether the chain holds",
    "lock_event": "a school's period",
    "outbox_progress": "a place in the stream",
    "preview": "a draft of a law and its sums",
    "process": "a school's procedure; whom it is about stands in its own tables",
    "process_project": "which project a procedure is about",
    "project": "a training; who proposed it did so in office",
    "publicity": "how many stand on a list; who they are, public_line says",
    "ratio_announcement": "a school's figures",
    "school_fact": "a school",
    "signed_head": "what is signed of the ledger",
    "standing_batch": "up to where standings are judged",
    "term_fact": "a term",
    "training_session": "a training's day; who was there stands in its own tables",
    "tree_node": "hashes",
}
