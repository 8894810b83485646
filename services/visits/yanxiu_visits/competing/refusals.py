"""The refusals of competitions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from yanxiu_footing.refusals import refuse
from yanxiu_wire.refusal import Refused


def competition_unknown(competition: str) -> Refused:
    """No competition of that id."""
    return refuse(
        "COMPETITION_UNKNOWN",
        field="competition",
        value=competition,
        zh="没有这次比拼。",
        en="There is no such competition.",
        remedy=("请核对编号。", "Check the id."),
    )


def competition_exists(competition: str) -> Refused:
    """The stage has one in this term."""
    return refuse(
        "COMPETITION_EXISTS",
        field="stage",
        value=competition,
        zh="该学段本学期的比拼已经启动。",
        en="The stage has a competition in this term already.",
        remedy=("请在已有的比拼上办理。", "Go on with that one."),
    )


def wrong_leader(post: str, wanted: str, clauses: tuple[str, ...]) -> Refused:
    """Led by another post than the law names."""
    return refuse(
        "WRONG_LEADER",
        field="leader_post",
        value=post,
        clauses=clauses,
        zh=f"比拼由{wanted}领衔。",
        en=f"The competition is led by the head of the school ({wanted}).",
        remedy=(f"请由{wanted}领衔参加。", "Enter it under the head of the school."),
    )


def entry_over(round_: str, held_on: date, clauses: tuple[str, ...]) -> Refused:
    """A round was held: who enters now would have only part of what the law orders."""
    return refuse(
        "ENTRY_OVER",
        field="competition",
        value=held_on,
        clauses=clauses,
        zh=f"“{round_}”一轮已于{held_on.isoformat()}举行，参加的学校须参加全部各轮，不再接受报名。",
        en=f"The round {round_} was held on {held_on.isoformat()}; a school takes part in all of them, so none enters.",
        remedy=("请参加该学段的下一次比拼。", "Enter the stage's next competition."),
    )


def results_missing(round_: str, clauses: tuple[str, ...]) -> Refused:
    """A round in which nobody took part is none."""
    return refuse(
        "RESULTS_MISSING",
        field="results",
        value=round_,
        clauses=clauses,
        zh=f"“{round_}”一轮没有任何学校的成绩。",
        en=f"The round {round_} has no school's result.",
        remedy=("请登记参加学校的成绩后再提交。", "Give the results of the schools that took part."),
    )


def entered_before(school: str) -> Refused:
    """The school has entered."""
    return refuse(
        "ENTERED_BEFORE",
        field="school",
        value=school,
        zh="该校已报名。",
        en="The school has entered already.",
        remedy=("无需再报。", "Nothing is to be done."),
    )


def round_out_of_order(round_: str, wanted: str | None, clauses: Iterable[str]) -> Refused:
    """Another round comes next, or all were held."""
    return refuse(
        "ROUND_OUT_OF_ORDER",
        field="round",
        value=round_,
        clauses=tuple(clauses),
        zh=f"下一轮是“{wanted}”。" if wanted else "各轮均已举行。",
        en=f"The next round is {wanted}." if wanted else "All rounds have been held.",
        remedy=("请按方案、展示、成效的次序登记。", "Record the rounds in the order of the law."),
    )


def results_malformed(field: str, value: str) -> Refused:
    """A result of a school that did not enter, of an unknown category, twice, or below 0."""
    return refuse(
        "RESULTS_MALFORMED",
        field=f"results.{field}",
        value=value,
        zh="成绩须为已报名学校在所列类别中的整数分，每校每类一次。",
        en="Results are whole marks of schools that entered, once in each category.",
        remedy=("请更正成绩。", "Correct the results."),
    )


def day_outside_rounds(day: date, term: str, begun: date | None, clauses: tuple[str, ...]) -> Refused:
    """A round on a day outside the competition's term, or not after the round that was held last."""
    since = f"，且晚于上一轮（{begun}）" if begun is not None else ""
    after = f", and after the last round ({begun})" if begun is not None else ""
    return refuse(
        "DAY_OUTSIDE_TERM",
        field="held_on",
        value=day,
        clauses=clauses,
        zh=f"各轮须在同一学期（{term}）内举行{since}。",
        en=f"All rounds are held within the term {term}{after}.",
        remedy=("请更正日期。", "Correct the day."),
    )
