"""What is seen of statements: verb and table, of tables that are known; never a value, however it is written."""

from __future__ import annotations

import pytest
from yanxiu_durable.observed import know_tables, named


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("SELECT made_record.id FROM made_record WHERE made_record.district = ?", ("SELECT", "made_record")),
        ('INSERT INTO "made_record" (id) VALUES (?)', ("INSERT", "made_record")),
        ("UPDATE made_record SET id=?", ("UPDATE", "made_record")),
        ("WITH of AS (SELECT 1) SELECT * FROM of JOIN made_record ON 1", ("WITH", "made_record")),
        ("SELECT * FROM zhang_san", ("SELECT", "")),
        ("BEGIN ISOLATION LEVEL REPEATABLE READ;SET LOCAL yanxiu.district TO 'puer'", ("BEGIN", "")),
        ("MADE 530802198001011234", ("SQL", "")),
    ],
)
def test_a_statement_is_told_by_its_verb_and_a_known_table(sql: str, wanted: tuple[str, str]) -> None:
    know_tables(["made_record"])
    assert named(sql) == wanted
