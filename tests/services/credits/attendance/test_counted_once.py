"""A training registered of attendance is not registered by hand as well, nor the other way round."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from yanxiu_wire import books
from yanxiu_wire.credits import TrainingRegistered

from tests.services.credits.attendance.conftest import School, china
from tests.services.credits.attendance.test_register_attended import hours_of


async def test_what_was_registered_of_attendance_is_refused_by_hand(school: School, error_of: Any) -> None:
    session = await school.held("t1", facts={"coefficient": "1"})
    (made,) = (await school.register(session=session.id)).results
    again = await school.house.register("t1", on=session.on, facts={"hours": "2.5", "coefficient": "1"})
    assert error_of(again, "ALREADY_REGISTERED").value == made.record
    assert await hours_of(school, "t1") == [2]


async def test_what_was_registered_by_hand_is_refused_of_attendance(school: School) -> None:
    session = await school.held("t1", "t2")
    entered = await school.house.register("t1", on=session.on, facts={"hours": "2"})
    first, second = (await school.register(session=session.id)).results
    assert [(one.code, one.value) for one in first.errors] == [("ALREADY_REGISTERED", entered.record.id)]
    assert second.record is not None
    assert await hours_of(school, "t1") == [2]


async def test_a_session_of_a_project_and_the_project_itself_count_once(school: School, error_of: Any) -> None:
    project = await school.house.project({})
    session = await school.held("t1", project=project.id)
    await school.register(session=session.id)
    again = await school.house.register("t1", on=session.on, project=project.id, facts={"hours": "2"})
    error_of(again, "ALREADY_REGISTERED")
    assert await hours_of(school, "t1") == [2]


async def test_a_real_law_counts_a_lecture_once_and_another_sort_of_training_of_the_day_too(
    putuo: School, error_of: Any
) -> None:
    session = await putuo.held("t1", facts={"form": "专题讲座"})
    await putuo.register(session=session.id)
    lecture = {"form": "专题讲座", "class_hours": "2"}
    error_of(await putuo.house.register("t1", on=session.on, facts=lecture, caller=putuo.staff), "ALREADY_REGISTERED")
    practice = {**lecture, "form": "教学观摩", "class": "practice"}
    other = await putuo.house.register("t1", on=session.on, facts=practice, caller=putuo.staff)
    assert isinstance(other, TrainingRegistered), other


async def test_the_same_said_in_other_words_counts_once_too(school: School, error_of: Any) -> None:
    session = await school.held("t1", facts={"coefficient": "1"})
    await school.register(session=session.id)
    by_hand = school.house.register
    stated = {"hours": "2", "mode": "central"}
    error_of(await by_hand("t1", on=session.on, facts=stated, caller=school.staff), "ALREADY_REGISTERED")
    other = await by_hand("t1", on=session.on, facts={**stated, "mode": "network"}, caller=school.staff)
    assert isinstance(other, TrainingRegistered), other


async def test_a_class_and_the_form_that_says_it_are_one_training(putuo: School, error_of: Any) -> None:
    session = await putuo.held("t1", facts={"form": "专题讲座"})
    await putuo.register(session=session.id)
    for said in ({"form": "专题讲座", "class": "lecture"}, {"class": "lecture"}):
        facts = {**said, "class_hours": "2"}
        error_of(await putuo.house.register("t1", on=session.on, facts=facts, caller=putuo.staff), "ALREADY_REGISTERED")
    assert await hours_of(putuo, "t1") == [2]


async def test_two_sessions_of_a_day_two_projects_and_an_officers_second_training_all_count(school: School) -> None:
    morning = await school.held("t1")
    school.clock.set(china(13))
    later = await school.held("t1", title="议课", starts_at=china(14), ends_at=china(16))
    for session in (morning, later):
        (made,) = (await school.register(session=session.id)).results
        assert made.record is not None
    project = await school.house.project({})
    other = await school.house.register("t1", on=morning.on, project=project.id, facts={"hours": "1"})
    assert isinstance(other, TrainingRegistered), other
    assert await hours_of(school, "t1") == [5]


async def test_a_corrected_record_is_still_of_attendance_and_a_reversed_one_frees_the_day(
    school: School, error_of: Any
) -> None:
    session = await school.held("t1")
    (made,) = (await school.register(session=session.id)).results
    change = {"caller": school.officer, "reason": "核对"}
    corrected = await school.house.call(
        books.CORRECT_TRAINING,
        books.CorrectTraining(key=school.house.key(), record=made.record, facts={"hours": "1"}, **change),
    )
    assert isinstance(corrected, books.TrainingCorrected), corrected
    again = await school.house.register("t1", on=session.on, facts={"hours": "2"})
    assert error_of(again, "ALREADY_REGISTERED").value == corrected.record.id
    await school.house.call(
        books.REVERSE_RECORD,
        books.ReverseRecord(key=school.house.key(), record=corrected.record.id, **change),
    )
    assert isinstance(await school.house.register("t1", on=session.on, facts={"hours": "2"}), TrainingRegistered)
    assert await hours_of(school, "t1") == [Decimal(2)]


async def test_a_school_corrects_everything_but_what_was_attended(school: School, error_of: Any) -> None:
    session = await school.held("t1", "t2")
    await school.settle(session, "t2", hours=Decimal(1))
    full, part = (await school.register(session=session.id)).results

    async def correct(record: str, caller: Any = None, **change: Any) -> Any:
        given = {"record": record, "caller": caller or school.staff, "reason": "核对", **change}
        return await school.house.call(books.CORRECT_TRAINING, books.CorrectTraining(key=school.house.key(), **given))

    for facts in ({"hours": "30", "score": "85"}, {"hours": "1"}):
        assert error_of(await correct(full.record, facts=facts), "ATTENDANCE_REGISTERED").field == "facts.hours"
    earlier = {"facts": {"hours": "2", "score": "85"}, "on": session.on - timedelta(days=90)}
    assert error_of(await correct(full.record, **earlier), "ATTENDANCE_REGISTERED").field == "on"
    # Who attended half of it earns nothing: the mark says so, and is no mistake of the school's.
    whole = {"hours": "1", "score": "85"}
    assert error_of(await correct(part.record, facts=whole), "ATTENDANCE_REGISTERED").field == "facts.score"
    marked = await correct(full.record, facts={"hours": "2.0", "score": "85"})
    assert isinstance(marked, books.TrainingCorrected), marked
    corrected = await correct(marked.record.id, school.officer, facts={"hours": "1", "score": "85"})
    assert error_of(await correct(corrected.record.id, facts={"hours": "2"}), "ATTENDANCE_REGISTERED").value == "2"
    assert await hours_of(school, "t1") == [1]
