"""A made-up law of two real ones: Ouhai's visits, supervision and awards, with Pu'er's credits and its fifth.

No pack at hand gives yearly awards and bars a school from them for its teachers' standings; a district may adopt both.
"""

from __future__ import annotations

from datetime import date

import msgspec
from yanxiu_ouhai import DECISIONS as OF_OUHAI
from yanxiu_puer import DECISIONS as OF_PUER
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import Parameters
from yanxiu_rulekit.plugins import Rulebook, load_packs

NAME = "ouhai"
DAY = date(2024, 12, 31)


def law_of_two() -> Rulebook:
    """Return the installed packs with this law in the place of Ouhai's."""
    packs = dict(load_packs().packs)
    ouhai, puer = packs["ouhai"], packs["puer"]
    clauses = {**puer.source.clauses, **ouhai.source.clauses}
    both = set(puer.parameters) & set(ouhai.parameters)
    values = [(puer.parameters.value(name, DAY).value, ouhai.parameters.value(name, DAY).value) for name in both]
    assert all(one == other for one, other in values), "what one says would stand for the other"
    packs[NAME] = RulePack(
        name="made-up-law-of-two",
        version="1.0",
        source=msgspec.structs.replace(ouhai.source, clauses=clauses, not_modelled={}),
        parameters=Parameters({**puer.parameters, **ouhai.parameters}, file="made-up"),
        decisions=[*OF_PUER, *(one for one in OF_OUHAI if one.kind != "record")],
        credit=puer.credit,
        visits=ouhai.visits,
    )
    return Rulebook(packs, {})
