"""A standing as it travels, with its explanation. Pure."""

from __future__ import annotations

from yanxiu_rulekit import outcome
from yanxiu_wire.credits import Standing

from yanxiu_credits.explain import explanation, finding, step
from yanxiu_credits.laws import InForce


def standing_view(law: InForce, judged: outcome.Standing, teacher: str) -> Standing:
    """Return a judged standing with every requirement and how it came about."""
    period = judged.period
    findings = tuple(finding(one) for one in judged.findings)
    return Standing(
        teacher=teacher,
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
    )
