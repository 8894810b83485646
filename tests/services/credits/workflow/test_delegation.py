"""Somebody acts for another: with his role and scope, never more, and both are named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from yanxiu_wire import workflow as wire
from yanxiu_wire.caller import Caller

from tests.services.credits.workflow.conftest import Town

Error = Callable[[Any, str], Any]


async def delegate(town: Town, giver: Caller, to: str, **changes: Any) -> Any:
    given = {"since": date(2025, 3, 1), "until": date(2025, 3, 31), "reason": "外出学习", **changes}
    return await town.call(
        wire.DELEGATE_STEPS, wire.DelegateSteps(caller=giver, key=town.key(), to_subject=to, **given)
    )


async def end(town: Town, caller: Caller, delegation: str) -> Any:
    command = wire.EndDelegation(caller=caller, key=town.key(), delegation=delegation)
    return await town.call(wire.END_DELEGATION, command)


async def test_a_delegate_signs_in_the_givers_role_and_both_are_named(town: Town, error_of: Error) -> None:
    declared = await town.declare(await town.school_project())
    clerk = town.person("clerk", "supervisor")
    facts = {declared.projects[0]: {"coefficient": "0.5"}}
    error_of(await town.take(clerk, declared, "review", project_facts=facts), "STEP_NOT_YOURS")
    given = await delegate(town, town.institute, "clerk")
    reviewed = await town.take(clerk, declared, "review", project_facts=facts, on_behalf_of=given.id)
    last = reviewed.signatures[-1]
    assert (last.subject, last.on_behalf_of, last.role) == ("clerk", "institute", "institute-officer")
    # Neither the one who signed nor the one for whom he signed is the second pair of eyes.
    error_of(await town.take(town.institute, reviewed, "approve"), "FOUR_EYES")
    # What the giver may not do, the delegate may not do either.
    declared_2 = await town.declare(await town.school_project(), caller=town.leader, on=date(2025, 3, 12))
    error_of(declared_2, "PROCESS_EXISTS")
    error_of(await town.take(clerk, reviewed, "drop", on_behalf_of=given.id), "STEP_NOT_YOURS")


async def test_a_school_leaders_delegate_reaches_that_school_and_no_other(town: Town, error_of: Error) -> None:
    given = await delegate(town, town.leader, "deputy")
    deputy = town.person("deputy", "school-leader", school="school-2")
    project = await town.school_project()
    error_of(await town.declare(project, caller=deputy), "PROJECT_UNKNOWN")
    declared = await town.declare(project, caller=deputy, on_behalf_of=given.id)
    assert (declared.school, declared.signatures[0].school) == ("school-1", "school-1")
    assert (await town.show(declared.id, deputy)).id == declared.id
    error_of(await town.declare(project, caller=deputy, on_behalf_of=given.id, school="school-2"), "SCHOOL_UNKNOWN")


async def test_what_was_delegated_is_not_delegated_on(town: Town, error_of: Error) -> None:
    first = await delegate(town, town.institute, "clerk")
    clerk, third = town.person("clerk", "supervisor"), town.person("third", "supervisor")
    second = await delegate(town, clerk, "third")
    assert second.role == "supervisor"
    declared = await town.declare(await town.school_project())
    facts = {declared.projects[0]: {"coefficient": "0.5"}}
    error_of(await town.take(third, declared, "review", project_facts=facts, on_behalf_of=second.id), "STEP_NOT_YOURS")
    error_of(
        await town.take(third, declared, "review", project_facts=facts, on_behalf_of=first.id), "DELEGATION_UNKNOWN"
    )


async def test_a_delegation_holds_in_its_days_and_until_it_is_ended(town: Town, error_of: Error) -> None:
    declared = await town.declare(await town.school_project())
    clerk = town.person("clerk", "supervisor")
    later = await delegate(town, town.institute, "clerk", since=date(2025, 4, 1), until=date(2025, 4, 30))
    today = await delegate(town, town.institute, "clerk", since=date(2025, 3, 11), until=date(2025, 3, 11))
    facts = {declared.projects[0]: {"coefficient": "0.5"}}

    async def try_with(delegation: str) -> Any:
        return await town.take(clerk, declared, "review", version=9, project_facts=facts, on_behalf_of=delegation)

    error_of(await try_with(later.id), "DELEGATION_NOT_IN_FORCE")
    error_of(await try_with(today.id), "PROCESS_CHANGED")  # it holds: only the version is wrong
    town.clock.day = date(2025, 3, 12)
    error_of(await try_with(today.id), "DELEGATION_NOT_IN_FORCE")
    town.clock.day = date(2025, 4, 1)
    error_of(await try_with(later.id), "PROCESS_CHANGED")
    error_of(await end(town, town.leader, later.id), "DELEGATION_UNKNOWN")
    assert (await end(town, clerk, later.id)).ended_on == date(2025, 4, 1)
    error_of(await try_with(later.id), "DELEGATION_NOT_IN_FORCE")
    assert (await end(town, town.department, later.id)).ended_on == date(2025, 4, 1)


async def test_a_delegation_may_name_the_workflows_that_it_hands_over(town: Town, error_of: Error) -> None:
    declared = await town.declare(await town.school_project())
    error_of(await delegate(town, town.institute, "clerk", workflows=("party",)), "WORKFLOW_UNKNOWN")
    given = await delegate(town, town.institute, "clerk", workflows=("recognition",))
    clerk = town.person("clerk", "supervisor")
    error_of(await town.take(clerk, declared, "review", on_behalf_of=given.id), "DELEGATION_NARROWER")
    assert [one.workflow for one in await town.tasks(clerk) if one.on_behalf_of] == []


async def test_what_cannot_be_delegated_is_refused(town: Town, error_of: Error) -> None:
    error_of(await delegate(town, town.teacher, "clerk"), "DELEGATION_REFUSED")
    error_of(await delegate(town, town.leader, "leader"), "DELEGATE_UNFIT")
    error_of(await delegate(town, town.leader, "  "), "DELEGATE_UNFIT")
    error_of(await delegate(town, town.leader, "clerk", reason=" "), "REASON_MISSING")
    error_of(await delegate(town, town.leader, "clerk", until=date(2025, 2, 1)), "DATE_OUT_OF_ORDER")
    error_of(
        await delegate(town, town.leader, "clerk", since=date(2025, 2, 1), until=date(2025, 3, 10)),
        "DATE_OUT_OF_ORDER",
    )
    assert await town.rows("delegation") == []


async def test_each_sees_the_delegations_that_concern_him(town: Town, error_of: Error) -> None:
    one = await delegate(town, town.leader, "clerk")
    other = await delegate(town, town.institute, "clerk")

    async def seen(caller: Caller, *, everything: bool = False) -> Any:
        answer = await town.call(wire.LIST_DELEGATIONS, wire.ListDelegations(caller=caller, all=everything))
        return [found.id for found in answer.items] if hasattr(answer, "items") else answer

    assert await seen(town.leader) == [one.id]
    assert await seen(town.person("clerk", "supervisor")) == [other.id, one.id]
    assert await seen(town.department) == []
    assert await seen(town.department, everything=True) == [other.id, one.id]
    error_of(await seen(town.leader, everything=True), "FORBIDDEN")


async def test_who_signed_for_the_school_does_not_recognise_it(town: Town, error_of: Error) -> None:
    shown = await town.publicised()
    town.clock.day = date(2025, 3, 10)
    given = await delegate(town, town.leader, "institute")
    submitted = await town.take(town.institute, shown, "submit", on_behalf_of=given.id)
    assert submitted.state == "submitted"
    error_of(await town.take(town.institute, submitted, "recognise"), "FOUR_EYES")
    other = town.person("second", "institute-officer")
    assert (await town.take(other, submitted, "recognise")).state == "recognised"


async def test_nobody_takes_his_own_recognition_back_under_a_higher_role(town: Town, error_of: Error) -> None:
    recognised = await town.take(town.institute, await town.submitted(), "recognise")
    given = await delegate(town, town.department, "institute")
    command = wire.TakeBackRecognition(
        caller=town.institute, key=town.key(), process=recognised.id, version=recognised.version, reason="系数用错",
        on_behalf_of=given.id,
    )  # fmt: skip
    error_of(await town.call(wire.TAKE_BACK_RECOGNITION, command), "LEVEL_TOO_LOW")


async def test_a_delegation_lasts_at_most_a_school_year(town: Town, error_of: Error) -> None:
    too_long = await delegate(town, town.leader, "clerk", until=date(2026, 3, 2))
    error_of(too_long, "DELEGATED_TOO_LONG")
    assert (await delegate(town, town.leader, "clerk", until=date(2026, 3, 1))).until == date(2026, 3, 1)
