"""Who may be nominated, what a statement may say, and who settles an objection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest
from yanxiu_footing.assess_statement import tells
from yanxiu_wire import award_endings as endings
from yanxiu_wire import awards as wire
from yanxiu_wire.research_group import RESEARCH_GROUP_CHANGED, ResearchGroup, ResearchGroupChanged

from tests.services.visits.awards.test_awards import (
    CASE,
    RULES,
    SCHOOL,
    YEAR,
    appoint,
    do,
    done,
    name,
    opened,
    ranked,
)

ErrorOf = Callable[[Any, str], Any]
LEADER = "优秀教研组长"


async def group_of(house: Any, group: str = "g1", school: str | None = "s1", leader: str = "t1") -> None:
    since = date(2023, 9, 1)
    card = ResearchGroup(
        id=group, kind="学科教研组", name="扬帆语文组", subject="语文", school=school, leader=leader, members=("t2",),
        formed_on=since,
    )  # fmt: skip
    await house.tell(RESEARCH_GROUP_CHANGED, ResearchGroupChanged(group=group, version=1, history=((since, card),)))
    await house.until(lambda rows: any(row["research_group"] == group for row in rows), "research_group_fact")


async def test_a_leader_of_a_group_is_nominated_and_another_person_is_not(ouhai: Any, error_of: ErrorOf) -> None:
    await opened(ouhai)
    await group_of(ouhai)
    refused = error_of(await name(ouhai, LEADER, "t2"), "RECIPIENT_UNFIT")
    assert refused.clauses == ("OUHAI-6-10D",)
    assert isinstance(await name(ouhai, LEADER, "t1"), wire.Nomination)
    error_of(await name(ouhai, LEADER, "t3", "s2"), "RECIPIENT_UNFIT")
    await group_of(ouhai, "g2", None, "t3")
    assert isinstance(await name(ouhai, LEADER, "t3", "s2"), wire.Nomination), "the leader of an area's group"


async def test_an_institution_wins_no_schools_award_and_a_closed_school_none_at_all(
    ouhai: Any, error_of: ErrorOf
) -> None:
    await ouhai.open("inst", affiliation="county-institution")
    await ouhai.open("gone", closed_on=date(2024, 9, 30))
    await ouhai.until(lambda rows: len(rows) == 5, "school_fact")
    await opened(ouhai)
    assert error_of(await name(ouhai, SCHOOL, "inst", "inst"), "RECIPIENT_UNFIT").clauses == ("OUHAI-6-10B",)
    error_of(await name(ouhai, SCHOOL, "gone", "gone"), "SCHOOL_UNKNOWN")
    error_of(await name(ouhai, CASE, "案例", "gone"), "SCHOOL_UNKNOWN")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("合成学 校的做法", True),
        ("【合·成】学校", True),
        ("由合成教师带领", True),
        ("扬帆-语文组三年实践", True),
        ("ＴＥＡＣＨＥＲ－００１", True),
        ("本校语文组三年实践", False),
    ],
)
def test_blanks_punctuation_width_and_case_hide_no_name(statement: str, told: bool) -> None:
    assert tells(statement, ("合成学校", "合成教师", "扬帆语文组", "语"), ("teacher-001", "s1")) is told


async def test_a_statement_names_neither_the_school_nor_its_groups(ouhai: Any, error_of: ErrorOf) -> None:
    await opened(ouhai)
    await group_of(ouhai)
    for statement in ("合成学 校的做法", "扬帆 语文组的做法"):
        error_of(await name(ouhai, CASE, "案例", statement=statement), "STATEMENT_NOT_BLIND")
    assert isinstance(await name(ouhai, CASE, "案例", statement="语文组的做法"), wire.Nomination)


async def test_a_school_that_withdraws_is_not_told_its_number(ouhai: Any) -> None:
    await opened(ouhai)
    made = await name(ouhai, CASE, "案例")
    await appoint(ouhai, "r1", categories=(CASE,))
    await done(ouhai, wire.START_SCORING, wire.StartScoring, year=YEAR)
    withdrawing = (endings.WITHDRAW_NOMINATION, endings.WithdrawNomination)
    gone = await done(ouhai, *withdrawing, ouhai.school("s1"), nomination=made.id, reason="误报")
    assert (gone.state, gone.number) == ("withdrawn", None)


async def test_who_objected_settles_it_under_no_subject_and_objects_once_at_a_time(
    ouhai: Any, error_of: ErrorOf
) -> None:
    (only,) = await ranked(ouhai, 1)
    reserves = {"year": YEAR, "category": CASE, "reserves": -1}
    error_of(await do(ouhai, wire.PUBLISH_AWARDS, wire.PublishAwards, **reserves), "NUMBER_MALFORMED")
    await done(ouhai, wire.PUBLISH_AWARDS, wire.PublishAwards, year=YEAR, category=CASE)
    objecting = (wire.RAISE_AWARD_OBJECTION, wire.RaiseAwardObjection)
    mine = msgspec.structs.replace(ouhai.officer, subject="one token", teacher="r2")
    raised = await done(ouhai, *objecting, mine, nomination=only.id, text="材料与他人雷同")
    other = msgspec.structs.replace(mine, subject="another token")
    again = error_of(await do(ouhai, *objecting, other, nomination=only.id, text="材料与他人雷同"), "OBJECTED_BEFORE")
    assert again.value == raised.id
    settling = (wire.SETTLE_AWARD_OBJECTION, wire.SettleAwardObjection)
    answer = {"objection": raised.id, "upheld": False, "answer": "已核实"}
    error_of(await do(ouhai, *settling, other, **answer), "SAME_PERSON")
    assert (await done(ouhai, *settling, **answer)).upheld is False
    await done(ouhai, *objecting, other, nomination=only.id, text="另有新情况")


async def test_a_criterion_with_blanks_is_no_other_and_a_doubled_tie_is_named(ouhai: Any, error_of: ErrorOf) -> None:
    await opened(ouhai)
    setting = (wire.SET_AWARD_RULES, wire.SetAwardRules)
    twice = (*RULES.criteria, wire.Criterion(name="成效 ", most=10))
    wrong = msgspec.structs.replace(RULES, criteria=twice)
    error_of(await do(ouhai, *setting, year=YEAR, rules=wrong), "RULES_MALFORMED")
    doubled = msgspec.structs.replace(RULES, tie=("成效", "成效 "))
    assert error_of(await do(ouhai, *setting, year=YEAR, rules=doubled), "RULES_MALFORMED").value == "成效"
