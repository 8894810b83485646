"""A standing as it travels, with its explanation. Pure."""

from __future__ import annotations

from datetime import date

from yanxiu_footing.registry_facts import Person
from yanxiu_rulekit import outcome
from yanxiu_rulekit.facts import CreditLine
from yanxiu_wire.credits import Standing

from yanxiu_credits.explain import explanation, finding, step
from yanxiu_credits.laws import InForce
from yanxiu_credits.standings.judge import teacher_on
from yanxiu_credits.standings.outlook import days_left, outlook_of, to_come


def standing_view(
    law: InForce, judged: outcome.Standing, lines: tuple[CreditLine, ...], person: Person, today: date
) -> Standing:
    """Return a judged standing with every requirement, how it came about, and what is still possible."""
    period = judged.period
    teacher = teacher_on(person, period, today)
    findings = tuple(finding(one) for one in judged.findings)
    return Standing(
        teacher=person.id,
        kind=period.kind,
        label=period.label,
        starts_on=period.start,
        ends_on=period.end,
        verdict=judged.verdict,  # type: ignore[arg-type]  # the kit's text is one of the three by its contract
        hours=judged.hours,
        credits=judged.credits,
        recognised_hours=judged.recognised_hours,
        recognised_credits=judged.recognised_credits,
        hours_unit=law.credit.hours_unit,
        credits_unit=law.credit.credits_unit,
        findings=findings,
        explanation=explanation(
            law.pack,
            name=law.pack.name,
            version=law.pack.version,
            on=period.end,
            steps=tuple(step(one) for one in judged.steps),
            findings=findings,
        ),
        days_left=days_left(period, today),
        outlook=outlook_of(law, judged, lines, teacher, today),
        to_come=to_come(law, period, teacher, today),
    )
