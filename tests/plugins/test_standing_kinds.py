"""What the GraphQL contract says of the kinds of standing, held against the packs that answer them."""

from __future__ import annotations

import re

from yanxiu_gateway.schema.snapshot import schema_text
from yanxiu_rulekit import load_packs


def test_the_contract_names_the_kinds_of_period_that_the_packs_judge() -> None:
    judged = {
        rule.period for pack in load_packs().packs.values() if pack.credit is not None for rule in pack.credit.standings
    }
    said = [line for line in schema_text().splitlines() if "The kind of period" in line]
    assert said
    for line in said:
        english = line.partition("The kind of period")[2]
        assert judged <= set(re.findall("[a-z_]+", english)), line
        assert not {"annual", "year_credits"} & set(re.findall("[a-z_]+", line)), line
