"""What the visits service asks of a school year: each base school's plan, and what an assessment rests on."""

from __future__ import annotations

from collections.abc import Iterator

from yanxiu_rulekit import Asked, Law, PlanYear, WorkYear


def asked_of_plans(plans: PlanYear, _law: Law) -> Iterator[Asked]:
    """Ask whether every base school has its plan of the school year."""
    filed = [{"school": school, "school_year": plans.school_year} for school in plans.filed]
    yield Asked(
        kind="school_year_plans",
        given={"school_year": plans.school_year, "base_schools": list(plans.schools), "plans": filed},
    )


def asked_of_year(work: WorkYear, law: Law) -> Iterator[Asked]:
    """Ask what the assessment rests on, and which of the seven tasks were seen to."""
    terms = [{"term": one.term.name, "failed": list(one.failed)} for one in work.terms]
    yield Asked(
        kind="yearly_assessment",
        given={"terms": terms, "open_incidents": work.open_incidents, "grade": work.grade},
        of=work.researcher,
    )
    entries = {number: work.tasks.get(law.tasks[number], 0) for number in law.tasks}
    yield Asked(kind="task_log", given={"entries": entries}, of=work.researcher)
