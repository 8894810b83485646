"""Records and forms through the service: versions pinned, answers validated, what the law does not know refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_wire import field_records as wire
from yanxiu_wire import forms
from yanxiu_wire.noting import ListNotes
from yanxiu_wire.visiting import ARRIVE_AT_SCHOOL, LIST_NOTES

from tests.services.visits.field import Sender, new_id

ErrorOf = Callable[[Any, str], Any]
PACE = forms.FormField(name="pace", kind="number", label_zh="节奏", required=True, least=Decimal(1), most=Decimal(5))
NOTE = forms.FormField(name="note", kind="text", label_zh="记录", required=True)
DIGEST = "0" * 64


@pytest.fixture
def me(quick_house: Any) -> Sender:
    return Sender(district=quick_house.district)


async def publish(house: Any, *fields: forms.FormField) -> forms.Form:
    draft = forms.DraftForm(caller=house.officer, key=house.key(), name="lesson", title="听评课表", fields=fields)
    assert (await house.call(forms.DRAFT_FORM, draft)).version == 0
    return await house.call(forms.PUBLISH_FORM, forms.PublishForm(caller=house.officer, key=house.key(), name="lesson"))


async def test_an_observation_keeps_the_version_of_the_form_that_it_was_filled_in_on(
    house: Any, error_of: ErrorOf
) -> None:
    me = Sender(district=house.district)
    first = await publish(house, PACE)
    assert (first.id, first.version, first.current, first.published_on) == ("lesson.1", 1, True, date(2024, 10, 18))
    seen = new_id("lesson")
    lesson = {"form": "lesson.1", "answers": {"pace": "4.5"}, "teacher": "t1"}
    noted = await house.call(wire.RECORD_WORK, me.observe(seen, lesson=lesson))
    assert (noted.effect, noted.record.content.answers) == ("applied", {"pace": "4.5"})
    second = await publish(house, PACE, NOTE)
    assert (second.version, second.current) == (2, True)
    # A new revision asks more; what was answered before stays what it was, and late ones may still be on the old one.
    asked = wire.GetFieldRecords(caller=me.caller, ids=(noted.record.id,))
    (kept,) = (await house.call(wire.GET_FIELD_RECORDS, asked)).items
    assert kept == noted.record
    assert isinstance(await house.call(wire.RECORD_WORK, me.observe(new_id("late"), lesson=lesson)), wire.RecordNoted)
    on_the_new = {**lesson, "form": "lesson.2"}
    refused = await house.call(wire.RECORD_WORK, me.observe(new_id("new"), lesson=on_the_new))
    assert error_of(refused, "ANSWER_REFUSED").field == "content.answers.note"
    old, new = (await house.call(forms.GET_FORMS, forms.GetForms(caller=me.caller, ids=("lesson.1", "lesson.2")))).items
    assert (old.current, new.current, len(old.fields), len(new.fields)) == (False, True, 1, 2)


async def test_a_draft_is_not_filled_in_and_the_same_is_not_published_twice(
    quick_house: Any, me: Sender, error_of: ErrorOf
) -> None:
    lesson = {"form": "lesson.1", "answers": {"pace": "4"}}
    error_of(await quick_house.call(wire.RECORD_WORK, me.observe(new_id("lesson"), lesson=lesson)), "FORM_UNKNOWN")
    error_of(
        await quick_house.call(
            forms.PUBLISH_FORM, forms.PublishForm(caller=quick_house.officer, key=quick_house.key(), name="lesson")
        ),
        "DRAFT_MISSING",
    )
    await publish(quick_house, PACE)
    error_of(await publish_again(quick_house), "DRAFT_MISSING")
    listed = forms.ListForms(caller=me.caller, drafts=True)
    assert [one.id for one in (await quick_house.call(forms.LIST_FORMS, listed)).items] == ["lesson.1"]
    listed = forms.ListForms(caller=quick_house.officer, drafts=True)
    assert [one.id for one in (await quick_house.call(forms.LIST_FORMS, listed)).items] == ["lesson.1", "lesson.0"]
    bad = forms.DraftForm(caller=quick_house.officer, key=quick_house.key(), name="Lesson", title="表", fields=())
    refused = await quick_house.call(forms.DRAFT_FORM, bad)
    assert [one.field for one in refused.errors] == ["name", "fields"]
    mine = forms.DraftForm(caller=me.caller, key=quick_house.key(), name="mine", title="表", fields=(PACE,))
    error_of(await quick_house.call(forms.DRAFT_FORM, mine), "FORBIDDEN")


async def publish_again(house: Any) -> Any:
    return await house.call(forms.PUBLISH_FORM, forms.PublishForm(caller=house.officer, key=house.key(), name="lesson"))


async def test_a_record_may_come_before_its_visit(quick_house: Any, me: Sender) -> None:
    visit, record = new_id("visit"), new_id("record")
    noted = await quick_house.call(wire.RECORD_WORK, me.gather(record, visit=visit))
    asked = wire.GetFieldRecords(caller=me.caller, ids=(noted.record.id,))
    (waiting,) = (await quick_house.call(wire.GET_FIELD_RECORDS, asked)).items
    assert (waiting.visit, waiting.visit_known) == (f"r1.{visit}", False)
    await quick_house.call(ARRIVE_AT_SCHOOL, me.arrive(visit))
    (there,) = (await quick_house.call(wire.GET_FIELD_RECORDS, asked)).items
    assert there.visit_known
    page = await quick_house.call(
        wire.LIST_FIELD_RECORDS, wire.ListFieldRecords(caller=me.caller, visit=f"r1.{visit}", kind="gathering")
    )
    assert [one.id for one in page.items] == [noted.record.id]


async def test_a_comment_before_its_lesson_waits_and_counts_when_it_comes(quick_house: Any, me: Sender) -> None:
    record = new_id("lesson")
    early = await quick_house.call(wire.COMMENT_ON_LESSON, me.comment(record))
    assert (early.effect, early.record.state) == ("waiting", "incomplete")
    seen = await quick_house.call(wire.RECORD_WORK, me.observe(record))
    assert (seen.record.content.comment, seen.effect) == ("导入简洁", "applied")
    notes = await quick_house.call(LIST_NOTES, ListNotes(caller=me.caller, about="record", id=seen.record.id))
    assert [(one.kind, one.effect) for one in notes.items] == [
        ("record-work", "applied"),
        ("comment-on-lesson", "applied"),
    ]


@pytest.mark.parametrize(
    ("made", "code", "field"),
    [
        (lambda me: me.observe("lesson-0001", lesson={"teacher": "t3"}), "PERSON_UNKNOWN", "content.teacher"),
        (lambda me: me.observe("lesson-0001", lesson={"title": ""}), "TEXT_MALFORMED", "content.title"),
        (lambda me: me.observe("lesson-0001", on="10-19"), "DAY_IN_FUTURE", "on"),
        (lambda me: me.observe("lesson-0001", visit="r2.visit-0001"), "ID_MALFORMED", "visit"),
        (lambda me: me.work("task-00001", wire.TaskDone(task="打扫", text="x")), "NOT_ONE_OF", "content.task"),
        (
            lambda me: me.work("paper-0001", wire.Paper(paper="日记", title="x", digest=DIGEST)),
            "NOT_ONE_OF", "content.paper",
        ),
        (
            lambda me: me.work("paper-0001", wire.Paper(paper="总体工作计划", title="x", digest="A" * 64)),
            "DIGEST_MALFORMED", "content.digest",
        ),
        (
            lambda me: me.work("month-0001", wire.Summary(month="2024-07", text="x")),
            "MONTH_MALFORMED", "content.month",
        ),
        (
            lambda me: me.work("month-0001", wire.Summary(month="2024-10", text="x", figures=(
                wire.Figure(name="lessons", value=2, ids=("r1.lesson-0001",)),
            ))),
            "FIGURES_MALFORMED", "content.figures[0].value",
        ),
        (
            lambda me: me.work("month-0001", wire.Summary(month="2024-10", text="x", figures=(
                wire.Figure(name="steps", value=0, ids=()),
            ))),
            "FIGURES_MALFORMED", "content.figures[0].name",
        ),
    ],
)  # fmt: skip
async def test_what_cannot_be_a_record_names_its_field(
    quick_house: Any, me: Sender, error_of: ErrorOf, made: Callable[[Sender], Any], code: str, field: str
) -> None:
    assert error_of(await quick_house.call(wire.RECORD_WORK, made(me)), code).field == field
    assert await quick_house.rows("note") == []


async def test_a_submitted_report_stays_whatever_is_sent_later_under_its_id(house: Any, error_of: ErrorOf) -> None:
    me, record = Sender(district=house.district), new_id("report")
    first = me.work(record, wire.Report(title="蹲点报告", text="一"), "10-16 18:00")
    submitted = (await house.call(wire.RECORD_WORK, first)).record
    for when in ("10-16 17:59", "10-17 18:00"):
        again = me.work(record, wire.Report(title="改过的报告", text="二"), when)
        assert error_of(await house.call(wire.RECORD_WORK, again), "SUBMITTED_ALREADY").field == "record"
        error_of(await house.call(wire.RECORD_WORK, me.observe(record, when)), "ANOTHER_KIND")
    assert (await house.call(wire.RECORD_WORK, first)).replayed
    asked = wire.GetFieldRecords(caller=me.caller, ids=(submitted.id,))
    assert (await house.call(wire.GET_FIELD_RECORDS, asked)).items == (submitted,)
    await house.call(wire.WITHDRAW_RECORD, me.withdraw(record, "10-17 09:00"))
    anew = me.work(record, wire.Report(title="蹲点报告", text="三"), "10-17 10:00")
    error_of(await house.call(wire.RECORD_WORK, anew), "SUBMITTED_ALREADY")
    other = me.work(new_id("report"), wire.Report(title="蹲点报告", text="三"), "10-17 10:00")
    assert (await house.call(wire.RECORD_WORK, other)).effect == "applied"
    # Nor does a lesson's id become a report, which an earlier time could make its first word.
    lesson = new_id("lesson")
    await house.call(wire.RECORD_WORK, me.observe(lesson))
    turned = me.work(lesson, wire.Report(title="蹲点报告", text="一"), "10-13 09:00")
    error_of(await house.call(wire.RECORD_WORK, turned), "ANOTHER_KIND")


async def test_a_school_sees_the_records_at_it_and_no_others(quick_house: Any, me: Sender) -> None:
    await quick_house.call(wire.RECORD_WORK, me.observe(new_id("here")))
    await quick_house.call(wire.RECORD_WORK, me.observe(new_id("there"), school="s2"))
    withdrawn = new_id("gone")
    await quick_house.call(wire.RECORD_WORK, me.gather(withdrawn))
    await quick_house.call(wire.WITHDRAW_RECORD, me.withdraw(withdrawn))

    async def names(caller: Any, **asked: Any) -> list[str]:
        page = await quick_house.call(wire.LIST_FIELD_RECORDS, wire.ListFieldRecords(caller=caller, **asked))
        return [one.id.partition(".")[2].partition("-")[0] for one in page.items]

    assert await names(quick_house.school("s1")) == ["here"]
    assert await names(quick_house.school("s1"), withdrawn=True) == ["gone", "here"]
    assert await names(me.caller) == ["here", "there"]
    assert await names(quick_house.researcher("r2")) == []
    assert await names(quick_house.officer, school="s2") == ["there"]
    assert await names(quick_house.officer, until=date(2024, 10, 13)) == []
