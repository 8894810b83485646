"""The endpoints of records and forms: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_wire import field_records as wire
from yanxiu_wire import forms as wire_forms

from yanxiu_visits import scope
from yanxiu_visits.recording.comment_on_lesson import comment_on_lesson
from yanxiu_visits.recording.draft_form import draft_form
from yanxiu_visits.recording.get_field_records import get_field_records
from yanxiu_visits.recording.list_field_records import list_field_records
from yanxiu_visits.recording.list_forms import get_forms, list_forms
from yanxiu_visits.recording.publish_form import publish_form
from yanxiu_visits.recording.record_work import record_work
from yanxiu_visits.recording.withdraw_record import withdraw_record

OFFERED: Table = {
    wire.RECORD_WORK: (record_work, scope.RECORDERS),
    wire.COMMENT_ON_LESSON: (comment_on_lesson, scope.RECORDERS),
    wire.WITHDRAW_RECORD: (withdraw_record, scope.RECORDERS),
    wire.GET_FIELD_RECORDS: (get_field_records, scope.READERS, personal("items.researcher")),
    wire.LIST_FIELD_RECORDS: (list_field_records, scope.READERS, personal("items.researcher")),
    wire_forms.DRAFT_FORM: (draft_form, scope.OFFICERS),
    wire_forms.PUBLISH_FORM: (publish_form, scope.OFFICERS),
    wire_forms.GET_FORMS: (get_forms, scope.READERS, PLAIN),
    wire_forms.LIST_FORMS: (list_forms, scope.READERS, PLAIN),
}
