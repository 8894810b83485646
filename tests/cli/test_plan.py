"""`yanxiu plan`: a plan as a table, and why there is none in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from rich.console import Console
from yanxiu_cli import plan
from yanxiu_wire.rotation_plan import (
    BothTongues,
    NoPlan,
    PlanAdditions,
    PlanContents,
    PlanEntry,
    PlanRelief,
    PlanRemedy,
    RotationPlan,
)

PLAN = RotationPlan(
    id="p1", name="两年蹲点安排", kind="terms", state="planned", terms=("2024-2025-1", "2024-2025-2"),
    starts_on=date(2024, 9, 2), ends_on=date(2025, 6, 30), drafted_by="officer",
    drafted_at=datetime(2024, 8, 26, tzinfo=UTC),
)  # fmt: skip


def test_a_plan_is_a_table_with_a_line_for_each_person_and_a_column_for_each_term() -> None:
    placed = (
        PlanEntry(person="r1", school="s1", term="2024-2025-1", role="lead"),
        PlanEntry(person="r1", school="s2", term="2024-2025-2", role="lead"),
        PlanEntry(person="h1", school="s1", term="2024-2025-1", role="collaborator"),
    )
    table = plan.plan_table(PLAN, PlanContents(id="p1", additions=PlanAdditions(), placed=placed))
    console = Console(width=100, record=True)
    console.print(table)
    lines = console.export_text().splitlines()
    assert any("2024-2025-1" in line and "2024-2025-2" in line for line in lines)
    assert any("r1" in line and "s1" in line and "s2" in line for line in lines)
    assert any("h1" in line and "s1（协同）" in line for line in lines)


def test_why_there_is_no_plan_is_told_in_both_languages_with_what_would_help(
    capsys: pytest.CaptureFixture[str],
) -> None:
    change = PlanRelief(kind="researcher", count=2, said=BothTongues(zh="增加研训员 2 名。", en="Add researchers: 2."))
    none = NoPlan(
        causes=(), irreducible=False, counted=None, said=BothTongues(zh="无论如何安排都不能全覆盖。", en="None."),
        least=PlanRemedy(changes=(change,), least=True), ways=(PlanRemedy(changes=(change,), least=False),),
    )  # fmt: skip
    plan.say_none(none)
    told = capsys.readouterr().out
    assert told.index("无论如何安排都不能全覆盖。") < told.index("None.")
    assert told.count("增加研训员 2 名。 Add researchers: 2.") == 2
    assert told.count("not proven least") == 1
