"""A school's plan: declared, reviewed, approved, each step by its proper role, and refused to every other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, get_args

import msgspec
import pytest
from yanxiu_wire import credits as wire_credits
from yanxiu_wire.caller import Role
from yanxiu_wire.credits import DECIDE_PROJECT, GET_PROJECTS, DecideProject, GetProjects, Project
from yanxiu_wire.process import Evidence, Process
from yanxiu_wire.refusal import Refused

from tests.services.credits.conftest import NOTICE
from tests.services.credits.workflow.conftest import PLAN, Town

Error = Callable[[Any, str], Any]


async def project_of(town: Town, project: str) -> Project:
    (found,) = (await town.call(GET_PROJECTS, GetProjects(caller=town.institute, ids=(project,)))).items
    assert found is not None
    return found


async def test_a_plan_is_declared_reviewed_and_approved_and_its_projects_count_from_then_on(town: Town) -> None:
    project = await town.school_project()
    declared = await town.declare(project, statements={"aim": "提升课堂", "hours": "24", "open": "true"})
    assert isinstance(declared, Process), declared
    assert (declared.state, declared.school, declared.version) == ("declared", "school-1", 1)
    assert (declared.period and declared.period.label) == "2024-2025-2"
    assert [one.name for one in declared.steps] == ["review"]
    facts = {project: {"coefficient": "0.75"}}
    reviewed = await town.take(town.institute, declared, "review", project_facts=facts)
    assert (await project_of(town, project)).state == "proposed"
    approved = await town.take(town.department, reviewed, "approve")
    assert (approved.state, approved.ended, approved.steps) == ("approved", True, ())
    found = await project_of(town, project)
    assert (found.state, found.approved_on, found.approved_by) == ("approved", date(2025, 3, 11), "department")
    assert found.facts["coefficient"] == "0.75"
    told = [(one.step, one.subject, one.role, one.on) for one in approved.signatures]
    assert told == [
        ("declare", "officer", "school-training-officer", date(2025, 3, 11)),
        ("review", "institute", "institute-officer", date(2025, 3, 11)),
        ("approve", "department", "district-officer", date(2025, 3, 11)),
    ]
    assert approved.statements["hours"] == "24"
    assert approved.statements["open"] is True
    record = await town.register("t1", on=date(2025, 3, 11), project=project, facts={"hours": "10"})
    assert record.record.credits == 7.5


@pytest.mark.parametrize("role", get_args(Role))
async def test_each_step_is_refused_to_every_role_that_the_law_does_not_name(town: Town, role: Role) -> None:
    project = await town.school_project()
    somebody = town.person("somebody", role, school="school-1", teacher="t1")
    may = {"school-training-officer", "school-leader"}
    declared = await town.declare(project, caller=somebody)
    assert isinstance(declared, Process) == (role in may), declared
    if role not in may:
        assert declared.errors[0].code in ("STEP_NOT_YOURS", "FORBIDDEN", "DISTRICT_UNKNOWN")
        declared = await town.declare(project)
    answer = await town.take(somebody, declared, "review", project_facts={project: {"coefficient": "0.5"}})
    assert isinstance(answer, Process) == (role == "institute-officer"), answer
    if isinstance(answer, Refused):
        assert answer.errors[0].code in ("STEP_NOT_YOURS", "FORBIDDEN", "DISTRICT_UNKNOWN")
        assert (await town.show(declared.id)).state == "declared"


async def test_another_school_sees_no_process_and_opens_none(town: Town, error_of: Error) -> None:
    project = await town.school_project()
    declared = await town.declare(project)
    assert await town.show(declared.id, town.other_leader) is None
    error_of(await town.take(town.other_leader, declared, "review"), "PROCESS_UNKNOWN")
    error_of(await town.send_back(town.other_leader, declared), "PROCESS_UNKNOWN")
    refused = await town.open(town.leader, "plan", school="school-2", projects=(project,))
    error_of(refused, "SCHOOL_UNKNOWN")
    # Its own plan cannot carry the first school's project.
    error_of(await town.declare(project, caller=town.other_leader), "PROJECT_UNKNOWN")


async def test_there_is_one_plan_for_each_school_and_term(town: Town, error_of: Error) -> None:
    first = await town.declare(await town.school_project())
    again = error_of(await town.declare(await town.school_project()), "PROCESS_EXISTS")
    assert again.value == first.id
    elsewhere = await town.open(town.leader, "plan", on=date(2025, 9, 10), projects=(await town.school_project(),))
    error_of(elsewhere, "TERM_UNKNOWN")
    error_of(await town.open(town.leader, "party"), "WORKFLOW_UNKNOWN")


async def test_a_command_sent_twice_signs_once(town: Town) -> None:
    project = await town.school_project()
    declared = await town.declare(project)
    from yanxiu_wire import workflow as wire

    command = wire.TakeStep(
        caller=town.institute,
        key=town.key(),
        process=declared.id,
        step="review",
        version=1,
        project_facts={project: {"coefficient": "0.5"}},
    )
    first, second = [await town.call(wire.TAKE_STEP, command) for _ in range(2)]
    assert (first.replayed, second.replayed) == (False, True)
    assert first.process == second.process
    assert len(await town.rows("signature")) == 2


async def test_a_step_is_refused_on_an_older_view_of_the_process(town: Town, error_of: Error) -> None:
    reviewed, _ = await town.reviewed()
    error = error_of(await town.take(town.department, reviewed, "approve", version=1), "PROCESS_CHANGED")
    assert (error.field, error.value) == ("version", 1)


async def test_a_step_that_does_not_lead_on_from_here_names_those_that_do(town: Town, error_of: Error) -> None:
    declared = await town.declare(await town.school_project())
    error = error_of(await town.take(town.department, declared, "approve"), "STEP_NOT_OPEN")
    assert "审查" in error.remedy_zh
    assert error.clauses == ("MADE-3",)
    error_of(await town.take(town.department, declared, "celebrate"), "STEP_UNKNOWN")


async def test_whoever_reviewed_does_not_approve_neither_himself_nor_for_another(town: Town, error_of: Error) -> None:
    reviewed, _ = await town.reviewed()
    error_of(await town.take(town.institute, reviewed, "approve"), "FOUR_EYES")
    colleague = town.person("colleague", "institute-officer")
    approved = await town.take(colleague, reviewed, "approve")
    assert approved.state == "approved"


async def test_every_answer_that_is_missing_unknown_or_malformed_is_named_at_once(town: Town) -> None:
    project = await town.school_project()
    bad = Evidence(name="plan", title="计划书", reference="x", sha256="not-a-digest")
    statements = {"hours": "many", "starts": "soon", "open": "maybe", "colour": "red"}
    answer = await town.declare(project, statements=statements, evidence=(bad,))
    assert isinstance(answer, Refused)
    assert {(one.code, one.field) for one in answer.errors} == {
        ("ASK_MALFORMED", "statements.hours"),
        ("ASK_MALFORMED", "statements.starts"),
        ("ASK_MALFORMED", "statements.open"),
        ("ASK_UNKNOWN", "statements.colour"),
        ("EVIDENCE_MALFORMED", "evidence.plan"),
        ("ASK_MISSING", "statements.aim"),
    }
    assert await town.rows("process") == []
    none = await town.declare(project, evidence=())
    assert [(one.code, one.field, one.clauses) for one in none.errors] == [
        ("ASK_MISSING", "evidence.plan", ("MADE-3",))
    ]


async def test_a_plan_names_its_projects_and_only_its_own(town: Town, error_of: Error) -> None:
    error_of(await town.declare(), "PROJECTS_REQUIRED")
    error_of(await town.declare("none"), "PROJECT_UNKNOWN")
    decided = (await town.project({"mode": "central"})).id
    error_of(await town.declare(decided), "PROJECT_ALREADY_DECIDED")
    mine, other = await town.school_project(), await town.school_project()
    declared = await town.declare(mine)
    error_of(
        await town.take(town.institute, declared, "review", project_facts={other: {"coefficient": "0.5"}}),
        "PROJECT_NOT_CARRIED",
    )
    error_of(await town.take(town.institute, declared, "review", projects=(other,)), "PROJECTS_NOT_WANTED")
    error_of(await town.open(town.department, "report", projects=(other,)), "PROJECTS_NOT_WANTED")


async def test_a_required_fact_is_set_for_every_project_and_is_judged_by_the_law(town: Town, error_of: Error) -> None:
    one, two = await town.school_project(), await town.school_project()
    declared = await town.declare(one, two)
    half = await town.take(town.institute, declared, "review", project_facts={one: {"coefficient": "1"}})
    error_of(half, "ASK_MISSING")
    error_of(await town.take(town.institute, declared, "review"), "ASK_MISSING")
    unknown = {one: {"coefficient": "much"}, two: {"coefficient": "1"}}
    error_of(await town.take(town.institute, declared, "review", project_facts=unknown), "FACT_MALFORMED")
    assert "coefficient" not in (await project_of(town, two)).facts


async def test_a_return_needs_a_reason_and_whoever_takes_the_next_step(town: Town, error_of: Error) -> None:
    declared = await town.declare(await town.school_project())
    error_of(await town.send_back(town.leader, declared), "RETURN_NOT_YOURS")
    error_of(await town.send_back(town.institute, declared, " "), "REASON_MISSING")
    error_of(await town.send_back(town.institute, declared, version=9), "PROCESS_CHANGED")
    back = await town.send_back(town.institute, declared, "没有写明问题")
    assert (back.state, back.phase, back.version) == ("drafting", "returned", 2)
    last = back.signatures[-1]
    assert (last.step, last.reason, last.subject) == ("return", "没有写明问题", "institute")
    error_of(await town.send_back(town.training_officer, back), "RETURN_NOT_FORESEEN")
    other = await town.school_project()
    again = await town.take(
        town.leader, back, "declare", statements={"aim": "问题导向"}, evidence=(PLAN,), projects=(other,)
    )
    assert (again.state, again.projects) == ("declared", (other,))


async def test_a_plan_that_is_turned_down_gives_its_projects_back_with_the_reason(town: Town) -> None:
    reviewed, project = await town.reviewed()
    dropped = await town.take(town.department, reviewed, "drop", statements={"why": "与去年重复"})
    assert (dropped.state, dropped.ended) == ("dropped", True)
    found = await project_of(town, project)
    assert (found.state, found.return_reason) == ("returned", "与去年重复")


async def test_late_is_taken_and_marked_with_the_window_and_what_the_law_read(town: Town) -> None:
    town.clock.day = date(2025, 3, 18)
    declared = await town.declare(await town.school_project())
    assert declared.signatures[0].mark == "late"
    (task,) = [one for one in await town.tasks(town.other_leader) if one.workflow == "plan"]
    assert (task.process, task.step.closes, task.step.overdue) == (None, date(2025, 3, 17), True)
    assert [one.parameter for one in task.step.readings] == ["full_mark"]
    assert (task.step.when_zh, task.step.consequence_zh) == ("开学一周内", "逾期标记")


async def decided(town: Town, project: str, on: date, *, by: Any = None, **more: Any) -> Any:
    given = {"project": project, "approve": True, "on": on, **more}
    return await town.call(DECIDE_PROJECT, DecideProject(caller=by or town.institute, key=town.key(), **given))


async def test_a_project_in_a_process_is_decided_there_and_one_that_needs_a_process_nowhere_else(
    town: Town, error_of: Error
) -> None:
    project, loose = await town.school_project(), await town.school_project()
    declared = await town.declare(project)

    async def decide(one: str, on: date, *, approve: bool = True) -> Any:
        return await decided(town, one, on, approve=approve, reason="不合要求")

    for approve in (True, False):
        error = error_of(await decide(project, date(2025, 3, 11), approve=approve), "PROCESS_OPEN")
        assert error.value == declared.id
    error = error_of(await decide(loose, date(2025, 3, 11)), "PROCESS_REQUIRED")
    assert (error.clauses, "学期计划" in error.message_zh) == (("MADE-3",), True)
    # An earlier day alone is no paper: nothing says that what it approves had begun by then.
    error_of(await decide(loose, date(2025, 3, 1)), "PROCESS_REQUIRED")
    # No workflow of this law approves a project of another mode.
    central = await town.project({"mode": "central"}, approve=False)
    assert (await decide(central.id, date(2025, 3, 11))).state == "approved"
    assert isinstance(central, wire_credits.Project)


async def test_what_was_approved_on_paper_before_is_entered_by_another_with_its_document(
    town: Town, error_of: Error
) -> None:
    entered, before = town.clock.day, date(2025, 3, 1)
    paper: dict[str, Any] = {"document": NOTICE}
    begun = await town.school_project(starts_on=date(2025, 3, 3))
    later = await town.school_project(starts_on=entered)
    error_of(await decided(town, later, before, **paper), "PROCESS_REQUIRED")
    error_of(await decided(town, begun, entered, **paper), "PROCESS_REQUIRED")
    error_of(await decided(town, begun, before), "DOCUMENT_MISSING")
    torn = {"document": msgspec.structs.replace(NOTICE, sha256="none")}
    assert error_of(await decided(town, begun, before, **torn), "EVIDENCE_MALFORMED").field == "document"
    proposer = town.person(town.training_officer.subject, "district-officer")
    error_of(await decided(town, begun, before, by=proposer, **paper), "FOUR_EYES")
    clerk = town.person("clerk", "institute-officer")
    assert (await decided(town, begun, before, by=clerk, **paper)).approval_document == NOTICE
    # Nor does another name for it at the approval, or another workflow, get round the one that the law orders.
    hidden = await town.project({}, approve=False)
    named = {"facts": {"mode": "school"}, **paper}
    error_of(await decided(town, hidden.id, entered, **named), "PROCESS_REQUIRED")


async def test_a_statement_of_the_whole_district_is_filed_as_often_as_needed(town: Town, error_of: Error) -> None:
    first, second = [await town.open(town.department, "report") for _ in range(2)]
    assert first.id != second.id
    assert (first.state, first.school, first.period) == ("filed", None, None)
    error_of(await town.open(town.department, "report", school="school-1"), "SCHOOL_NOT_WANTED")
    error_of(await town.open(town.leader, "report"), "STEP_NOT_YOURS")


async def test_a_schools_own_project_is_for_its_own_teachers(town: Town, error_of: Error) -> None:
    reviewed, project = await town.reviewed()
    await town.take(town.department, reviewed, "approve")
    town.clock.day = date(2025, 3, 12)
    given = {"on": date(2025, 3, 12), "project": project, "facts": {"hours": "10"}}
    error = error_of(await town.register("t9", **given, caller=town.other_leader), "PROJECT_OF_OTHER_SCHOOL")
    assert error.value == project
    assert (await town.register("t1", **given, caller=town.leader)).record.hours == 10
