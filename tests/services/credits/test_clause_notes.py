"""The words of a clause come with the note that says how lost characters are read."""

from __future__ import annotations

from datetime import date

from yanxiu_credits.explain import explanation
from yanxiu_rulekit import load_packs
from yanxiu_wire.explanation import Clause, Step

PACK = load_packs().pack("puer")
DAY = date(2024, 6, 1)


def quoted(cite: str) -> Clause:
    step = Step(name="total", value="1", unit="学分", zh="。", en=".", clauses=(cite,))
    (clause,) = explanation(PACK, name=PACK.name, version=PACK.version, on=DAY, steps=(step,)).clauses
    return clause


def test_a_quotation_that_lost_characters_travels_with_its_note() -> None:
    clause = quoted("PUER-11-4")
    assert clause.quotation.startswith("总学分=目学分×项目学时")
    assert clause.note == "“目学分”脱“项”字，读作项目学分。"


def test_a_quotation_that_is_whole_has_no_note() -> None:
    assert quoted("PUER-11-2").note == ""


def test_a_clause_that_the_pack_does_not_have_keeps_its_id_alone() -> None:
    assert quoted("ELSEWHERE-1") == Clause(id="ELSEWHERE-1", heading="", quotation="")
