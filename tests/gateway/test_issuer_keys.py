"""Any OIDC issuer: its keys are found, rotate, and stay while it is away; what it did not sign for us is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, RSAKey
from yanxiu_gateway.caller import TokenReader, TokenRefused
from yanxiu_gateway.issuer_keys import (
    FRESH_SECONDS,
    KEPT_SECONDS,
    PAUSE_SECONDS,
    IssuerKeys,
    IssuerUnusable,
    issuer_client,
)
from yanxiu_gateway.signing_keys import ALGORITHMS

from tests.gateway.oidc import AUDIENCE, Issuer, issuing, key_for


@pytest.fixture(scope="module")
async def served() -> AsyncIterator[Issuer]:
    async with issuing() as issuer:
        yield issuer


class Hands:
    """The issuer, a reader of its tokens, and the hands of the clock that the keys' age is told by."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer = issuer
        self.seconds = 0.0
        self.keys = IssuerKeys(issuer.url, issuer_client(), clock=lambda: self.seconds)
        self.reader = TokenReader(self.keys, issuer=issuer.url, audience=AUDIENCE, algorithms=ALGORITHMS)

    async def subject(self, token: str) -> str:
        """The subject of a token, or why it is refused."""
        try:
            claims, _ = await self.reader.claims(token)
        except TokenRefused as refused:
            return refused.reason
        return claims["sub"]

    async def fetched(self) -> None:
        """Return when what is fetched beside the requests is there."""
        if self.keys._fetching is not None:
            await self.keys._fetching


@pytest.fixture
async def hands(served: Issuer) -> AsyncIterator[Hands]:
    served.__init__(served.url)
    hands = Hands(served)
    yield hands
    await hands.keys.close()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_a_token_of_the_issuer_is_read_whatever_it_is_signed_with(hands: Hands, algorithm: str) -> None:
    hands.issuer.keys = [key_for(algorithm)]
    assert await hands.subject(hands.issuer.token(algorithm)) == "officer-7"
    assert await hands.subject(hands.issuer.token(algorithm, header={"typ": "at+jwt"})) == "officer-7"
    assert hands.issuer.asked == 1


async def test_many_tokens_at_once_ask_the_issuer_once(hands: Hands) -> None:
    told = await asyncio.gather(*(hands.subject(hands.issuer.token(jti=str(n))) for n in range(20)))
    assert (set(told), hands.issuer.asked) == ({"officer-7"}, 1)


async def test_a_new_key_is_fetched_when_a_token_names_it_and_a_withdrawn_one_no_longer_signs(hands: Hands) -> None:
    issuer = hands.issuer
    old = issuer.token()
    assert await hands.subject(old) == "officer-7"
    issuer.keys = [key_for("ES256")]
    hands.seconds += PAUSE_SECONDS
    assert await hands.subject(issuer.token()) == "officer-7"
    assert await hands.subject(old) == "TOKEN_MALFORMED", "though it was verified before"


async def test_made_up_key_ids_do_not_make_the_gateway_ask_the_issuer_again_and_again(hands: Hands) -> None:
    issuer = hands.issuer
    assert await hands.subject(issuer.token()) == "officer-7"
    hands.seconds += PAUSE_SECONDS
    for number in range(30):
        assert await hands.subject(issuer.token(header={"kid": f"made-up-{number}"})) == "TOKEN_MALFORMED"
    assert issuer.asked == 2
    hands.seconds += PAUSE_SECONDS
    assert await hands.subject(issuer.token()) == "officer-7"
    assert issuer.asked == 2, "a key that is known needs no question"


async def test_while_the_issuer_is_away_the_last_good_keys_stay_but_not_for_ever(hands: Hands) -> None:
    issuer = hands.issuer
    assert await hands.subject(issuer.token()) == "officer-7"
    issuer.status = 503
    hands.seconds = KEPT_SECONDS
    assert await hands.subject(issuer.token(jti="late")) == "officer-7"
    await hands.fetched()
    hands.seconds = KEPT_SECONDS + PAUSE_SECONDS
    assert await hands.subject(issuer.token(jti="too-late")) == "TOKEN_MALFORMED"
    assert not await hands.reader.has_keys()
    issuer.status, hands.seconds = 200, KEPT_SECONDS + 2 * PAUSE_SECONDS
    await hands.reader.has_keys()
    await hands.fetched()
    assert await hands.subject(issuer.token(jti="back")) == "officer-7"


async def test_keys_of_an_age_are_fetched_anew_beside_the_request(hands: Hands) -> None:
    issuer = hands.issuer
    old = issuer.token()
    assert await hands.subject(old) == "officer-7"
    issuer.keys = [key_for("ES256")]
    hands.seconds = FRESH_SECONDS + 1
    assert await hands.subject(old) == "officer-7", "nobody waits for it"
    await hands.fetched()
    assert await hands.subject(old) == "TOKEN_MALFORMED"


async def test_what_was_unreachable_at_first_is_asked_again(hands: Hands) -> None:
    hands.issuer.status = 500
    assert await hands.subject(hands.issuer.token()) == "TOKEN_MALFORMED"
    hands.issuer.status = 200
    assert await hands.subject(hands.issuer.token()) == "TOKEN_MALFORMED", "not at once"
    hands.seconds += PAUSE_SECONDS
    assert await hands.subject(hands.issuer.token()) == "officer-7"


async def test_nobody_listens_where_the_issuer_should_be() -> None:
    keys = IssuerKeys("http://127.0.0.1:9", issuer_client())
    assert not await keys.current("any")
    await keys.close()


async def test_a_signature_of_another_kind_is_refused_even_with_the_issuers_own_key(hands: Hands) -> None:
    issuer = hands.issuer
    issuer.keys = [key_for("RS256", alg="RS256")]
    stated = issuer.keys[0].as_dict(private=False)
    secret = OctKey.import_key(str(stated["n"]))
    forged = jwt.encode({"alg": "HS256", "kid": issuer.keys[0].kid}, {"sub": "officer-7"}, secret, algorithms=["HS256"])
    assert await hands.subject(forged) == "TOKEN_MALFORMED"
    assert await hands.subject(issuer.token("PS256")) == "TOKEN_MALFORMED", "the key is for RS256"
    assert await hands.subject(issuer.token("RS512")) == "TOKEN_MALFORMED"
    assert await hands.subject(issuer.token("RS256")) == "officer-7"


async def test_an_algorithm_that_the_deployment_does_not_allow_is_refused(hands: Hands) -> None:
    reader = TokenReader(hands.keys, issuer=hands.issuer.url, audience=AUDIENCE, algorithms=("RS256",))
    with pytest.raises(TokenRefused, match="TOKEN_MALFORMED"):
        await reader.claims(hands.issuer.token())


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"header": {"typ": "logout+jwt"}}, "TOKEN_MALFORMED"),
        ({"header": {"typ": 7}}, "TOKEN_MALFORMED"),
        ({"header": {"crit": ["made-up"], "made-up": 1}}, "TOKEN_MALFORMED"),
        ({"filling": "x" * 20_000}, "TOKEN_MALFORMED"),
        ({"iss": "http://another.example"}, "TOKEN_NOT_FOR_US"),
        ({"aud": ["another"]}, "TOKEN_NOT_FOR_US"),
        ({"exp": None}, "TOKEN_NOT_FOR_US"),
        ({"exp": 1}, "TOKEN_EXPIRED"),
        ({"nbf": 2**33}, "TOKEN_NOT_FOR_US"),
        ({"sub": None}, "TOKEN_NOT_FOR_US"),
    ],
)
async def test_what_the_issuer_signed_for_something_else_is_refused(
    hands: Hands, changed: dict[str, object], reason: str
) -> None:
    assert await hands.subject(hands.issuer.token(**changed)) == reason  # type: ignore[arg-type]


async def test_a_token_without_a_key_id_needs_one_key_that_fits(hands: Hands) -> None:
    issuer = hands.issuer
    issuer.keys = [key_for("ES256"), key_for("RS256")]
    assert await hands.subject(issuer.token(header={"kid": None})) == "officer-7"
    issuer.keys.append(key_for("ES256"))
    hands.seconds = FRESH_SECONDS + 1
    await hands.keys.current()
    await hands.fetched()
    assert await hands.subject(issuer.token(header={"kid": None}, jti="2")) == "TOKEN_MALFORMED", "which of two?"


async def test_secrets_short_keys_and_keys_for_encryption_verify_nothing(hands: Hands) -> None:
    issuer = hands.issuer
    with pytest.warns(SecurityWarning):
        short = RSAKey.generate_key(1024, {"kid": "short"})
    closed = ECKey.generate_key("P-256", {"kid": "closed", "use": "enc"})
    listed = [short.as_dict(private=False), closed.as_dict(private=False), {"kty": "oct", "k": "AAAA"}, {"kty": "AKP"}]
    issuer.listed = [*listed, "text", {"kty": "EC"}]
    assert not await hands.reader.has_keys()
    await hands.fetched()
    assert not await hands.reader.has_keys()
    issuer.listed.append(issuer.keys[0].as_dict(private=False))
    hands.seconds += PAUSE_SECONDS
    assert await hands.subject(issuer.token()) == "officer-7"
    assert await hands.subject(issuer.token("RS256", key=short)) == "TOKEN_MALFORMED"


@pytest.mark.parametrize("wrong", ["claimed", "jwks_uri", "padding"])
async def test_documents_that_cannot_be_trusted_are_not_used(hands: Hands, wrong: str) -> None:
    value = {"claimed": "https://another.example", "jwks_uri": "http://keys.example/keys", "padding": "x" * 300_000}
    setattr(hands.issuer, wrong, value[wrong])
    assert await hands.subject(hands.issuer.token()) == "TOKEN_MALFORMED"


def test_keys_are_not_fetched_without_tls_from_another_machine() -> None:
    with pytest.raises(IssuerUnusable, match="https"):
        IssuerKeys("http://login.example", issuer_client())
