"""The placing of two invented laws, shaped as the packs give it."""

from __future__ import annotations

from yanxiu_rulekit.visits import BatchPlacing, Limit, TermPlacing

STAGES = ("kindergarten", "primary", "junior", "nine-year")


def limit(clause: str, *, value: int | bool | tuple[str, ...], binding: bool = True) -> Limit:
    return Limit(value=value, clauses=(clause,), zh=f"{clause} {value}", en=f"{clause} {value}", binding=binding)


def by_terms(*, window: int = 4, no_return: bool = False) -> TermPlacing:
    return TermPlacing(
        schools_a_term=limit("A-1", value=1),
        changes=limit("A-2", value=True),
        no_return=limit("A-2", value=no_return, binding=no_return),
        window_terms=limit("A-3", value=window),
        covers=limit("A-3", value=True),
        stages=limit("A-3", value=STAGES),
    )


def by_batch(*, helpers: int = 2, repeats: bool = False) -> BatchPlacing:
    return BatchPlacing(
        years=limit("B-1", value=2),
        leads=limit("B-2", value=1),
        collaborators=limit("B-2", value=helpers),
        collaborator_kinds=limit("B-2", value=("area_staff", "famous_teacher", "backbone_teacher")),
        repeats=limit("B-1", value=repeats),
        pairing_changes=limit("B-3", value=True),
        stages=limit("B-0", value=("primary", "junior", "nine-year")),
        one_stage=limit("B-4", value=True),
        both_locations=limit("B-4", value=True),
        both_locations_from=limit("B-4", value=2),
    )
