"""Every refusal of a command: field, value, clause and remedy are named, and no table has a row more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.credits import DECIDE_PROJECT, PROPOSE_PROJECT, DecideProject, ProposeProject

ErrorOf = Callable[[Any, str], Any]


async def refused(house: Any, answer: Callable[[], Any]) -> Any:
    """The answer to a command that must not change the number of rows in any table."""
    before = await house.counts()
    found = await answer()
    assert await house.counts() == before
    return found


@pytest.mark.parametrize(
    ("changes", "code", "field", "value", "clauses"),
    [
        ({"teacher": "nobody"}, "TEACHER_UNKNOWN", "teacher", "nobody", ()),
        ({"on": date(2025, 3, 15)}, "DAY_IN_FUTURE", "on", "2025-03-15", ()),
        ({"on": date(2021, 8, 31)}, "TEACHER_NOT_EMPLOYED", "on", "2021-08-31", ()),
        ({"project": "no-such"}, "PROJECT_UNKNOWN", "project", "no-such", ()),
        ({"facts": {"hours": "10", "score": "101"}}, "MARK_OUT_OF_RANGE", "facts.score", "101", ("MADE-2",)),
        ({"facts": {"hours": "ten"}}, "FACT_MALFORMED", "facts.hours", "ten", ()),
        ({"facts": {"score": "90"}}, "FACT_MALFORMED", "facts.hours", None, ()),
        ({"facts": {"hours": "10", "colour": "red"}}, "FACT_MALFORMED", "facts.colour", "red", ()),
        ({"facts": {"hours": "10", "date": "2024-05-21"}}, "FACT_FIXED_BY_COMMAND", "facts.date", "2024-05-21", ()),
        (
            {"facts": {"hours": "10", "project_approved": True}},
            "FACT_FIXED_BY_PROJECT",
            "facts.project_approved",
            True,
            (),
        ),
        ({"facts": {"hours": "0.0000001"}}, "AMOUNT_NOT_EXACT", "facts", "0.0000001", ()),
        ({"facts": {"hours": "1.000001", "coefficient": "0.1"}}, "AMOUNT_NOT_EXACT", "facts", "0.1000001", ()),
        ({"facts": {"hours": "-1"}}, "AMOUNT_NOT_EXACT", "facts", "-1", ()),
        ({"facts": {"hours": "9999999999"}}, "AMOUNT_NOT_EXACT", "facts", "9999999999", ()),
    ],
)
async def test_bad_input_is_refused_by_name(
    house: Any, error_of: ErrorOf, changes: dict[str, Any], code: str, field: str, value: Any, clauses: tuple[str, ...]
) -> None:
    error = error_of(await refused(house, lambda: house.register(**changes)), code)
    assert (error.field, error.clauses) == (field, clauses)
    assert error.value == value


async def test_an_unknown_fact_comes_with_the_nearest_that_the_law_knows(house: Any, error_of: ErrorOf) -> None:
    error = error_of(await house.register(facts={"hours": "10", "houres": "x"}), "FACT_MALFORMED")
    assert "the nearest are: hours, " in error.remedy_en


async def test_an_unapproved_project_is_refused_by_the_law(house: Any, error_of: ErrorOf) -> None:
    project = await house.project(approve=False)
    error = error_of(await refused(house, lambda: house.register(project=project.id)), "PROJECT_NOT_APPROVED")
    assert (error.field, error.value, error.clauses) == ("project", project.id, ("MADE-3",))


async def test_a_record_may_not_contradict_its_project(house: Any, error_of: ErrorOf) -> None:
    project = await house.project({"coefficient": "1.5"})
    facts = {"hours": "1", "coefficient": "2"}
    error = error_of(
        await refused(house, lambda: house.register(project=project.id, facts=facts)), "FACT_FIXED_BY_PROJECT"
    )
    assert (error.field, error.value) == ("facts.coefficient", "2")
    assert "1.5" in error.message_zh
    assert "1.5" in error.message_en


async def test_a_day_before_the_project_began_is_refused(house: Any, error_of: ErrorOf) -> None:
    project = await house.project(starts_on=date(2024, 6, 1))
    error_of(await refused(house, lambda: house.register(project=project.id)), "DAY_BEFORE_PROJECT")


async def test_a_day_before_the_law_is_refused(empty_house: Any, error_of: ErrorOf) -> None:
    await empty_house.bind(registry.PackBinding(pack="made", since=date(2024, 1, 1)))
    await empty_house.employ("t1")
    error = error_of(
        await refused(empty_house, lambda: empty_house.register(on=date(2023, 12, 31))), "LAW_NOT_IN_FORCE"
    )
    assert error.value == "2023-12-31"
    assert "2024-01-01" in error.message_en


async def test_before_hiring_after_leaving_and_between_two_schools_is_not_employed(
    house: Any, error_of: ErrorOf
) -> None:
    await house.employ("hired", hired_on=date(2022, 2, 1))
    await house.employ(
        "gap",
        wire_teacher.Employment(school="school-1", since=date(2021, 9, 1), until=date(2022, 6, 30)),
        wire_teacher.Employment(school="school-1", since=date(2022, 9, 1)),
    )
    await house.employ("left", status="left")
    for teacher, on in (("hired", date(2022, 1, 31)), ("gap", date(2022, 7, 1)), ("left", date(2024, 1, 1))):
        error_of(await refused(house, lambda who=teacher, day=on: house.register(who, on=day)), "TEACHER_NOT_EMPLOYED")


async def test_the_same_key_with_another_body_is_refused(house: Any, error_of: ErrorOf) -> None:
    await house.register(key="one-key")
    again = await refused(house, lambda: house.register(key="one-key", facts={"hours": "11"}))
    assert error_of(again, "KEY_REUSED").value == "one-key"


async def test_the_same_training_under_two_keys_is_refused_and_names_the_record(house: Any, error_of: ErrorOf) -> None:
    facts = [{"hours": "10", "score": "85"}, {"hours": "10.0", "score": "85.00", "coefficient": "1"}]
    first = (await house.register(facts=facts[0])).record
    for same in facts:
        again = await refused(house, lambda given=same: house.register(facts=given))
        assert error_of(again, "ALREADY_REGISTERED").value == first.id


async def test_a_project_counts_once_for_a_teacher(house: Any, error_of: ErrorOf) -> None:
    project = await house.project()
    await house.register(project=project.id)
    again = await refused(house, lambda: house.register(project=project.id, on=date(2024, 7, 1), facts={"hours": "3"}))
    error_of(again, "ALREADY_REGISTERED")
    assert (await house.register("t2", project=project.id)).record.status == "COUNTED"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"title": "  "}, "TEXT_MALFORMED", "title"),
        ({"organiser": "x" * 201}, "TEXT_MALFORMED", "organiser"),
        ({"starts_on": date(2024, 5, 2), "ends_on": date(2024, 5, 1)}, "DATE_OUT_OF_ORDER", "ends_on"),
        ({"facts": {"score": "90"}}, "FACT_MALFORMED", "facts.score"),
        ({"facts": {"coefficient": "much"}}, "FACT_MALFORMED", "facts.coefficient"),
    ],
)
async def test_a_malformed_project_is_refused(
    house: Any, error_of: ErrorOf, changes: dict[str, Any], code: str, field: str
) -> None:
    given = {"title": "研修", "organiser": "中心", "facts": {}, **changes}
    command = ProposeProject(caller=house.officer, key=house.key(), **given)
    error = error_of(await refused(house, lambda: house.call(PROPOSE_PROJECT, command)), code)
    assert error.field == field


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"project": "none"}, "PROJECT_UNKNOWN"),
        ({"on": date(2025, 3, 15)}, "DAY_IN_FUTURE"),
        ({"approve": False}, "REASON_MISSING"),
        ({"approve": False, "reason": " "}, "REASON_MISSING"),
        ({"facts": {"hours": "3"}}, "FACT_MALFORMED"),
    ],
)
async def test_a_malformed_decision_on_a_project_is_refused(
    house: Any, error_of: ErrorOf, changes: dict[str, Any], code: str
) -> None:
    project = await house.project(approve=False)
    given = {"project": project.id, "approve": True, "on": date(2024, 3, 1), **changes}
    command = DecideProject(caller=house.officer, key=house.key(), **given)
    error_of(await refused(house, lambda: house.call(DECIDE_PROJECT, command)), code)


async def test_a_decided_project_is_not_decided_again(house: Any, error_of: ErrorOf) -> None:
    project = await house.project()
    command = DecideProject(
        caller=house.officer, key=house.key(), project=project.id, approve=False, on=date(2024, 3, 2), reason="迟交"
    )
    error_of(await refused(house, lambda: house.call(DECIDE_PROJECT, command)), "PROJECT_ALREADY_DECIDED")


async def test_a_national_id_in_a_wrong_field_is_not_repeated(house: Any, error_of: ErrorOf) -> None:
    error = error_of(await house.register(facts={"hours": "11010519491231002X"}), "NATIONAL_ID_MISPLACED")
    assert "11010519491231002X" not in str(error)


async def test_a_district_whose_pack_is_broken_or_missing_is_closed_and_the_others_are_not(
    house: Any, service: Any, bus: Any, error_of: ErrorOf
) -> None:
    for pack in ("broken", "nowhere"):
        closed = type(house)(service, bus, f"{house.district}-{pack}")
        await closed.bind(registry.PackBinding(pack=pack, since=date(2020, 1, 1)))
        await closed.employ("t1")
        error = error_of(await refused(closed, closed.register), "LAW_UNUSABLE")
        assert error.value == pack
        assert "no cite" not in str(error)
    assert (await house.register()).record.status == "COUNTED"


async def test_a_setting_that_the_law_does_not_leave_open_closes_the_district(
    empty_house: Any, error_of: ErrorOf
) -> None:
    binding = registry.PackBinding(pack="made", since=date(2020, 1, 1), settings={"pass_mark": "10"})
    await empty_house.bind(binding)
    await empty_house.employ("t1")
    error_of(await refused(empty_house, empty_house.register), "LAW_UNUSABLE")


async def test_a_refused_command_may_be_sent_again_with_its_key(house: Any, error_of: ErrorOf) -> None:
    command = house.training("newcomer", key="kept")
    error_of(await house.register("newcomer", key=command.key), "TEACHER_UNKNOWN")
    await house.employ("newcomer")
    assert (await house.register("newcomer", key=command.key)).replayed is False
