"""Erasing a person in the register: who may be, by whom, and what is cleared on both stores."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from yanxiu_registry.erasing.assess_erasure import erased_number, obstacles, unfit_confirmation, unfit_proposal
from yanxiu_registry.erasing.erase_rows import ERASED_NAME
from yanxiu_registry.register import TeacherFile
from yanxiu_wire import erasure as wire
from yanxiu_wire import research_group as wire_group
from yanxiu_wire import researcher as wire_researcher
from yanxiu_wire import roster_import as wire_roster
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.teacher import Employment

from tests.services.registry.conftest import TODAY, Client, caller, codes, synthetic_id

DAY = timedelta(days=1)
WHY = {"reason": "本人申请（虚构）", "document": "教函〔2024〕9号（虚构）", "retained_until": TODAY - DAY}


@pytest.mark.parametrize(
    ("until", "code"), [(None, ["TEACHER_EMPLOYED"]), (TODAY, ["TEACHER_EMPLOYED"]), (TODAY - DAY, [])]
)
def test_he_works_until_the_end_of_his_last_day(until: date | None, code: list[str]) -> None:
    work = (Employment(school="s1", since=date(2020, 9, 1), until=until),)
    file = TeacherFile(id="t1", staff_number="T1", employments=work)
    assert [one.code for one in obstacles(file, (), TODAY)] == code
    held = obstacles(file, [("研训员", "a researcher")], TODAY)
    assert [one.code for one in held] == [*code, "TEACHER_SERVES"]


@pytest.mark.parametrize(("until", "code"), [(TODAY, ["RETENTION_RUNS"]), (TODAY - DAY, [])])
def test_his_data_are_kept_through_the_day_that_the_document_names(until: date, code: list[str]) -> None:
    assert [one.code for one in unfit_proposal(caller(), "t1", until, TODAY)] == code


def test_two_people_decide_and_neither_is_himself() -> None:
    one, own = caller(), caller(teacher="t1")
    assert [it.code for it in unfit_confirmation(one, "t1", one.subject)] == ["SAME_PERSON"]
    assert unfit_confirmation(one, "t1", "another") == []
    assert [it.code for it in unfit_confirmation(own, "t1", "another")] == ["SAME_PERSON"]
    assert [it.code for it in unfit_proposal(own, "t1", TODAY - DAY, TODAY)] == ["SAME_PERSON"]


async def test_who_serves_still_is_not_erased_and_who_left_is_cleared_whole(puer: Client, database: Any) -> None:
    school = await puer.school("1")
    given = {"name": "虚构旧名", "national_id": synthetic_id(9), "gender": "female"}
    person = await puer.teacher(school.id, "GH-9009", **given)
    renamed = {"teacher": person.id, "since": date(2022, 9, 1), "changes": {"name": "虚构新名"}}
    await puer.ask(wire_teacher.CORRECT_TEACHER, **renamed)
    served = {"teacher": person.id, "begins_on": date(2024, 1, 1), "subjects": ("语文",), "stages": ("primary",)}
    await puer.ask(wire_researcher.ENROL_RESEARCHER, **served)
    formed = await puer.ask(
        wire_group.FORM_RESEARCH_GROUP, kind="学科教研组", name="语文组", school=school.id, subject="语文",
        leader=person.id, formed_on=date(2021, 9, 1),
    )  # fmt: skip
    gone = {"teacher": person.id, "since": date(2026, 1, 1), "changes": {"status": "left"}}
    await puer.ask(wire_teacher.CORRECT_TEACHER, **gone)
    asked = {"teacher": person.id, **WHY}
    assert codes(await puer.ask(wire.PROPOSE_ERASURE, **asked)) == ["TEACHER_SERVES", "TEACHER_SERVES"]
    await puer.ask(wire_researcher.END_RESEARCHER, researcher=person.id, ends_on=date(2026, 1, 1))
    ending = {"group": formed.id, "since": date(2026, 1, 1), "changes": {"dissolved_on": date(2026, 1, 1)}}
    await puer.ask(wire_group.CORRECT_RESEARCH_GROUP, **ending)
    proposed = await puer.ask(wire.PROPOSE_ERASURE, **asked)
    second = puer.as_("institute-officer")
    done = await second.erase(proposed.id)
    assert (done.counts["teacher"], done.confirmed_by) == (1, second.who.subject)
    assert await second.erase(proposed.id) == done
    rows = database.edit("registry", "puer", "SELECT name, gender, title FROM teacher_fact")
    assert set(rows) == {(ERASED_NAME, "unstated", None)}
    cells = "SELECT staff_number, national_id, national_id_index FROM teacher"
    assert database.edit("registry", "puer", cells) == [(erased_number(person.id), None, None)]
    replies = database.edit("registry", "puer", "SELECT reply FROM inbox WHERE reply IS NOT NULL")
    words = [word.encode() for word in ("虚构旧名", "虚构新名", "GH-9009", synthetic_id(9))]
    assert not [one for (one,) in replies for word in words if word in bytes(one)]
    assert (await puer.ask(wire.LIST_ERASURES, teacher=person.id)).items == (done,)
    await _he_stays_nobody(puer, person.id, school.id)
    names = database.edit("registry", "puer", "SELECT name FROM teacher_fact")
    assert {name for (name,) in names} == {ERASED_NAME, "教师GH-9010"}


async def _he_stays_nobody(puer: Client, teacher: str, school: str) -> None:
    """No command and no roster gives him a name again, or work."""
    of = {"teacher": teacher, "since": TODAY}
    tried = [
        (wire_teacher.CORRECT_TEACHER, {**of, "changes": {"name": "虚构旧名"}}),
        (wire_teacher.EMPLOY_TEACHER, {**of, "school": school, "post": "教师"}),
        (wire_teacher.CORRECT_EMPLOYMENT, {"teacher": teacher, "begun_on": date(2020, 9, 1), "changes": {"post": "x"}}),
    ]
    for endpoint, given in tried:
        assert codes(await puer.ask(endpoint, **given)) == ["TEACHER_ERASED"], endpoint.name
    gone = await puer.ask(wire_teacher.CORRECT_TEACHER, **of, changes={"status": "left"})
    assert gone.name == ERASED_NAME, "that he left may be entered after a restore"
    cells = {"staff_number": erased_number(teacher), "name": "虚构旧名"}
    row = wire_roster.RosterRow(number=2, cells=cells)
    await puer.ask(wire_roster.STAGE_ROSTER, roster="again", rows=(row,))
    applied = await puer.ask(wire_roster.APPLY_ROSTER, roster="again", as_of=TODAY)
    assert codes(applied) == ["ROSTER_HAS_ERRORS", "TEACHER_ERASED"]
    other = await puer.teacher(school, "GH-9010")
    changes = {"staff_number": erased_number(other.id)}
    told = await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=other.id, since=TODAY, changes=changes)
    assert codes(told) == ["VALUE_INVALID"], "nobody is made to look erased"
