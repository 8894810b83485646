"""Sentences for what a plan does not keep to any more, with the law's clauses where the law is the reason."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from yanxiu_visits.planning.solver.answer import Said
from yanxiu_visits.planning.solver.check_plan import Breach
from yanxiu_visits.planning.solver.problem import Problem
from yanxiu_visits.planning.solver.say_change import school_name
from yanxiu_visits.planning.solver.say_none import LAW

# What is told of whom stands before the sentence.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "twice": ("同一安排列了两次", "a placing stands twice"),
    "held": ("已结束学期的安排被改动", "what is over was changed"),
    "fixed": ("指定的配对没有安排", "a fixed pairing is missing"),
    "unknown": (
        "此人或此校在要安排的时间内已不在岗或不开办",
        "that person or school is not there any more in the days to be planned",
    ),
    "programme": ("该校不在应蹲点或可选的学校之列", "the school is none of those to be placed at"),
    "absent": ("此人在该学期或批次过半时间不在岗", "that person is away for more than half of the period"),
    "closed": ("该校在该学期或批次过半时间不开办", "the school is not open for more than half of the period"),
    "conflict": ("此人对该校须回避", "a conflict of interest keeps that person away"),
    "forbidden": ("此人不得去该校，或该校在其工作片区之外", "the pairing is forbidden, or outside that person's areas"),
    "subject": ("学科不符", "the subject does not fit"),
    "stage": ("学段不符", "the stage does not fit"),
    "role": ("此人不能担任这一角色", "that person cannot have this role"),
    "present": ("此人该学期须蹲点规定数量的学校", "that person must be at so many schools in the term"),
    "changes": ("此人每学期须更换学校", "that person must change the school every term"),
    "no_return": ("此人不得重回同一学校", "that person may not return to the school"),
    "capacity": ("该校同一学期的研训员人数超过上限", "too many are at the school in the term"),
    "cover": ("该校在期限内没有覆盖", "the school is not visited within the window"),
    "count": ("基地学校的数量不符", "the number of base schools is another"),
    "leads": ("该校没有规定数量的主持研训员", "the school has not as many leads as it must"),
    "collaborators": ("该校的协同人员不足", "the school has too few collaborators"),
    "one_role": ("同一人在该校担任了两个角色", "somebody has two roles at the school"),
    "repeat": ("该校属于上一批，不得连任", "the batch before had the school"),
    "both_locations": ("本批没有兼顾城镇与农村学校", "the batch has not both town and rural schools"),
    "pairing": ("此人不得再联系上一批的学校", "that person had the school in the batch before"),
    "most": ("此人同时联系的学校超过上限", "that person has more schools than he takes at once"),
    "one_stage": ("此人联系的学校不属同一类型", "that person's schools are not of one stage"),
    "balance": ("此人联系多所学校，没有兼顾城镇与农村", "that person's schools are not both town and rural"),
    "everyone": ("此人没有联系学校", "that person is linked to no school"),
}
# Of these, what a breach tells beside its kind is no names.
NAMELESS = frozenset({"twice", "held", "count"})


class BreachSaid(msgspec.Struct, frozen=True, kw_only=True):
    """A breach in words: whom it is about, by id, the law's clauses, and the sentence with schools by name."""

    about: tuple[str, ...]
    clauses: tuple[str, ...]
    said: Said


def say_breach(problem: Problem, breach: Breach) -> BreachSaid:
    """Return a breach in words, without an end; people stand by id."""
    kind, told = breach
    about = _about(problem, kind, told)
    names = [school_name(problem, one) if one in problem.school else one for one in about]
    zh, en = SENTENCES[kind]
    limits = [getattr(problem.placing, name) for name in LAW.get(kind, ())]
    return BreachSaid(
        about=about,
        clauses=tuple(dict.fromkeys(clause for limit in limits for clause in limit.clauses)),
        said=Said(zh="，".join((*names, zh)), en=", ".join((*names, en))),
    )


def _about(problem: Problem, kind: str, told: str) -> tuple[str, ...]:
    if kind in NAMELESS:
        return ()
    if kind == "fixed":
        one = problem.fixed[int(told)]
        return tuple(part for part in (one.person, one.school, one.term) if part)
    return tuple(told.split())
