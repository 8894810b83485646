"""On the running demonstration, fence and all: one activity under five laws, and every decision replayed."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from yanxiu_cli.__main__ import run

from tests.cli.platform import Platform

pytestmark = pytest.mark.timeout(300)
ACTIVITY = Path(__file__).resolve().parents[2] / "docs" / "one-activity.toml"


def test_five_laws_answer_one_activity_in_one_request(demo: Platform) -> None:
    activity = tomllib.loads(ACTIVITY.read_text(encoding="utf-8"), parse_float=Decimal)
    heads = ", ".join(f"${law}: TryDecisionInput!" for law in activity["laws"])
    fields = " ".join(
        f"{law}: tryDecision(input: ${law}) {{ decision {{ result explanation {{ clauses {{ code quotation }} }} }} "
        "errors { code } }"
        for law in activity["laws"]
    )
    on = activity["on"].isoformat()
    inputs = {law: {"jurisdiction": law, "on": on, **stated} for law, stated in activity["laws"].items()}
    # The first question makes five rule processes start: a client asks again, as the answer says.
    answer = demo.ask_until(demo.token("puer"), f"query({heads}) {{ {fields} }}", **inputs)
    assert "errors" not in answer, answer
    found = answer["data"]
    assert len(found) >= 5
    assert all(one["errors"] == [] and one["decision"]["explanation"]["clauses"] for one in found.values())
    assert len({str(one["decision"]["result"]) for one in found.values()}) == len(found)


@pytest.mark.parametrize("district", ["puer", "putuo"])
def test_every_decision_of_a_district_is_replayed(
    demo: Platform, district: str, capsys: pytest.CaptureFixture[str]
) -> None:
    books = demo.ask(demo.token(district), "{ records(first: 1) { totalCount } }")["data"]["records"]["totalCount"]
    assert books > 100
    assert run(["ledger", "replay", "--district", district, "--data", str(demo.data)]) == 0
    said = capsys.readouterr().out
    assert f"{books} 条裁定重演结果全部相同" in said
    assert f"{books} to the letter" in said
