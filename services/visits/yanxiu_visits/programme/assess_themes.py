"""Whether themes can be kept, and a school's themes as the law's facts have them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from yanxiu_rulekit.visitfacts import SchoolThemes, VisitedSchool
from yanxiu_wire.refusal import Refused
from yanxiu_wire.research_group import ResearchGroup
from yanxiu_wire.themes import DeclareThemes, ThemesDeclared

from yanxiu_visits import refusals as general
from yanxiu_visits.programme import refusals
from yanxiu_visits.visiting.assess_note import assess_text

MOST_TITLE, MOST_THEMES = 200, 200


def assess_themes(command: DeclareThemes) -> Refused | None:
    """Return why they cannot be kept: too many, without a title, or one of them twice."""
    for field, count in (("common", len(command.common)), ("own", len(command.own))):
        if count > MOST_THEMES:
            return general.out_of_bounds(field, count, 0, MOST_THEMES)
    titles = [(f"common[{at}]", title) for at, title in enumerate(command.common)]
    titles += [(f"own[{at}].title", one.title) for at, one in enumerate(command.own)]
    malformed = (assess_text(field, title, most=MOST_TITLE) for field, title in titles)
    refused = next((one for one in malformed if one), None)
    if refused is not None:
        return refused
    seen: set[tuple[str, str]] = set()
    for field, group, title in (
        *((f"common[{at}]", "", title) for at, title in enumerate(command.common)),
        *((f"own[{at}].title", one.group, one.title) for at, one in enumerate(command.own)),
    ):
        if (group, title.strip()) in seen:
            return refusals.theme_twice(field, title)
        seen.add((group, title.strip()))
    return None


def labels_of(groups: Sequence[ResearchGroup]) -> dict[str, str]:
    """Return what to call each group in the law's sentences, by id: its name, with the id where two share one."""
    count = Counter(one.name for one in groups)
    return {one.id: one.name if count[one.name] == 1 else f"{one.name}（{one.id}）" for one in groups}


def facts_of(school: VisitedSchool, labels: Mapping[str, str], themes: ThemesDeclared | None) -> SchoolThemes:
    """Return a school's themes as the law's facts have them; a theme of a group that is no more counts for none."""
    own = frozenset(labels[one.group] for one in themes.own if one.group in labels) if themes else frozenset()
    return SchoolThemes(
        school=school,
        common=len(themes.common) if themes else 0,
        groups=tuple(labels.values()),
        with_own=own,
    )
