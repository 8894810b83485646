"""Who may ask at all: every token that does not show who is asking is refused by name, before anything is read."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey
from yanxiu_gateway.caller import TokenReader, TokenRefused
from yanxiu_gateway.signing_keys import KeyFile
from yanxiu_gateway.tokens import AUDIENCE, ISSUER, PUBLIC_FILE, DevelopmentIssuer
from yanxiu_wire.caller import Caller

from tests.gateway.conftest import Client
from tests.gateway.world import World

OFFICER = Caller(subject="synthetic", role="institute-officer", district="puer")


def unsigned(claims: dict[str, Any]) -> str:
    def part(value: dict[str, Any]) -> str:
        return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none'})}.{part(claims)}."


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    stated = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "synthetic",
        "iat": now,
        "exp": now + 600,
        "role": "institute-officer",
        "district": "puer",
        **changed,
    }
    return {name: value for name, value in stated.items() if value is not None}


def signed(issuer: DevelopmentIssuer, **changed: Any) -> str:
    return jwt.encode({"alg": "ES256", "kid": issuer._key.kid}, claims(**changed), issuer._key)


def confused(issuer: DevelopmentIssuer) -> str:
    """HS256 with the public key as its secret: what a careless verifier takes."""
    secret = OctKey.import_key(json.dumps(issuer._key.as_dict(private=False)))
    return jwt.encode({"alg": "HS256", "kid": issuer._key.kid}, claims(), secret, algorithms=["HS256"])


def of_a_stranger(issuer: DevelopmentIssuer) -> str:
    stranger = ECKey.generate_key("P-256", auto_kid=True)
    return jwt.encode({"alg": "ES256", "kid": issuer._key.kid}, claims(), stranger)


def half_a_character(issuer: DevelopmentIssuer) -> str:
    payload = json.dumps(claims() | {"sub": "\ud800"}).encode()
    return jws.serialize_compact({"alg": "ES256", "kid": issuer._key.kid}, payload, issuer._key)


REFUSED: dict[str, tuple[Callable[[DevelopmentIssuer], str], str]] = {
    "no token's shape": (lambda _: "abc", "TOKEN_MALFORMED"),
    "empty": (lambda _: " ", "TOKEN_MALFORMED"),
    "not even text": (lambda _: "\u00ff.\u00fe.\u00fd", "TOKEN_MALFORMED"),
    "unsigned": (lambda _: unsigned(claims()), "TOKEN_MALFORMED"),
    "signed by a stranger": (of_a_stranger, "TOKEN_MALFORMED"),
    "public key as secret": (confused, "TOKEN_MALFORMED"),
    "altered": (lambda one: one.issue(OFFICER)[:-4] + "AAAA", "TOKEN_MALFORMED"),
    "run out": (lambda one: one.issue(OFFICER, now=time.time() - 7200), "TOKEN_EXPIRED"),
    "run out beyond the skew": (lambda one: signed(one, exp=int(time.time()) - 61), "TOKEN_EXPIRED"),
    "without an end": (lambda one: signed(one, exp=None), "TOKEN_NOT_FOR_US"),
    "for another audience": (lambda one: signed(one, aud="another"), "TOKEN_NOT_FOR_US"),
    "without an audience": (lambda one: signed(one, aud=None), "TOKEN_NOT_FOR_US"),
    "of another issuer": (lambda one: signed(one, iss="another"), "TOKEN_NOT_FOR_US"),
    "from the future": (lambda one: signed(one, iat=int(time.time()) + 600), "TOKEN_NOT_FOR_US"),
    "not yet": (lambda one: signed(one, nbf=int(time.time()) + 600), "TOKEN_NOT_FOR_US"),
    "without a subject": (lambda one: signed(one, sub=None), "TOKEN_NOT_FOR_US"),
    "without a role": (lambda one: signed(one, role=None), "TOKEN_SCOPE"),
    "with a made-up role": (lambda one: signed(one, role="king"), "TOKEN_SCOPE"),
    "with a role that is a list": (lambda one: signed(one, role=["teacher"]), "TOKEN_SCOPE"),
    "without a district": (lambda one: signed(one, district=None), "TOKEN_SCOPE"),
    "a district that is a pattern": (lambda one: signed(one, district="*"), "TOKEN_SCOPE"),
    "a district with a dot": (lambda one: signed(one, district="puer.>"), "TOKEN_SCOPE"),
    "an operator of a district": (lambda one: signed(one, role="platform-operator"), "TOKEN_SCOPE"),
    "an officer of the platform": (lambda one: signed(one, district="platform"), "TOKEN_SCOPE"),
    "a leader without a school": (lambda one: signed(one, role="school-leader"), "TOKEN_SCOPE"),
    "a teacher who is nobody": (lambda one: signed(one, role="teacher"), "TOKEN_SCOPE"),
    "an end beyond all clocks": (lambda one: signed(one, exp=10**400), "TOKEN_MALFORMED"),
    "a beginning before all clocks": (lambda one: signed(one, nbf=-(10**400)), "TOKEN_MALFORMED"),
    "half a character as subject": (half_a_character, "TOKEN_MALFORMED"),
    "a school that is a number": (lambda one: signed(one, school=7), "TOKEN_SCOPE"),
}


@pytest.mark.parametrize("which", REFUSED)
async def test_a_token_that_does_not_show_who_asks_is_refused_by_name(
    client: Client, world: World, issuer: DevelopmentIssuer, which: str
) -> None:
    make, reason = REFUSED[which]
    header = f"Bearer {make(issuer)}".encode("latin-1")
    sent = {"authorization": header, "content-type": "application/json"}
    answer = await client.http.post("/graphql", content=b'{"query":"{ me { role } }"}', headers=sent)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    (error,) = answer.json()["errors"]
    assert (error["extensions"]["code"], error["extensions"]["reason"]) == ("UNAUTHENTICATED", reason)
    assert "yanxiu token" in error["message"], "it says what to do"
    assert "data" not in answer.json()
    assert world.calls == []


@pytest.mark.parametrize(
    "query",
    [
        "{ me { role } }",
        "{ __typename me { role } }",
        "{ __schema { types { name } } }",
        '{ __type(name: "Teacher") { name } }',
        "query { ...f } fragment f on Query { me { role } }",
        "{ noSuchField }",
        'mutation { undoRoster(input: {idempotencyKey: "12345678", rosterId: "r"}) { errors { code } } }',
    ],
)
async def test_the_anonymous_learn_nothing_not_even_the_schema(client: Client, world: World, query: str) -> None:
    answer = await client.post(query, token=None)
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["reason"] == "TOKEN_MISSING"
    assert world.calls == []


async def test_the_anonymous_may_ask_whether_it_is_graphql_at_all(client: Client) -> None:
    assert (await client.post("{ __typename }", token=None)).json() == {"data": {"__typename": "Query"}}


async def test_another_scheme_than_bearer_is_refused(client: Client) -> None:
    answer = await client.post("{ __typename }", token=None, headers={"authorization": "Basic eDp5"})
    assert answer.status_code == 401


async def test_a_clock_that_runs_a_minute_late_is_forgiven(client: Client, issuer: DevelopmentIssuer) -> None:
    late = signed(issuer, exp=int(time.time()) - 30, iat=int(time.time()) + 30)
    assert (await client.data("{ me { subject } }", token=late))["me"] == {"subject": "synthetic"}


async def test_a_token_seen_before_runs_out_all_the_same(keys: Path, issuer: DevelopmentIssuer) -> None:
    now = time.time()
    times = [now]
    reader = TokenReader(KeyFile(keys / PUBLIC_FILE), issuer=ISSUER, audience=AUDIENCE, clock=lambda: times[-1])
    token = issuer.issue(OFFICER, ttl=timedelta(minutes=5), now=now)
    assert await reader.read(token) == await reader.read(token) == OFFICER
    times.append(now + 300 + 61)
    with pytest.raises(TokenRefused, match="TOKEN_EXPIRED"):
        await reader.read(token)


async def test_keys_are_read_again_when_their_file_changes(
    keys: Path, issuer: DevelopmentIssuer, tmp_path: Path
) -> None:
    reader = TokenReader(KeyFile(keys / PUBLIC_FILE), issuer=ISSUER, audience=AUDIENCE)
    token = issuer.issue(OFFICER)
    assert await reader.read(token) == OFFICER
    fresh = DevelopmentIssuer.open(tmp_path / "fresh")
    (keys / PUBLIC_FILE).write_text((tmp_path / "fresh" / PUBLIC_FILE).read_text())
    with pytest.raises(TokenRefused, match="TOKEN_MALFORMED"):
        await reader.read(token)
    assert await reader.read(fresh.issue(OFFICER)) == OFFICER


async def test_without_a_key_file_nobody_is_known(tmp_path: Path, issuer: DevelopmentIssuer) -> None:
    reader = TokenReader(KeyFile(tmp_path / "nowhere.json"), issuer=ISSUER, audience=AUDIENCE)
    assert not await reader.has_keys()
    with pytest.raises(TokenRefused, match="TOKEN_MALFORMED"):
        await reader.read(issuer.issue(OFFICER))


def test_the_development_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    first = DevelopmentIssuer.open(tmp_path)
    private = tmp_path / "issuer.json"
    assert private.stat().st_mode & 0o777 == 0o600
    again = DevelopmentIssuer.open(tmp_path)
    assert first._key.kid == again._key.kid
    assert "d" not in json.loads((tmp_path / PUBLIC_FILE).read_text())["keys"][0]
    assert {path.name for path in tmp_path.iterdir()} == {"issuer.json", PUBLIC_FILE}
