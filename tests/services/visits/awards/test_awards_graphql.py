"""Awards through GraphQL, each step by its proper role: school, reviewer, officer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_wire.blind_statement import CHECK_STATEMENT, StatementChecked

from tests.services.credits.standings.live import gate
from tests.services.visits.test_graphql import Asker

ERRORS = "errors { code field clauses }"
YEAR, CATEGORY = 2024, "优质学校"


def mutation(name: str, kind: str, answer: str) -> str:
    return f"mutation($i: {kind}!) {{ {name}(input: $i) {{ {answer} {ERRORS} }} }}"


OPEN = mutation("openAwardYear", "AwardYearInput", "year { categories { name quota clauses } }")
RULES = mutation("setAwardRules", "SetAwardRulesInput", "year { lotSha256 lotSeed rulesFrozen }")
START = mutation("startScoring", "AwardYearInput", "year { state }")
RANK = mutation("rankAwards", "AwardYearInput", "year { state lotSeed }")
NOMINATE = mutation("nominate", "NominateInput", "nomination { id number state }")
APPOINT = mutation("appointReviewer", "AppointReviewerInput", "reviewer { id }")
SCORE = mutation("scoreNomination", "ScoreNominationInput", "item { marks { criterion mark } }")
PUBLISH = mutation("publishAwards", "PublishAwardsInput", "nominations { id rank mean }")
CONFIRM = mutation("confirmAward", "ConfirmAwardInput", "nomination { state place }")
OBJECT = mutation("raiseAwardObjection", "RaiseAwardObjectionInput", "objection { id upheld }")
SETTLE = mutation("settleAwardObjection", "SettleAwardObjectionInput", "objection { upheld answer }")
ITEMS = "query($y: Int!) { reviewItems(year: $y) { number statement } }"
SEEN = "query($y: Int!) { nominations(year: $y) { edges { node { id number place } } } }"


@pytest.fixture
async def asker(ouhai: Any, quick_nats: Any, tmp_path: Path) -> AsyncIterator[Asker]:
    import httpx2

    async def names_nobody(_district: str, _query: Any, _deadline: Any) -> StatementChecked:
        return StatementChecked(people=0)

    serving = await ouhai.bus.serve("registry", "1.0.0", {CHECK_STATEMENT: names_nobody})
    try:
        async with gate(quick_nats.url, tmp_path / "keys") as door, httpx2.AsyncClient(trust_env=False) as http:
            yield Asker(door, ouhai, http)
    finally:
        await serving.drain()


async def test_a_year_from_its_opening_to_a_confirmed_school(asker: Asker, clock: Any) -> None:
    officer, reviewer = asker.house.officer, asker.house.caller("researcher", teacher="r1")
    categories = (await asker.do(officer, OPEN, year=YEAR))["year"]["categories"]
    assert {"name": CATEGORY, "quota": 10, "clauses": ["OUHAI-6-10B"]} in categories
    rules = {"criteria": [{"name": "成效", "most": 100}], "tie": ["成效"], "reviews": 1, "objectionDays": 3}
    set_ = (await asker.do(officer, RULES, year=YEAR, **rules))["year"]
    assert (set_["lotSeed"], set_["rulesFrozen"], len(set_["lotSha256"])) == (None, False, 64)
    given = {"year": YEAR, "category": CATEGORY, "recipient": global_id("School", "s1"), "statement": "全员研修"}
    made = (await asker.do(asker.house.school(), NOMINATE, schoolId=global_id("School", "s1"), **given))["nomination"]
    await asker.do(officer, APPOINT, year=YEAR, reviewerId="r1", categories=[CATEGORY])
    await asker.do(officer, START, year=YEAR)
    assert (await asker.ask(reviewer, ITEMS, y=YEAR))["reviewItems"] == [{"number": 1, "statement": "全员研修"}]
    assert (await asker.ask(reviewer, SEEN, y=YEAR))["nominations"]["edges"] == []
    marks = {"year": YEAR, "category": CATEGORY, "number": 1, "marks": [{"criterion": "成效", "mark": 87}]}
    assert (await asker.do(reviewer, SCORE, **marks))["item"]["marks"] == [{"criterion": "成效", "mark": 87}]
    frozen = await asker.do(officer, RULES, year=YEAR, **rules)
    assert [one["code"] for one in frozen["errors"]] == ["RULES_FROZEN"]
    assert len((await asker.do(officer, RANK, year=YEAR))["year"]["lotSeed"]) == 64
    (shown,) = (await asker.do(officer, PUBLISH, year=YEAR, category=CATEGORY))["nominations"]
    assert (shown["id"], shown["rank"], shown["mean"]) == (made["id"], 1, "87/1")
    raised = (await asker.do(asker.house.school("s2"), OBJECT, nominationId=made["id"], text="请核实"))["objection"]
    settled = await asker.do(officer, SETTLE, objectionId=raised["id"], upheld=False, answer="已核实无误")
    assert settled["objection"] == {"upheld": False, "answer": "已核实无误"}
    before, clock.day = clock.day, date(2024, 10, 22)
    try:
        done = await asker.do(officer, CONFIRM, nominationId=made["id"])
    finally:
        clock.day = before
    assert done["nomination"] == {"state": "CONFIRMED", "place": 1}
    (edge,) = (await asker.ask(asker.house.school("s3"), SEEN, y=YEAR))["nominations"]["edges"]
    assert edge["node"]["place"] == 1
