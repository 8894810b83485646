"""What the visits service needs of this plan: residence by terms, supervision, competition, awards, groups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from yanxiu_rulekit import (
    AreaGroups,
    Asked,
    AwardCategory,
    AwardYear,
    Contests,
    GroupFiled,
    Law,
    Leadership,
    Limit,
    Named,
    Paper,
    ResearchDays,
    SchoolGroups,
    SchoolThemes,
    Studios,
    SupervisionYear,
    TeamMember,
    Turns,
    VisitQuestion,
    VisitRules,
    limit,
    rows_that_hold,
)

from yanxiu_ouhai.awards import CLAUSE as AWARDS
from yanxiu_ouhai.awards import SUB_ID
from yanxiu_ouhai.competition import ROUNDS, TURNS
from yanxiu_ouhai.guidance import FORM, form_lines
from yanxiu_ouhai.openings import school_year_of
from yanxiu_ouhai.people import LEVELS, OTHER_LEVELS
from yanxiu_ouhai.visit_term import PHASES, asked_of_plan, asked_of_term, placing, term_minima
from yanxiu_ouhai.words import GROUPS, OF_TURN, PHASES_EN, REACH_OF, RECIPIENTS, SIDES

DAY = timedelta(days=1)


def phases(law: Law) -> tuple[Named, ...]:
    """OUHAI-6-6b: the phases of a term's visits, in their order."""
    return tuple(
        Named(name=phase, clauses=(PHASES,), label_en=PHASES_EN[phase]) for phase in rows_that_hold(law.visit_phases)
    )


def papers(law: Law) -> tuple[Paper, ...]:
    """OUHAI-7-1d: what every school lays down."""
    return tuple(
        Paper(name=name, label_en=law.school_documents[name], per="cycle", of="school", clauses=("OUHAI-7-1d",))
        for name in law.school_documents
    )


def supervision_form(law: Law) -> tuple[Named, ...]:
    """OUHAI-6-9c: a line for each article of the guidance, and what else is looked at."""
    return tuple(Named(name=name, clauses=(FORM,)) for name in form_lines(law))


def asked_of_supervision(year: SupervisionYear, law: Law) -> Iterator[Asked]:
    """Ask whether every school was supervised in the school year, and whether each form is filled in."""
    events = [{"school": one.school, "kind": one.kind, "school_year": _school_year(one.on, law)} for one in year.events]
    name = f"{year.year}-{year.year + 1}"
    yield Asked(kind="supervision", given={"school_year": name, "schools": list(year.schools), "events": events})
    for one in year.events:
        yield Asked(kind="supervision_form", given={"filled": sorted(one.lines)}, of=one.school)


def _school_year(day: date, law: Law) -> str:
    start = school_year_of(day, law).start
    return f"{start.year}-{start.year + 1}"


def asked_of_team(members: tuple[TeamMember, ...], _law: Law) -> Iterator[Asked]:
    """Ask whether both sides are in the team."""
    yield Asked(kind="supervision_team", given={"members": [{"side": SIDES[one.side]} for one in members]})


def turns(law: Law) -> Turns:
    """OUHAI-6-7: the rounds of a turn, the stages that take turns, and the years of the plan."""
    return Turns(
        rounds=rows_that_hold(law.competition_rounds),
        stages={stage: OF_TURN[stage] for stage in rows_that_hold(law.competition_stages)},
        turn=law.competition_turn,
        first_year=int(law.plan_first_year),
        last_year=int(law.plan_last_year),
        leader_post=law.leading_posts["school_head"],
        clauses=(ROUNDS, TURNS),
    )


def asked_of_contests(found: Contests, _law: Law) -> Iterator[Asked]:
    """Ask whether the stages take turns, each with its rounds led by principals."""
    schedule = [
        {
            "year": one.year,
            "stage": one.stage,
            "rounds": list(one.rounds),
            "leader": one.leader_post,
            "term": one.term.name if one.term else None,
            "over": one.over,
        }
        for one in found.contests
    ]
    yield Asked(kind="competition", given={"schedule": schedule, "as_of": found.as_of})


def awards(law: Law) -> tuple[AwardCategory, ...]:
    """OUHAI-6-10: the five categories with their yearly numbers."""
    breaks = law.award_over == "violation"
    return tuple(
        AwardCategory(
            name=name,
            quota=int(law.award_quota[name]),
            recipient=RECIPIENTS[name],
            clauses=(f"{AWARDS}{SUB_ID[name]}",),
            over_breaks=breaks,
        )
        for name in law.award_quota
    )


def asked_of_awards(year: AwardYear, _law: Law) -> Iterator[Asked]:
    """Ask whether the year keeps to the numbers."""
    yield Asked(kind="award_quota", given={"year": year.year, "awards": dict(year.awards)})


def filing_days(law: Law) -> Limit:
    """OUHAI-6-4b: within how many days groups are filed (G-O14)."""
    return limit(law, "filing_days", zh="学期开学或教研组变动后{value}天内报备。", en="Filed within {value} days.")


def asked_of_groups(groups: SchoolGroups, law: Law) -> Iterator[Asked]:
    """Ask for a school's groups: whether they are set up and filed, and whether backbones lead them."""
    filed = [{"kind": GROUPS[one.kind], "filed": _is_filed(one, groups, law)} for one in groups.groups]
    minor = [{"teacher": one.id, "in_area_group": one.in_area_group} for one in groups.minor_teachers]
    yield Asked(kind="groups", given={"groups": filed, "small_subject_teachers": minor}, of=groups.school.id)
    leaders = [
        # What is on file of one who is no backbone is the reason for choosing him (G-O15).
        {"group": one.id, "backbone": one.leader_backbone, "override": one.leader_grounds}
        for one in groups.groups
    ]
    yield Asked(kind="group_leaders", given={"leaders": leaders}, of=groups.school.id)


def _is_filed(group: GroupFiled, groups: SchoolGroups | AreaGroups, law: Law) -> bool:
    """A group is unfiled when its window is past: from the start of term, or from its last change if that is later."""
    if group.filed_on is not None and group.changed_on <= group.filed_on <= groups.as_of:
        return True
    return groups.as_of <= max(groups.term_start, group.changed_on) + DAY * int(law.filing_days)


def asked_of_area_groups(groups: AreaGroups, law: Law) -> Iterator[Asked]:
    """Ask whether the areas' groups are filed and their leaders appointed, and whether each school is in one area."""
    filed = [{"group": one.id, "filed": _is_filed(one, groups, law)} for one in groups.groups]
    yield Asked(kind="area_group_filing", given={"groups": filed})
    leaders = [
        {"leader": one.leader, "level": LEVELS[0], "appointed_by": one.appointed_by or None} for one in groups.groups
    ]
    yield Asked(kind="area_appointments", given={"leaders": leaders})
    schools = [{"school": one.school, "areas": list(one.areas)} for one in groups.schools]
    yield Asked(kind="school_areas", given={"schools": schools})


def asked_of_studios(studios: Studios, _law: Law) -> Iterator[Asked]:
    """Ask whether each studio of the district is stationed at a weak school; those of other levels are not asked of."""
    of_district = [one for one in studios.studios if one.level.strip() not in OTHER_LEVELS]
    stationed = [{"studio": one.name, "schools": list(one.schools)} for one in of_district]
    yield Asked(kind="studios", given={"studios": stationed, "weak_schools": list(studios.weak_schools)})


def asked_of_research_days(days: ResearchDays, _law: Law) -> Iterator[Asked]:
    """Ask whether gatherings of an area or the district fall on the day of their subject."""
    held = [{"subject": one.subject, "on": one.on, "scope": REACH_OF[one.scope]} for one in days.activities]
    yield Asked(kind="research_days", given={"days": dict(days.days), "activities": held})


def asked_of_themes(themes: SchoolThemes, _law: Law) -> Iterator[Asked]:
    """Ask whether a school's themes are 1+x."""
    own = {group: group in themes.with_own for group in themes.groups}
    yield Asked(
        kind="themes",
        given={"common_themes": themes.common, "groups": list(themes.groups), "own_theme": own},
        of=themes.school.id,
    )


def asked_of_leading_group(group: Leadership, law: Law) -> Iterator[Asked]:
    """Ask for the district's leading group, or a school's action group."""
    if group.school is None:
        given = {"head": group.head, "deputies": list(group.deputies), "members": list(group.members)}
        yield Asked(kind="leading_group", given=given)
        return
    deputy = law.leading_posts["school_deputy"]
    given = {
        "school": group.school.id,
        "head": group.head,
        "responsible_vice_principals": sum(1 for post in group.in_charge if post == deputy),
        "kindergarten": group.school.stage == "kindergarten",
        "exception": group.exception,
    }
    yield Asked(kind="leading_group", given=given, of=group.school.id)


VISIT_RULES = VisitRules(
    placing=placing,
    plan=VisitQuestion(kinds=("rotation", "coverage"), asks=asked_of_plan),
    term=VisitQuestion(kinds=("resident_visits",), asks=asked_of_term),
    minima=term_minima,
    papers=papers,
    phases=phases,
    supervision=VisitQuestion(kinds=("supervision", "supervision_form"), asks=asked_of_supervision),
    supervision_form=supervision_form,
    team=VisitQuestion(kinds=("supervision_team",), asks=asked_of_team),
    competition=VisitQuestion(kinds=("competition",), asks=asked_of_contests),
    turns=turns,
    awards=awards,
    award_quota=VisitQuestion(kinds=("award_quota",), asks=asked_of_awards),
    groups=VisitQuestion(kinds=("groups", "group_leaders"), asks=asked_of_groups),
    filing_days=filing_days,
    area_groups=VisitQuestion(
        kinds=("area_group_filing", "area_appointments", "school_areas"), asks=asked_of_area_groups
    ),
    studios=VisitQuestion(kinds=("studios",), asks=asked_of_studios),
    research_days=VisitQuestion(kinds=("research_days",), asks=asked_of_research_days),
    themes=VisitQuestion(kinds=("themes",), asks=asked_of_themes),
    leading_group=VisitQuestion(kinds=("leading_group",), asks=asked_of_leading_group),
)
