"""Sentences for a contradiction: constraints of one kind together, with the law's clauses or as the district's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from yanxiu_rulekit.visits import Limit

from yanxiu_visits.planning.solver.answer import Cause, Counted, Said
from yanxiu_visits.planning.solver.contradiction import Contradiction
from yanxiu_visits.planning.solver.places import Tag, every_spot
from yanxiu_visits.planning.solver.problem import Problem
from yanxiu_visits.planning.solver.say_change import school_name

# So many names are told in a sentence; the cause itself lists all.
NAMED = 6
# The law's limits by the kinds of constraint that they make.
LAW: Mapping[str, tuple[str, ...]] = {
    "present": ("schools_a_term",),
    "changes": ("changes",),
    "no_return": ("no_return",),
    "cover": ("covers", "window_terms"),
    "leads": ("leads",),
    "collaborators": ("collaborators",),
    "one_role": ("leads", "collaborators"),
    "one_stage": ("one_stage",),
    "balance": ("both_locations_from",),
    "both_locations": ("both_locations",),
    "repeat": ("repeats",),
    "pairing": ("pairing_changes",),
}
# Neither the law nor a wish: what is so.
FACTS = frozenset({"absent", "closed", "conflict"})
FACT = ("（登记的事实）", " (a fact on record)")
OWN = ("（本区所加）", " (added by the district)")
# {people}, {schools}, {terms} and {number} are filled in.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "present": (
        "研训员 {people} 在 {terms} 每学期须蹲点规定数量的学校",
        "in {terms} each of {people} must be at a school",
    ),
    "changes": ("{people} 每学期须更换学校", "each of {people} must change the school every term"),
    "no_return": ("{people} 不得重回同一学校", "{people} may not return to a school"),
    "cover": ("期限内须覆盖{schools}", "every one of {schools} must be visited within the window"),
    "capacity": ("{schools}同一学期的研训员人数有上限（{terms}）", "only so many at a time go to {schools} ({terms})"),
    "fixed": ("已指定 {people} 去{schools}", "{people} is fixed to {schools}"),
    "most": ("{people} 同时联系的学校数有上限", "{people} takes only so many schools at once"),
    "one_role": ("{people} 在同一学校只担任一个角色", "{people} has one role at a school"),
    "one_stage": ("{people} 联系的学校须为同一类型", "the schools of {people} must be of one stage"),
    "balance": (
        "{people} 联系多所学校时须城镇、农村兼顾",
        "with several schools, {people} must have town and rural ones",
    ),
    "everyone": ("{people} 须联系学校", "{people} must be linked to a school"),
    "repeat": ("{schools}属于上一批，不得连任", "the batch before had {schools}"),
    "leads": ("{schools}各须有规定数量的主持研训员", "a lead researcher is needed at {schools}"),
    "collaborators": ("{schools}各须有足够的协同人员", "collaborators are needed at {schools}"),
    "both_locations": (
        "本批须兼有城镇与农村学校（可选学校中城镇 {town} 所、农村 {rural} 所）",
        "the batch must have town and rural schools (there are {town} and {rural} to choose from)",
    ),
    "base": ("{schools}须列入本批", "the batch must have {schools}"),
    "count": ("本批须有 {number} 所基地学校", "the batch must have {number} base schools"),
    "conflict": ("{people} 对有关学校须回避", "conflicts of interest keep away {people}"),
    "forbidden": ("已规定 {people} 不得去有关学校", "schools are forbidden to {people}"),
    "subject": ("{people} 的学科与有关学校不符", "by subject, schools do not fit {people}"),
    "stage": ("{people} 的学段与有关学校不符", "by stage, schools do not fit {people}"),
    "absent": ("{people} 缺勤（{terms}）", "absence of {people} in {terms}"),
    "closed": ("{schools}在 {terms} 不存在", "no school {schools} in {terms}"),
    "pairing": ("{people} 不得再联系上一批的学校", "the school of the batch before is closed to {people}"),
}


def causes_of(problem: Problem, found: Contradiction) -> tuple[Cause, ...]:
    """Return the constraints of a contradiction as causes, those of one kind together."""
    by_kind: dict[str, list[Tag]] = {}
    for tag in (*found.rows, *found.bars):
        by_kind.setdefault(tag.kind, []).append(tag)
    return tuple(_cause(problem, kind, tags) for kind, tags in by_kind.items())


def counted_causes(problem: Problem, counted: Counted) -> tuple[Cause, ...]:
    """Return what takes part in a proof by counting: the schools, who reaches them, what keeps others away."""
    tags = [Tag("cover", school=one) for one in counted.schools]
    tags += [Tag("present", one, term=term) for one in counted.people for term in problem.open_terms]
    wanted = set(counted.schools)
    spots = [(spot, bars) for spot, bars in every_spot(problem) if spot.school in wanted]
    able = {(spot.person, spot.term) for spot, bars in spots if not bars}
    # A place that reaches one of the schools is counted; every other is kept away by the bars of its spots.
    keeping = {bar for spot, bars in spots if (spot.person, spot.term) not in able for bar in bars}
    fixed = [
        Tag("fixed", one.person, one.school, str(at))
        for at, one in enumerate(problem.fixed)
        if (one.person, one.term) in able
    ]
    return causes_of(problem, Contradiction(tuple(tags), (*fixed, *sorted(keeping)), irreducible=False))


def _cause(problem: Problem, kind: str, tags: Sequence[Tag]) -> Cause:
    terms = [problem.fixed[int(one.term)].term or "" if kind == "fixed" else one.term for one in tags]
    people, schools = _sorted(one.person for one in tags), _sorted(one.school for one in tags)
    when = tuple(term for term in (*problem.terms, *sorted(set(terms) - set(problem.terms))) if term and term in terms)
    limits = [getattr(problem.placing, name) for name in LAW.get(kind, ())]
    return Cause(
        kind=kind,
        clauses=tuple(dict.fromkeys(clause for limit in limits for clause in limit.clauses)),
        people=people,
        schools=schools,
        terms=when,
        said=_said(problem, kind, people, schools, when, limits),
    )


def _said(
    problem: Problem,
    kind: str,
    people: Sequence[str],
    schools: Sequence[str],
    terms: Sequence[str],
    limits: list[Limit],
) -> Said:
    zh, en = SENTENCES[kind]
    names = [school_name(problem, one) for one in schools]
    places = [one.location for one in problem.roster]
    numbers = {
        "number": problem.base_schools if kind == "count" else problem.most_a_term,
        "town": places.count("town"),
        "rural": places.count("rural"),
    }
    in_zh = {"people": _listed(people, "名"), "schools": _listed(names, "所"), "terms": "、".join(terms)}
    in_en = {"people": _list(people), "schools": _list(names), "terms": ", ".join(terms)}
    clauses = "、".join(dict.fromkeys(clause for limit in limits for clause in limit.clauses))
    plain = FACT if kind in FACTS else OWN
    own_zh, own_en = (f"（{clauses}）", f" ({clauses.replace('、', ', ')})") if clauses else plain
    return Said(zh=zh.format(**in_zh, **numbers) + own_zh, en=en.format(**in_en, **numbers) + own_en)


def say_counted(problem: Problem, counted: Counted) -> Said:
    """Return the count in words: so many schools, so few places."""
    clauses = "、".join(_clauses(problem, ("schools_a_term", "covers", "window_terms")))
    names = [school_name(problem, one) for one in counted.schools]
    terms, schools, people = len(problem.open_terms), len(counted.schools), len(counted.people)
    who_zh = f"只有 {people} 名研训员能去（{_listed(counted.people, '名')}），" if people else "没有研训员能去，"
    in_en = clauses.replace("、", ", ")
    who_en = f"researchers who can go there: {people} ({_list(counted.people)})" if people else "nobody can go there"
    return Said(
        zh=(
            f"{schools} 所学校（{_listed(names, '所')}）须在 {terms} 个学期内覆盖，{who_zh}"
            f"共有 {counted.slots} 个人次，少 {counted.short} 个人次，无论如何安排都不能全覆盖（{clauses}）。"
        ),
        en=(
            f"Schools to visit in {terms} terms: {schools} ({_list(names)}); {who_en}; "
            f"places in all: {counted.slots}, too few by {counted.short}: no plan covers them ({in_en})."
        ),
    )


def say_together(causes: Sequence[Cause], irreducible: bool) -> Said:
    """Return a contradiction in words: these cannot be met together."""
    zh = "；".join(one.said.zh for one in causes)
    en = "; ".join(one.said.en for one in causes)
    if len(causes) == 1:
        return Said(zh=f"以下要求无法满足：{zh}。", en=f"This cannot be met: {en}.")
    spare_zh = "去掉其中任何一项，其余即可同时满足。" if irreducible else "时间所限，其中可能有多余的项。"
    spare_en = "Without any one of them the others can be met." if irreducible else "Time ran out: some may be spared."
    return Said(zh=f"以下各项不能同时满足：{zh}。{spare_zh}", en=f"These cannot be met together: {en}. {spare_en}")


def _clauses(problem: Problem, names: Iterable[str]) -> tuple[str, ...]:
    found = (clause for name in names for clause in getattr(problem.placing, name).clauses)
    return tuple(dict.fromkeys(found))


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({one for one in names if one}))


def _listed(names: Sequence[str], unit: str) -> str:
    more = f"等 {len(names)} {unit}" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more


def _list(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
