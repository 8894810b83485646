"""An outside issuer's subjects: who the registry says, district by district, and no longer than it says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from yanxiu_cli.__main__ import run
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.issuer_keys import IssuerKeys, issuer_client
from yanxiu_registry.__main__ import MIGRATIONS, running
from yanxiu_registry.settings import Settings
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire import grants as wire
from yanxiu_wire import registry
from yanxiu_wire.caller import PLATFORM, Caller
from yanxiu_wire.rpc import Bus
from yanxiu_wire.term import LIST_TERMS

from tests.conftest import NatsServer
from tests.gateway.land import Land
from tests.gateway.oidc import AUDIENCE, Issuer, issuing
from tests.gateway.world import World
from tests.services.credits.standings.live import CHANGED, Gate, gate
from tests.services.registry.conftest import NOW
from tests.slices import front_end
from tests.stores import Stores

pytestmark = pytest.mark.usefixtures("on_both")

REAL = (wire.GRANT_ROLE, wire.REVOKE_GRANT, wire.LIST_GRANTS, wire.GET_OWN_GRANTS, LIST_TERMS)
OPERATOR, OFFICER, TEACHER = "operator-1", "officer-1", "teacher-1"
ME = "{ me { role grants { id role decision } } }"
GIVE = """mutation($input: GrantRoleInput!) { grantRole(input: $input) {
  grant { id role subject grantedBy } errors { code field value } } }"""
REVOKE = """mutation($input: RevokeGrantInput!) { revokeGrant(input: $input) {
  grant { revoked { by why } } errors { code } } }"""
LIST = "{ grants { totalCount edges { node { subject role since revoked { why } } } } }"


class Door:
    """The gateway and the issuer, and what its subjects ask."""

    def __init__(self, gate: Gate, issuer: Issuer) -> None:
        self.gate = gate
        self.issuer = issuer
        self.http = httpx2.AsyncClient(base_url=f"http://127.0.0.1:{gate.port}", trust_env=False)
        self.keys = iter(range(10_000_000, 20_000_000))

    def headers(self, subject: str, district: str | None = "puer", grant: str | None = None) -> dict[str, str]:
        named = {"yanxiu-district": district, "Yanxiu-Grant": grant}
        given = {name: value for name, value in named.items() if value}
        return {"authorization": f"Bearer {self.issuer.token(sub=subject, role='district-officer')}", **given}

    async def ask(self, subject: str, query: str, *, given: Any = None, **named: Any) -> Any:
        """The data; or, where the request is refused whole, its status and reason."""
        body = {
            "query": query,
            "variables": {"input": {"idempotencyKey": str(next(self.keys)), **given}} if given else {},
        }
        answer = await self.http.post("/graphql", json=body, headers=self.headers(subject, **named))
        if answer.status_code != 200:
            return answer.status_code, answer.json()["errors"][0]["extensions"]
        assert "errors" not in answer.json(), answer.json()
        return answer.json()["data"]

    async def refused(self, subject: str, **named: Any) -> tuple[int, str]:
        """Status and reason of a refusal."""
        status, told = await self.ask(subject, ME, **named)
        return status, told["reason"]

    async def give(self, by: str, subject: str, role: str, **fields: Any) -> Any:
        """What came of granting a role."""
        named = {"district": PLATFORM} if by == OPERATOR else {}
        fields |= {"district": "puer"} if by == OPERATOR else {}
        given = {
            "subject": subject,
            "role": role,
            "since": "2026-03-01",
            "decision": "普教〔2026〕7号（虚构）",
            **fields,
        }
        return (await self.ask(by, GIVE, given=given, **named))["grantRole"]

    async def revoke(self, by: str, grant: str) -> Any:
        return (await self.ask(by, REVOKE, given={"grantId": grant, "why": "调离"}))["revokeGrant"]


@pytest.fixture
async def door(nats_server: NatsServer, stores: Stores, bus: Bus, tmp_path: Path) -> AsyncIterator[Door]:
    """The registry's grants are real; what the districts hold is made up."""
    world = World()

    def hybrid(bus: Bus) -> Any:
        async def call(endpoint: Any, request: Any, **more: Any) -> Any:
            return await (bus.call if endpoint in REAL else world.call)(endpoint, request, **more)

        return call

    with stores.lent("sqlite", (registry.SERVICE, MIGRATIONS)) as store:
        settings = Settings(nats_url=nats_server.url, keys=tmp_path / "keys", packs=("puer",), **store.fields)
        async with running(settings, load_packs(), clock=lambda: NOW), issuing() as issuer:
            keys = IssuerKeys(issuer.url, issuer_client())
            tokens = TokenReader(keys, issuer=issuer.url, audience=AUDIENCE)
            operator = Caller(subject=OPERATOR, role="platform-operator", district=PLATFORM)
            made = registry.CreateDistrict(
                caller=operator, key="made-puer", name_zh="虚构", name_en="Made up", synthetic=True
            )
            await bus.call(registry.CREATE_DISTRICT, made, district="puer")
            async with gate(
                nats_server.url, tmp_path / "g", tokens=tokens, call=hybrid, by_grants=True, operators=[OPERATOR]
            ) as open_gate:
                door = Door(open_gate, issuer)
                async with door.http:
                    yield door
            await keys.close()


async def test_the_operator_names_the_first_officer_who_names_the_others_and_each_is_who_the_registry_says(
    door: Door,
) -> None:
    assert await door.refused(OFFICER) == (403, "GRANT_MISSING"), "whatever role his token claims"
    first = await door.give(OPERATOR, OFFICER, "DISTRICT_OFFICER")
    assert (first["errors"], first["grant"]["grantedBy"]) == ([], OPERATOR)
    second = await door.give(OFFICER, "colleague", "INSTITUTE_OFFICER")
    assert second["grant"]["subject"] == "colleague"
    me = (await door.ask("colleague", ME))["me"]
    assert (me["role"], [one["id"] for one in me["grants"]]) == ("INSTITUTE_OFFICER", [second["grant"]["id"]])
    above = await door.give("colleague", "crony", "DISTRICT_OFFICER")
    assert [(one["code"], one["field"]) for one in above["errors"]] == [("GRANT_NOT_YOURS", "input.role")]
    oneself = await door.give(OFFICER, OFFICER, "AUDITOR")
    assert [one["code"] for one in oneself["errors"]] == ["GRANT_TO_ONESELF"]
    listed = (await door.ask(OFFICER, LIST))["grants"]
    assert (listed["totalCount"], listed["edges"][0]["node"]["subject"]) == (2, "colleague")


async def test_who_names_no_district_another_district_or_another_grant_is_told_which_he_may(door: Door) -> None:
    grants = [(await door.give(OPERATOR, OFFICER, role))["grant"]["id"] for role in ("DISTRICT_OFFICER", "AUDITOR")]
    assert await door.refused(OFFICER, district=None) == (403, "DISTRICT_NOT_NAMED")
    assert await door.refused(OFFICER, district="puer.>") == (403, "DISTRICT_NOT_NAMED")
    elsewhere = await door.ask(OFFICER, ME, district="putuo")
    nowhere = await door.ask(OFFICER, ME, district="nowhere")
    assert (elsewhere[0], elsewhere[1]["reason"]) == (403, "GRANT_MISSING")
    assert elsewhere[1] | {"value": ""} == nowhere[1] | {"value": ""}, "a district without grants is as one that is not"
    assert await door.refused(OFFICER, district=PLATFORM) == (403, "GRANT_MISSING")
    status, told = await door.ask(OFFICER, ME)
    assert (status, told["reason"]) == (403, "GRANT_NOT_CHOSEN")
    assert [(one["id"], one["role"]) for one in told["grants"]] == list(
        zip(grants, ("DISTRICT_OFFICER", "AUDITOR"), strict=True)
    )
    assert (await door.ask(OFFICER, ME, grant=grants[1]))["me"]["role"] == "AUDITOR"
    assert await door.refused(OFFICER, grant="another") == (403, "GRANT_MISSING")
    assert await door.refused("stranger", grant=grants[1]) == (403, "GRANT_MISSING")


async def test_the_typed_client_names_district_and_grant(door: Door) -> None:
    await asyncio.to_thread(front_end.build)
    grants = [(await door.give(OPERATOR, OFFICER, role))["grant"]["id"] for role in ("DISTRICT_OFFICER", "AUDITOR")]
    roster = ["SchoolRosterDocument", {"school": next(iter(Land("puer").schools))}]
    teacher = next(iter(Land("puer").teachers))
    asked = {"operations": [roster], "watch": ["StandingChangedDocument", {"teacher": teacher, "kind": "year"}]}
    token, url = door.issuer.token(sub=OFFICER), f"http://127.0.0.1:{door.gate.port}/graphql"
    told: dict[str, Any] = {}
    for name, also in {
        "both": {"district": "puer", "grant": grants[1]},
        "one": {"district": "puer"},
        "none": {},
    }.items():
        told[name] = json.loads(
            await front_end.node("conformance/screens.mjs", url, given={"token": token, **asked, **also})
        )
    assert told["both"]["answers"][0]["data"]["school"]["teachers"]["edges"]
    assert told["both"]["watched"]["data"]["standingChanged"]["verdict"]
    assert told["one"]["answers"][0]["errors"] == ["FORBIDDEN"]
    assert told["one"]["watched"]["network"] == "GRANT_NOT_CHOSEN (4401)"
    assert told["none"]["watched"]["network"] == "DISTRICT_NOT_NAMED (4401)"


async def test_within_two_seconds_of_its_revocation_a_grant_is_refused_and_its_streams_end_with_the_reason(
    door: Door,
) -> None:
    await door.give(OPERATOR, OFFICER, "DISTRICT_OFFICER")
    auditor = (await door.give(OFFICER, "auditor-1", "AUDITOR"))["grant"]["id"]
    (await door.give(OFFICER, "auditor-2", "AUDITOR"))["grant"]
    teacher = next(iter(Land("puer").teachers))
    sse = {"query": CHANGED, "variables": {"t": teacher}}
    accepts = {**door.headers("auditor-1"), "accept": "text/event-stream"}
    token = door.issuer.token(sub="auditor-1")
    async with (
        door.gate.socket(token, also={"yanxiuDistrict": "puer"}) as his,
        door.gate.socket(door.issuer.token(sub="auditor-2"), also={"Yanxiu-District": "puer"}) as others,
        door.http.stream("POST", "/graphql", json=sse, headers=accepts, timeout=20) as stream,
    ):
        for one in (his, others):
            await one.subscribe(teacher)
            assert (await one.standing())["verdict"]
        events = stream.aiter_lines()
        assert json.loads(await _data(events))["data"]["standingChanged"]
        assert (await door.revoke(OFFICER, auditor))["grant"]["revoked"] == {"by": OFFICER, "why": "调离"}
        # Nothing but the word of the revocation comes: the limit is the promise, not a wait.
        async with asyncio.timeout(2):
            last = json.loads(await _data(events))
            assert last["errors"][0]["extensions"]["code"] == "GRANT_ENDED"
            assert [line async for line in events if line.startswith("event:")] == ["event: complete"]
            assert await his.closed() == 4403
            assert his.link.close_reason == "GRANT_ENDED"
        await others.quiet()
    assert await door.refused("auditor-1") == (403, "GRANT_MISSING")


async def test_the_command_line_names_an_officer_shows_him_and_takes_the_role_back(
    door: Door, nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YANXIU_NATS_URL", nats_server.url)

    async def told(*words: str) -> tuple[int, str]:
        code = await asyncio.to_thread(run, ["grants", *words, "--district", "puer"])
        out, err = capsys.readouterr()
        return code, out + err

    given = ("give", "--subject", OFFICER, "--decision", "普教〔2026〕7号", "--since", "2026-03-01", "--role")
    code, said = await told(*given, "district-officer")
    grant = said.partition("编号 ")[2].partition(" ")[0]
    assert (code, "已授予 区县教育局" in said) == (0, True)
    assert (await door.ask(OFFICER, ME))["me"]["role"] == "DISTRICT_OFFICER"
    code, said = await told(*given, "teacher")
    assert (code, "不能授予或撤销" in said) == (1, True)
    assert grant in (await told("list"))[1]
    assert (await told("revoke", "--grant", grant, "--why", "调离"))[0] == 0
    assert grant not in (await told("list"))[1]
    assert "yanxiu-cli：调离" in (await told("list", "--every"))[1]


async def _data(lines: AsyncIterator[str]) -> str:
    """The data of the next event that has some."""
    async for line in lines:
        if line.startswith("data:") and line != "data:":
            return line.removeprefix("data:")
    raise AssertionError("the stream ended")
