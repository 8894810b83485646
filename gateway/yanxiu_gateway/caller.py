"""From bearer token to Caller: what is not signed by a known key, for us, and in time, is refused by name."""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from yanxiu_wire.caller import PLATFORM, Caller, Role
from yanxiu_wire.rpc import DISTRICT

ROLES: frozenset[str] = frozenset(get_args(Role))
SCHOOL_ROLES = frozenset({"school-leader", "school-training-officer"})
SKEW_SECONDS = 60
REMEMBERED_TOKENS = 2_000


class TokenRefused(Exception):
    """The token does not show who is asking; `reason` says why, in a word for clients, never with the token."""

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.zh = zh
        self.en = en


class TokenReader:
    """Verifies tokens against the public keys in a JWKS file, which is read again when it changes."""

    def __init__(self, jwks: Path, *, issuer: str, audience: str, clock: Callable[[], float] = time.time) -> None:
        self._path = jwks
        self._clock = clock
        self._stamp: tuple[int, int, int] | None = None
        self._keys = KeySet([])
        self._known: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=SKEW_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    def read(self, token: str) -> Caller:
        """Return who is asking; raises `TokenRefused`. A token seen before is not verified twice while it lasts."""
        return self.read_until(token)[0]

    def read_until(self, token: str) -> tuple[Caller, float]:
        """Return who is asking and for how many seconds more; raises `TokenRefused`."""
        self._refresh_keys()
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._known.get(digest)
        if known is not None and known[0] > self._clock() - SKEW_SECONDS:
            self._known.move_to_end(digest)
            return known[1], self._left(known[0])
        claims = self._verified(token)
        caller = caller_of(claims)
        self._known[digest] = (float(claims["exp"]), caller)
        if len(self._known) > REMEMBERED_TOKENS:
            self._known.popitem(last=False)
        return caller, self._left(float(claims["exp"]))

    def _left(self, expires: float) -> float:
        return expires + SKEW_SECONDS - self._clock()

    def _verified(self, token: str) -> Mapping[str, Any]:
        try:
            decoded = jwt.decode(token, self._keys, algorithms=["ES256"])
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            raise TokenRefused("TOKEN_MALFORMED", "令牌无法验证。", "The token cannot be verified.") from None
        try:
            self._claims.validate(decoded.claims)
        except JoseError as error:
            if error.error == "expired_token":
                raise TokenRefused("TOKEN_EXPIRED", "令牌已过期。", "The token has run out.") from None
            raise TokenRefused(
                "TOKEN_NOT_FOR_US",
                "令牌的签发者、受众或时间不符。",
                "The token's issuer, audience or time does not fit.",
            ) from None
        return decoded.claims

    def _refresh_keys(self) -> None:
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            if stamp == self._stamp:
                return
            self._keys = KeySet.import_key_set(json.loads(self._path.read_bytes()))
        except (OSError, ValueError, JoseError, KeyError, TypeError):
            # Without keys nobody can be known; a file that is half-written is tried again with the next request.
            self._keys, stamp = KeySet([]), None
        self._stamp = stamp
        self._known.clear()

    @property
    def has_keys(self) -> bool:
        """Whether there is any key to verify with."""
        self._refresh_keys()
        return bool(self._keys.keys)


def caller_of(claims: Mapping[str, Any]) -> Caller:
    """Return the caller that verified claims describe; raises `TokenRefused` when role and scope do not fit."""
    role, district = claims.get("role"), claims.get("district")
    school, teacher = claims.get("school"), claims.get("teacher")
    texts = (claims.get("sub"), role, district)
    if not all(isinstance(text, str) and text for text in texts) or role not in ROLES:
        raise _scope("令牌缺少 sub、role 或 district。", "The token lacks sub, role or district.")
    if not DISTRICT.fullmatch(claims["district"]):
        raise _scope("令牌的 district 不是区代码。", "The token's district is no district's code.")
    app = claims.get("azp", claims.get("client_id"))
    if not (app is None or (isinstance(app, str) and 0 < len(app) <= 100)):
        raise _scope("令牌的 azp 不是文本。", "The token's azp is not a text.")
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


def _scope(zh: str, en: str) -> TokenRefused:
    return TokenRefused("TOKEN_SCOPE", zh, en)
