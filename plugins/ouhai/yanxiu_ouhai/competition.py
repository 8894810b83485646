"""The competition (OUHAI-6-7): three rounds led by principals, the stages taking turns over five years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, decision

from yanxiu_ouhai.organisation import held


class Turn(Facts, frozen=True, kw_only=True):
    """One turn: year, stage, the rounds held, and who led (the principal, where nothing is said)."""

    year: int
    stage: str
    rounds: tuple[str, ...] = ()
    leader: str | None = None


class CompetitionQuestion(Facts, frozen=True, kw_only=True):
    """Do the stages take turns, each with its three rounds?"""

    schedule: tuple[Turn, ...]


@decision(
    "competition",
    asks_zh="校本研修比拼的轮换与三轮是否合规",
    facts=CompetitionQuestion,
    clauses=("OUHAI-6-7a", "OUHAI-6-7b"),
)
def competition(question: CompetitionQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-7a: plan, display, result in one term, led by the principal; 6-7b: each stage, in turn, evenly."""
    stages, rounds = list(law.competition_stages), list(law.competition_rounds)
    for index, turn in enumerate(question.schedule):
        if turn.stage not in stages:
            raise FactsRefused(
                field=f"schedule[{index}].stage", value=turn.stage, problem=f"one of {', '.join(stages)}"
            )
    turns = sorted(question.schedule, key=lambda turn: turn.year)
    found = Counter(turn.stage for turn in turns)
    counts = {stage: found[stage] for stage in stages}
    missing = [stage for stage in stages if not counts[stage]]
    repeated = _repeated(turns)
    incomplete = [turn.year for turn in turns if not set(rounds) <= set(turn.rounds)]
    balanced = max(counts.values()) - min(counts.values()) <= 1
    led = all(turn.leader in (None, law.leading_posts["school_head"]) for turn in turns)
    failed = held(
        (
            (
                "OUHAI-6-7a",
                not incomplete,
                f"三轮不齐：{_years(incomplete)}",
                f"rounds missing in {_years(incomplete)}",
            ),
            ("OUHAI-6-7a", led, "有未由校长领衔的", "not all are led by the principal"),
            ("OUHAI-6-7b", not missing, f"没有轮到：{'、'.join(missing)}", f"never the turn of {', '.join(missing)}"),
            (
                "OUHAI-6-7b",
                not repeated,
                f"同学段相连：{_years(repeated)}",
                f"a stage twice running: {_years(repeated)}",
            ),
            ("OUHAI-6-7b", balanced, "各学段次数相差超过一次", "the stages' turns differ by more than one"),
        ),
        law,
    )
    return {
        "counts": counts,
        "missing_stages": missing,
        "repeated_years": repeated,
        "incomplete_rounds": incomplete,
        "balanced": balanced,
        "failed": failed,
    }


def _repeated(turns: Sequence[Turn]) -> list[int]:
    return [after.year for before, after in pairwise(turns) if before.stage == after.stage]


def _years(years: Sequence[int]) -> str:
    return ", ".join(map(str, years))
