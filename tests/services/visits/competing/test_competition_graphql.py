"""A competition through GraphQL: opened by an officer, entered by a school, a round recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from yanxiu_gateway.schema.nodes import global_id

from tests.services.credits.standings.live import gate
from tests.services.visits.test_graphql import Asker

ERRORS = "errors { code field clauses }"
OPEN = (
    f"mutation($i: OpenCompetitionInput!) {{ openCompetition(input: $i) {{ competition {{ id rounds }} {ERRORS} }} }}"
)
ENTER = f"mutation($i: EnterCompetitionInput!) {{ enterCompetition(input: $i) {{ competition {{ id }} {ERRORS} }} }}"
ROUND = f"mutation($i: RecordRoundInput!) {{ recordRound(input: $i) {{ competition {{ id }} {ERRORS} }} }}"
PAGE = """{ competitions { edges { node { held { results { rank mark } } } } }
  competitionRotation { stages { stage turns } rulings { failed } } }"""


async def test_a_round_is_recorded_after_a_school_entered_itself(ouhai: Any, quick_nats: Any, tmp_path: Path) -> None:
    import httpx2

    async with gate(quick_nats.url, tmp_path / "keys") as door, httpx2.AsyncClient(trust_env=False) as http:
        asker = Asker(door, ouhai, http)
        asked = {"name": "大比拼", "termId": "2024-2025-1", "stage": "小学", "categories": ["特色"]}
        made = (await asker.do(ouhai.officer, OPEN, **asked))["competition"]
        entry = {"competitionId": made["id"], "schoolId": global_id("School", "s1"), "leaderId": "t1"}
        vice = await asker.do(ouhai.school(), ENTER, leaderPost="副校长", **entry)
        assert vice["errors"] == [{"code": "WRONG_LEADER", "field": "input.leaderPost", "clauses": ["OUHAI-6-7a"]}]
        assert (await asker.do(ouhai.school(), ENTER, leaderPost="校长", **entry))["errors"] == []
        results = [{"schoolId": global_id("School", "s1"), "category": "特色", "mark": 90}]
        held = {"competitionId": made["id"], "round": made["rounds"][0], "heldOn": "2024-10-10", "results": results}
        assert (await asker.do(ouhai.officer, ROUND, **held))["errors"] == []
        page = await asker.ask(ouhai.school("s2"), PAGE)
    assert page["competitions"]["edges"][0]["node"]["held"] == [{"results": [{"rank": 1, "mark": 90}]}]
    assert {"stage": "小学", "turns": 1} in page["competitionRotation"]["stages"]
