"""From bearer token to Caller: what is not signed by a known key, for us, and in time, is refused by name."""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any, get_args

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from yanxiu_wire.caller import PLATFORM, Caller, Role
from yanxiu_wire.rpc import DISTRICT

from yanxiu_gateway.signing_keys import Algorithm, Signatures, SigningKeys, fitting

ROLES: frozenset[str] = frozenset(get_args(Role))
SCHOOL_ROLES = frozenset({"school-leader", "school-training-officer"})
SKEW_SECONDS = 60
# Of the year 9999: no token lasts so long, and a greater number is no time.
LAST_SECOND = 253_402_300_799
REMEMBERED_TOKENS = 2_000
MOST_CHARACTERS = 16_384
ACCESS_TOKEN_TYPES = frozenset({"jwt", "at+jwt"})


class TokenRefused(Exception):
    """The token does not show who is asking; `reason` says why, in a word for clients, never with the token.

    `told` are more facts for the client.
    """

    status = 401
    code = "UNAUTHENTICATED"

    def __init__(self, reason: str, zh: str, en: str, **told: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.zh = zh
        self.en = en
        self.told = told


class TokenReader:
    """Verifies tokens against the keys of their issuer."""

    def __init__(
        self,
        keys: SigningKeys,
        *,
        issuer: str,
        audience: str,
        algorithms: Iterable[Algorithm] = ("ES256",),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._keys = keys
        self._signatures = Signatures(algorithms)
        self._clock = clock
        self._verified_with: KeySet | None = None
        self._known: OrderedDict[bytes, tuple[float, Mapping[str, Any]]] = OrderedDict()
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=SKEW_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def read(self, token: str) -> Caller:
        """Return who is asking; raises `TokenRefused`. A token seen before is not verified twice while it lasts."""
        return (await self.read_until(token))[0]

    async def read_until(self, token: str) -> tuple[Caller, float]:
        """Return who is asking and for how many seconds more; raises `TokenRefused`."""
        claims, seconds = await self.claims(token)
        return caller_of(claims), seconds

    async def claims(self, token: str) -> tuple[Mapping[str, Any], float]:
        """Return what the token states, verified, and how many seconds it lasts; raises `TokenRefused`."""
        if len(token) > MOST_CHARACTERS:
            raise _malformed()
        self._forget_after_a_change(await self._keys.current())
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._known.get(digest)
        if known is not None and known[0] > self._clock() - SKEW_SECONDS:
            self._known.move_to_end(digest)
            return known[1], self._left(known[0])
        claims = await self._verified(token)
        expires = float(claims["exp"])
        self._known[digest] = (expires, claims)
        if len(self._known) > REMEMBERED_TOKENS:
            self._known.popitem(last=False)
        return claims, self._left(expires)

    def district_of(self, header: str) -> str:
        """Return the district of a token that was verified before and lasts, at no cost; empty for any other."""
        token = header.partition(" ")[2].strip()
        known = self._known.get(sha256(token.encode("utf-8", "surrogatepass")).digest())
        if known is None or known[0] <= self._clock() - SKEW_SECONDS:
            return ""
        district = known[1].get("district")
        return district if isinstance(district, str) else ""

    def _left(self, expires: float) -> float:
        return expires + SKEW_SECONDS - self._clock()

    def _forget_after_a_change(self, keys: KeySet) -> None:
        """A token whose key was withdrawn is verified again, in vain."""
        if keys is not self._verified_with:
            self._known.clear()
            self._verified_with = keys

    async def _verified(self, token: str) -> Mapping[str, Any]:
        try:
            shown = jws.extract_compact(token.encode(), registry=self._signatures)
            header = shown.headers()
            # Before the keys are asked for: a forger's kid must not send the gateway to the issuer for nothing.
            self._signatures.get_alg(header["alg"])
            self._forget_after_a_change(await self._keys.current(header.get("kid")))
            key = fitting(self._verified_with or KeySet([]), header)
            if (
                key is None
                or not _access_token(header)
                or not jws.validate_compact(shown, key, registry=self._signatures)
            ):
                raise _malformed()
            claims = json.loads(shown.payload)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise _malformed() from None
        if not isinstance(claims, dict):
            raise _malformed()
        self._must_be_for_us(claims)
        return claims

    def _must_be_for_us(self, claims: dict[str, Any]) -> None:
        if not _readable(claims):
            raise _malformed()
        try:
            self._claims.validate(claims)
        except JoseError as error:
            if error.error == "expired_token":
                raise TokenRefused("TOKEN_EXPIRED", "令牌已过期。", "The token has run out.") from None
            raise TokenRefused(
                "TOKEN_NOT_FOR_US",
                "令牌的签发者、受众或时间不符。",
                "The token's issuer, audience or time does not fit.",
            ) from None

    async def has_keys(self) -> bool:
        """Whether there is any key to verify with."""
        return bool(await self._keys.current())


def _malformed() -> TokenRefused:
    return TokenRefused("TOKEN_MALFORMED", "令牌无法验证。", "The token cannot be verified.")


def _readable(claims: Mapping[str, Any]) -> bool:
    """Whether a time is one that a clock shows, and a text one that can be written."""
    times = [claims[name] for name in ("exp", "nbf", "iat") if isinstance(claims.get(name), int | float)]
    texts = [one for one in claims.values() if isinstance(one, str)]
    return all(0 <= one <= LAST_SECOND for one in times) and not any(
        "\ud800" <= char <= "\udfff" for one in texts for char in one
    )


def _access_token(header: Mapping[str, Any]) -> bool:
    """Whether the token is of a kind that says who asks: not one of logging out, say, signed with the same key."""
    kind = header.get("typ")
    return kind is None or (isinstance(kind, str) and kind.lower().removeprefix("application/") in ACCESS_TOKEN_TYPES)


def caller_of(claims: Mapping[str, Any]) -> Caller:
    """Return the caller that verified claims describe; raises `TokenRefused` when role and scope do not fit."""
    role, district = claims.get("role"), claims.get("district")
    school, teacher = claims.get("school"), claims.get("teacher")
    texts = (claims.get("sub"), role, district)
    if not all(isinstance(text, str) and text for text in texts) or role not in ROLES:
        raise _scope("令牌缺少 sub、role 或 district。", "The token lacks sub, role or district.")
    if not DISTRICT.fullmatch(claims["district"]):
        raise _scope("令牌的 district 不是区代码。", "The token's district is no district's code.")
    app = app_of(claims)
    if not all(text is None or (isinstance(text, str) and text) for text in (school, teacher)):
        raise _scope("令牌的 school 或 teacher 不是文本。", "The token's school or teacher is not a text.")
    if (role == "platform-operator") != (district == PLATFORM):
        raise _scope("平台运维角色只属于 platform。", "The platform operator, and only he, belongs to 'platform'.")
    if role in SCHOOL_ROLES and school is None:
        raise _scope("学校角色的令牌必须写明 school。", "A school role's token must name its school.")
    if role == "teacher" and teacher is None:
        raise _scope("教师的令牌必须写明 teacher。", "A teacher's token must name the teacher.")
    return Caller(
        subject=claims["sub"],
        role=claims["role"],
        district=claims["district"],
        school=school,
        teacher=teacher,
        app=app,
    )


def app_of(claims: Mapping[str, Any]) -> str | None:
    """Return the front end that a token was issued to; raises `TokenRefused` where that is no text."""
    app = claims.get("azp", claims.get("client_id"))
    if not (app is None or (isinstance(app, str) and 0 < len(app) <= 100)):
        raise _scope("令牌的 azp 不是文本。", "The token's azp is not a text.")
    return app


def _scope(zh: str, en: str) -> TokenRefused:
    return TokenRefused("TOKEN_SCOPE", zh, en)
