"""Columns and one record at a time find the same records worth something else, for real laws and drafts of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_credits.laws import InForce
from yanxiu_credits.policy.weigh_many import changed_by, differs
from yanxiu_credits.policy.worth import worth_under
from yanxiu_footing.stored import canonical
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import overlaid
from yanxiu_rulekit.plugins import load_packs

PACK = load_packs().packs["puer"]
START = date(2024, 3, 1)


def law(pack: RulePack = PACK, **given: Any) -> InForce:
    assert pack.credit is not None
    return InForce(pack=pack, credit=pack.credit, settings=given)


def training(number: int, mode: str, level: str, hours: int, score: str) -> dict[str, Any]:
    """A record as the books hold it under the law as it is."""
    on = START + timedelta(days=number % 200)
    facts = {"kind": "training", "mode": mode, "level": level, "hours_planned": str(hours), "score": score}
    facts |= {"date": on.isoformat(), "project_approved": True, "project_approved_on": "2024-01-15"}
    if mode == "school":
        facts |= {"level": "school", "project_credit": "0.7"}
    row = {"id": f"r-{number}", "on": on, "project": "p", "facts": canonical(facts)}
    worth = worth_under(law(), row)
    held = {"status": worth.status, "micro_hours": worth.micro_hours, "micro_credits": worth.micro_credits}
    return {**row, **held, "attributes": worth.attributes}


records = st.lists(
    st.tuples(
        st.sampled_from(["network", "central", "school"]),
        st.sampled_from(["county", "municipal", "provincial", "national"]),
        st.integers(1, 40),
        st.sampled_from(["59.5", "60", "69.5", "79", "89.5", "95"]),
    ),
    min_size=8,
    max_size=60,
)


def drafts(merit: int) -> list[InForce]:
    """The law as it is, a setting of the district, and a revision of the merits' marks."""
    marks = {"since": START, "value": {"优": Decimal(90), "良": Decimal(80), "中": Decimal(merit), "合格": Decimal(60)}}
    name = next(
        name
        for name in PACK.parameters
        if PACK.parameters[name].values[-1].cite == "PUER-11-3"
        and set(getattr(PACK.parameters[name].values[-1].value, "keys", set)()) == {"优", "良", "中", "合格"}
    )
    unit = PACK.parameters[name].unit
    revised = overlaid(PACK.parameters, [(name, unit, {**marks, "cite": "PUER-11-3"})], clauses=PACK.source.clauses)
    return [law(), law(score_rounding="half_up"), law(PACK.under(revised))]


@settings(max_examples=25, deadline=None)
@given(made=records, merit=st.integers(61, 79))
def test_columns_change_nothing_about_which_records_change(made: list[Any], merit: int) -> None:
    rows = [training(number, *one) for number, one in enumerate(made)]
    for draft in drafts(merit):
        found = [(row["id"], worth.figures) for row, worth in changed_by(lambda _on, draft=draft: draft, rows)]
        alone = [(row["id"], worth_under(draft, row)) for row in rows]
        wanted = [(name, worth.figures) for (name, worth), row in zip(alone, rows, strict=True) if differs(row, worth)]
        assert found == wanted
    assert list(changed_by(lambda _on: law(), rows)) == []


def test_a_moved_mark_is_seen_by_columns() -> None:
    rows = [training(number, "network", "county", 10, score) for number, score in enumerate(["69.5", "95"] * 6)]
    found = [row["id"] for row, _ in changed_by(lambda _on: drafts(65)[2], rows)]
    assert found == [row["id"] for row in rows if row["id"] in {f"r-{number}" for number in range(0, 12, 2)}]
