"""Registered documents: an app runs its own by their ids, and where nothing else is trusted, nothing else runs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.tokens import DevelopmentIssuer
from yanxiu_gateway.trusted import TrustedDocuments, document_id
from yanxiu_wire.rpc import Bus
from yanxiu_wire.settings import SettingRefused

from tests.gateway.conftest import Client, gateway
from tests.gateway.world import World

MINE = "{ me { role } }"
OTHERS = "{ me { district { name } } }"


def folder(tmp_path: Path) -> Path:
    for app, text in (("console", MINE), ("reports", OTHERS)):
        (tmp_path / f"{app}.json").write_text(json.dumps({document_id(text): text}))
    return tmp_path


@pytest.fixture(params=[False, True], ids=["any", "only"])
async def trusting(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    schema: GatewaySchema,
    world: World,
    tokens: TokenReader,
    bus: Bus,
    issuer: DevelopmentIssuer,
) -> AsyncIterator[Client]:
    """A gateway that knows two apps' documents; the second time it runs nothing else."""
    trusted = TrustedDocuments.read(folder(tmp_path), only=request.param)
    found = Client(gateway(schema, world.call, tokens, bus, trusted=trusted), issuer)
    async with found.http:
        yield found


async def by_id(client: Client, name: str, app: str | None = "console", query: str | None = None) -> object:
    sent = {"documentId": name} | ({"query": query} if query else {})
    answer = await client.http.post("/graphql", json=sent, headers={"authorization": f"Bearer {client.token(app=app)}"})
    body = answer.json()
    return body["data"] if "data" in body else (answer.status_code, body["errors"][0]["extensions"]["code"])


async def test_an_app_runs_its_own_documents_by_id(trusting: Client) -> None:
    assert await by_id(trusting, document_id(MINE)) == {"me": {"role": "INSTITUTE_OFFICER"}}
    assert await by_id(trusting, document_id(MINE), query=MINE) == {"me": {"role": "INSTITUTE_OFFICER"}}


async def test_what_another_app_registered_is_as_unknown_as_what_nobody_did(trusting: Client) -> None:
    unknown = (400, "DOCUMENT_UNKNOWN")
    assert await by_id(trusting, document_id(OTHERS)) == unknown
    assert await by_id(trusting, document_id("{ nobody }")) == unknown
    assert await by_id(trusting, document_id(MINE), app=None) == unknown
    assert await by_id(trusting, document_id(MINE), query=OTHERS) == unknown


async def test_where_only_registered_documents_are_trusted_another_text_is_refused(trusting: Client) -> None:
    trusted = trusting.token(app="console")
    own = await trusting.post(MINE, token=trusted)
    assert own.json()["data"] == {"me": {"role": "INSTITUTE_OFFICER"}}
    other = await trusting.post(OTHERS, token=trusted)
    anonymous = await trusting.post("{ __typename }", token=None)
    if other.status_code == 200:
        assert anonymous.json()["data"] == {"__typename": "Query"}
    else:
        assert other.status_code == 403
        assert other.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"
        assert anonymous.status_code == 401


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("Console.json", "{}", "lower-case"),
        ("console.json", "[]", "no JSON object"),
        ("console.json", json.dumps({"sha256:00": MINE}), "is not the hash"),
    ],
)
def test_a_list_of_documents_that_cannot_be_trusted_stops_the_start(
    tmp_path: Path, name: str, content: str, why: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(SettingRefused, match=why):
        TrustedDocuments.read(tmp_path, only=False)


def test_trusting_nothing_but_no_documents_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match="is missing"):
        TrustedDocuments.read(None, only=True)
    with pytest.raises(SettingRefused, match="is no folder"):
        TrustedDocuments.read(tmp_path / "none", only=True)
