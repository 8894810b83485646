"""The competition (OUHAI-6-7): three rounds led by principals, the stages taking turns over five years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, decision, rows_that_hold

from yanxiu_ouhai.organisation import Check, held, warned
from yanxiu_ouhai.plan import CLAUSE as PLAN
from yanxiu_ouhai.plan import outside_plan
from yanxiu_ouhai.spellings import must_be_one_of
from yanxiu_ouhai.terms import place_in, place_of

ROUNDS, TURNS = "OUHAI-6-7a", "OUHAI-6-7b"


class Turn(Facts, frozen=True, kw_only=True):
    """One turn: year, stage, the rounds held, and who led (the principal, where nothing is said).

    `term` is wanted where the turns go by term: its name such as `2024-2025-1`, or its number in the school year that
    begins in `year`. One that is not `over` has rounds still to come.
    """

    year: int
    stage: str
    rounds: tuple[str, ...] = ()
    leader: str | None = None
    term: int | str | None = None
    over: bool = True

    def __str__(self) -> str:
        """Name the turn in an explanation: by its term, else by its year."""
        if isinstance(self.term, str):
            return self.term
        return str(self.year) if self.term is None else f"{self.year}/{self.term}"


class CompetitionQuestion(Facts, frozen=True, kw_only=True):
    """Do the stages take turns, each with its three rounds?

    Seen on the day `as_of`, within the years of the plan, a turn may still come; without a day the schedule is whole.
    """

    schedule: tuple[Turn, ...]
    as_of: date | None = None


@decision(
    "competition", asks_zh="校本研修比拼的轮换与三轮是否合规", facts=CompetitionQuestion, clauses=(ROUNDS, TURNS, PLAN)
)
def competition(question: CompetitionQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-7a: plan, display, result in one term, led by the principal; 6-7b: each stage, in turn, evenly.

    Only what is over fails: a contest by its rounds, the stages' turns by the five years.
    """
    _check_spellings(question.schedule, law)
    contests = _in_order(question.schedule, law)
    turns = _turns(contests, law)
    found = Counter(turn.stage for turn in turns)
    counts = {stage: found[stage] for stage in rows_that_hold(law.competition_stages)}
    missing = [stage for stage, count in counts.items() if not count]
    again = [after for before, after in pairwise(turns) if before.stage == after.stage]
    repeated = [turn for turn in again if turn.over]
    rounds = set(rows_that_hold(law.competition_rounds))
    incomplete = [turn for turn in contests if turn.over and not rounds <= set(turn.rounds)]
    to_come = question.as_of is not None and question.as_of.year <= law.plan_last_year
    balanced = max(counts.values()) - min(counts.values()) <= 1
    led = all(turn.leader in (None, law.leading_posts["school_head"]) for turn in contests)
    by_rounds = (
        (ROUNDS, not incomplete, f"三轮不齐：{_named(incomplete)}", f"rounds missing in {_named(incomplete)}"),
        (ROUNDS, led, "有未由校长领衔的", "not all are led by the principal"),
    )
    failed = held((*by_rounds, *_by_turns([] if to_come else missing, repeated, even=to_come or balanced)), law)
    about_to = [turn for turn in again if not turn.over]
    open_still = _to_come(missing if to_come else [], about_to, law, even=balanced or not to_come)
    return {
        "counts": counts,
        "missing_stages": missing,
        "repeated_years": [turn.year for turn in repeated],
        "incomplete_rounds": [turn.year for turn in incomplete],
        "balanced": balanced,
        "failed": failed,
        "warnings": [*open_still, *outside_plan([turn.year for turn in contests], law)],
    }


def _by_turns(missing: Sequence[str], repeated: Sequence[Turn], *, even: bool) -> tuple[Check, ...]:
    """Return the checks of how the stages take turns."""
    return (
        (TURNS, not missing, f"没有轮到：{'、'.join(missing)}", f"never the turn of {', '.join(missing)}"),
        (TURNS, not repeated, f"同学段相连：{_named(repeated)}", f"a stage twice running: {_named(repeated)}"),
        (TURNS, even, "各学段次数相差超过一次", "the stages' turns differ by more than one"),
    )


def _to_come(missing: Sequence[str], about_to: Sequence[Turn], law: Law, *, even: bool) -> list[str]:
    """Tell what may still come right, or go wrong, before it can fail."""
    return warned(
        (
            (TURNS, not missing, f"尚待轮到：{'、'.join(missing)}", f"to come: {', '.join(missing)}"),
            (TURNS, even, "各学段次数须再均衡", "the stages' turns are still to be evened out"),
            (TURNS, not about_to, f"将同学段相连：{_named(about_to)}", f"about to repeat a stage: {_named(about_to)}"),
        ),
        law,
    )


def _check_spellings(schedule: Sequence[Turn], law: Law) -> None:
    for index, turn in enumerate(schedule):
        must_be_one_of(rows_that_hold(law.competition_stages), f"schedule[{index}].stage", turn.stage)
        for place, name in enumerate(turn.rounds):
            must_be_one_of(rows_that_hold(law.competition_rounds), f"schedule[{index}].rounds[{place}]", name)


def _in_order(schedule: Sequence[Turn], law: Law) -> list[Turn]:
    """Return what was held in the order of time: by year, and by term where it is stated or where turns go by term."""
    by_term = law.competition_turn == "per_term"
    placed = [(_place(f"schedule[{index}]", turn, law), turn) for index, turn in enumerate(schedule)]
    for index, (place, _turn) in enumerate(placed):
        if by_term and place is None:
            problem = "missing; the turns go by term here: give 1 or 2, or a term's name such as 2024-2025-1"
            raise FactsRefused(field=f"schedule[{index}].term", value=None, problem=problem)
    if by_term:
        return [turn for _place, turn in sorted(placed, key=lambda one: one[0] or 0)]
    return [turn for _place, turn in sorted(placed, key=lambda one: (one[1].year, one[0] or 0))]


def _place(field: str, turn: Turn, law: Law) -> int | None:
    """Return the place of a turn's term; refuses one that is no term, or lies in another year than the turn."""
    if turn.term is None:
        return None
    if isinstance(turn.term, int):
        if not 1 <= turn.term <= law.terms_a_year:
            raise FactsRefused(field=f"{field}.term", value=turn.term, problem="no term of a school year: give 1 or 2")
        return place_in(turn.year, turn.term, law)
    place = place_of(f"{field}.term", turn.term, law)
    if str(turn.year) not in turn.term.split("-"):
        problem = f"this term does not lie in the year {turn.year}; correct the one or the other"
        raise FactsRefused(field=f"{field}.term", value=turn.term, problem=problem)
    return place


def _turns(contests: Sequence[Turn], law: Law) -> list[Turn]:
    """Return the turns (G-O07): every term's, or where they go by year, the terms of a year and stage as one."""
    if law.competition_turn == "per_term":
        return list(contests)
    turns: list[Turn] = []
    for turn in contests:
        before = turns[-1] if turns and turn.term is not None else None
        if before is None or before.term is None or (before.year, before.stage) != (turn.year, turn.stage):
            turns.append(turn)
    return turns


def _named(turns: Sequence[Turn]) -> str:
    return ", ".join(map(str, turns))
