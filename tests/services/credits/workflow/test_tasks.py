"""Everybody sees what he can do now, with its deadline, and what he may see of processes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
from yanxiu_credits.workflow.list_tasks import _urgency
from yanxiu_footing.paging import cursor
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import workflow as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.message import Page

from tests.services.credits.workflow.conftest import Town

Error = Callable[[Any, str], Any]


async def steps(town: Town, caller: Caller) -> list[tuple[str, str, str | None]]:
    return [(one.workflow, one.step.name, one.school) for one in await town.tasks(caller)]


async def test_a_plan_that_nobody_declared_is_a_task_of_the_school(town: Town) -> None:
    found = await town.tasks(town.leader)
    assert [(one.workflow, one.process, one.school, one.period.label) for one in found] == [
        ("plan", None, "school-1", "2024-2025-2"),
        ("recognition", None, "school-1", "2024"),
    ]
    (plan, year) = found
    assert (plan.step.closes, plan.step.overdue, plan.step.mine) == (date(2025, 3, 17), False, True)
    assert [ask.name for ask in plan.step.asks if ask.required] == ["aim", "plan"]
    assert (year.step.opens, year.on) == (date(2025, 1, 1), date(2024, 1, 1))
    # Opening it from the task makes exactly that task disappear.
    await town.declare(await town.school_project(), on=plan.on)
    assert await steps(town, town.leader) == [("recognition", "review", "school-1")]
    assert await steps(town, town.other_leader) == [
        ("plan", "declare", "school-2"),
        ("recognition", "review", "school-2"),
    ]


async def test_a_step_is_a_task_of_those_who_may_take_it_and_of_their_delegates(town: Town) -> None:
    declared = await town.declare(await town.school_project())
    (task,) = await town.tasks(town.institute)
    assert (task.process, task.version, task.step.name, task.school) == (declared.id, 1, "review", "school-1")
    for caller in (town.department, town.teacher, town.person("a", "auditor"), town.person("r", "researcher")):
        assert await steps(town, caller) == []
    given = wire.DelegateSteps(
        caller=town.institute, key=town.key(), to_subject="clerk",
        since=date(2025, 3, 1), until=date(2025, 3, 31), reason="外出",
    )  # fmt: skip
    delegation = await town.call(wire.DELEGATE_STEPS, given)
    (mine,) = await town.tasks(town.person("clerk", "supervisor"))
    assert (mine.delegation, mine.on_behalf_of, mine.process) == (delegation.id, "institute", declared.id)


async def test_what_waits_stands_last_with_what_it_waits_for(town: Town) -> None:
    shown = await town.publicised()
    *_, last = await town.tasks(town.leader)
    assert (last.process, last.step.name, last.step.opens) == (shown.id, "submit", date(2025, 3, 9))
    assert [one.code for one in last.step.hindrances] == ["STEP_TOO_EARLY"]
    # The same step as the process itself shows it: not the officer's, and hindered for everybody.
    for caller, mine in ((town.leader, True), (town.training_officer, False)):
        (step,) = (await town.show(shown.id, caller)).steps
        assert step.mine == mine


async def test_an_officer_sees_which_schools_owe_what_he_may_open(town: Town) -> None:
    supervisor = town.person("s", "supervisor")
    assert await steps(town, supervisor) == []  # a report is filed as needed, it is owed by nobody
    answer = await town.call(wire.LIST_TASKS, wire.ListTasks(caller=town.leader, first=1))
    assert (len(answer.items), answer.total, answer.has_next) == (1, 2, True)
    rest = await town.call(wire.LIST_TASKS, wire.ListTasks(caller=town.leader, after=answer.cursors[0]))
    both = await town.call(wire.LIST_TASKS, wire.ListTasks(caller=town.leader))
    assert (answer.items + rest.items, rest.has_next) == (both.items, False)


async def test_two_tasks_that_look_alike_have_places_of_their_own(town: Town) -> None:
    await town.declare(await town.school_project())
    one, *_ = await town.tasks(town.institute)
    named = (one.label_zh, f"{one.label_zh}|", f"{one.label_zh}/", f"{one.label_zh}%7C")
    alike = [
        one,
        msgspec.structs.replace(one, workflow="another"),
        *(msgspec.structs.replace(one, label_zh=label) for label in named[1:]),
    ]
    assert len({cursor(*_urgency(task)) for task in alike}) == len(alike)


async def test_no_more_tasks_are_listed_than_may_be_asked_for(town: Town, error_of: Error) -> None:
    for first in (0, 501):
        error_of(await town.call(wire.LIST_TASKS, wire.ListTasks(caller=town.leader, first=first)), "TOO_MANY")


async def test_processes_are_listed_by_scope_newest_first_and_filtered(town: Town) -> None:
    project = await town.school_project()
    plan = await town.declare(project)
    report = await town.open(town.department, "report")

    async def listed(caller: Caller, **filters: Any) -> list[str]:
        answer = await town.call(wire.LIST_PROCESSES, wire.ListProcesses(caller=caller, **filters))
        return [one.id for one in answer.items]

    both = [report.id, plan.id]
    for caller in (town.department, town.leader, town.teacher, town.person("r", "researcher")):
        assert await listed(caller) == both
    assert await listed(town.other_leader) == [report.id]
    assert await listed(town.stranger) == [report.id]
    assert await listed(town.person("lost", "school-leader")) == []
    filters: list[dict[str, Any]] = [
        {"workflow": "plan"}, {"school": "school-1"}, {"state": "declared"}, {"period": "2024-2025-2"},
        {"project": project}, {"ended": False},
    ]  # fmt: skip
    for one in filters:
        assert await listed(town.department, **one) == [plan.id], one
    page = await town.call(wire.LIST_PROCESSES, wire.ListProcesses(caller=town.department, page=Page(first=1)))
    assert (page.has_next, page.total) == (True, 2)
    rest = wire.ListProcesses(caller=town.department, page=Page(first=1, after=page.cursors[0]))
    assert [one.id for one in (await town.call(wire.LIST_PROCESSES, rest)).items] == [plan.id]


async def test_the_law_says_which_workflows_it_orders(town: Town, error_of: Error) -> None:
    answer = await town.call(wire.LIST_WORKFLOWS, wire.ListWorkflows(caller=town.leader))
    assert [one.name for one in answer.items] == ["plan", "recognition", "report"]
    plan = answer.items[0]
    assert plan.states[0] == ("drafting", "拟订中", "drafting")
    approve = next(step for step in plan.steps if step.name == "approve")
    assert (approve.by, approve.not_by) == (("district-officer", "institute-officer"), ("review",))
    early = wire.ListWorkflows(caller=town.leader, on=date(2019, 1, 1))
    error_of(await town.call(wire.LIST_WORKFLOWS, early), "LAW_NOT_IN_FORCE")


async def test_a_teacher_who_moves_leaves_the_processes_of_the_old_school(town: Town) -> None:
    plan = await town.declare(await town.school_project())
    assert (await town.show(plan.id, town.teacher)).id == plan.id
    await town.employ(
        "t1",
        wire_teacher.Employment(school="school-1", since=date(2021, 9, 1), until=date(2025, 3, 10)),
        wire_teacher.Employment(school="school-2", since=date(2025, 3, 11)),
        version=2,
    )
    assert await town.show(plan.id, town.teacher) is None
