"""The source of a pack: its data, its clauses with quotations, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from yanxiu_rulekit import PackRefused, load_source

HEAD = """
[source]
jurisdiction = "made"
title = "办法"
issuer = "教育局"
signed_on = 2024-01-01
published_on = 2024-01-02
applies_from = 2024-01-03
"""
CLAUSE = '[clauses.MADE-1]\nheading = "第一条"\nquotation = "原文"\n'


def load(tmp_path: Path, text: str):
    file = tmp_path / "source.toml"
    file.write_text(text, encoding="utf-8")
    return load_source(file)


def test_a_clause_answers_to_its_id_and_to_the_sub_ids_of_its_parts(tmp_path: Path) -> None:
    source = load(tmp_path, HEAD + CLAUSE)
    assert source.applies_from == date(2024, 1, 3)
    assert source.clause("MADE-1") is source.clause("MADE-1N")
    assert source.clause("MADE-1").quotation == "原文"
    assert source.clause("MADE-1n") is None
    assert source.clause("MADE-2") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD, "'clauses' is missing"),
        (HEAD + "[clauses]\n", r"\[clauses\] is empty"),
        (HEAD + CLAUSE + "[extra]\na = 1\n", "unknown key 'extra'; allowed are source, clauses, not_modelled"),
        (HEAD.replace("issuer", "isuer") + CLAUSE, "unknown key 'isuer'"),
        (HEAD.replace('issuer = "教育局"', "") + CLAUSE, "'issuer' is missing"),
        (HEAD.replace("2024-01-03", '"2024-01-03"') + CLAUSE, "applies_from must be a date"),
        (HEAD.replace("2024-01-03", "2024-01-03T08:00:00") + CLAUSE, "applies_from must be a date"),
        (HEAD.replace('"made"', '"Made Up"') + CLAUSE, "must be small letters"),
        (HEAD + CLAUSE.replace('"原文"', '" "'), "quotation must be a text that is not empty"),
        (HEAD + CLAUSE + '[not_modelled]\nMADE-7 = "无"\n', "MADE-7 is not among"),
        (HEAD + CLAUSE + '[not_modelled]\nMADE-1 = ""\n', "MADE-1 must be a text that is not empty"),
    ],
)
def test_a_source_that_lacks_or_adds_something_is_refused_with_the_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PackRefused, match=said) as refused:
        load(tmp_path, text)
    assert "source.toml" in str(refused.value)
