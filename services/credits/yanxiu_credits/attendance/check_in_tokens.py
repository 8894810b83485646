"""Check-in tokens: signed under a key of the district, for one person and session, short-lived; and device hashes."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

KEY_FILE = "check-in.key"
ISSUER = "yanxiu-check-in"
_KEY_BYTES = 32
_LONGEST = 2_000


class KeyUnusable(Exception):
    """The key file of the check-in tokens is malformed."""


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What a token says: which session, who, under which number, and in which seconds since 1970 it holds."""

    aud: str
    sub: str
    sid: str
    jti: str
    iat: int
    exp: int
    iss: str = ISSUER


def open_key(folder: Path) -> bytes:
    """Return the key in `folder`, made once with mode 0600; processes that start together agree on one.

    A lost key loses nothing but the tokens of the last seconds. Raises KeyUnusable for a file that is no key.
    """
    path = folder / KEY_FILE
    if not path.exists():
        _make(path)
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except binascii.Error as error:
        raise KeyUnusable(f"{path} is not base64 text (密钥文件不是 base64 文本)") from error
    if len(key) != _KEY_BYTES:
        raise KeyUnusable(f"{path} holds {len(key)} bytes, it needs {_KEY_BYTES} (密钥长度不符)")
    return key


def _make(path: Path) -> None:
    """Write a new key beside its place and link it there: whoever comes first has made it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(os.urandom(_KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return
    finally:
        draft.unlink()


class CheckInTokens:
    """Issues and reads the tokens of every district, each under a key of its own; never prints a key.

    `life` is how long a token lives; `tolerance` how far the clocks of two processes may lie apart, by which a token
    is taken earlier and later.
    """

    def __init__(self, key: bytes, *, life: timedelta, tolerance: timedelta) -> None:
        self._key = key
        self.life = life
        self.tolerance = tolerance
        self._signing: dict[str, OctKey] = {}

    def __repr__(self) -> str:
        return "CheckInTokens()"

    def issue(self, district: str, *, session: str, teacher: str, nonce: str, now: datetime) -> tuple[str, datetime]:
        """Return a token and the instant at which it expires."""
        issued = int(now.timestamp())
        expires = issued + int(self.life.total_seconds())
        claims = Claims(aud=district, sub=teacher, sid=session, jti=nonce, iat=issued, exp=expires)
        token = jwt.encode({"alg": "HS256"}, msgspec.to_builtins(claims), self._signing_key(district))
        return token, datetime.fromtimestamp(expires, tz=now.tzinfo)

    def read(self, district: str, token: str) -> Claims | None:
        """Return what a token of this district says, whether it still holds or not; None for one that is not ours."""
        if len(token) > _LONGEST:
            return None
        try:
            found: Any = jwt.decode(token, self._signing_key(district), algorithms=["HS256"]).claims
            claims = msgspec.convert(found, Claims)
        except (JoseError, ValueError, TypeError):
            return None
        return claims if (claims.iss, claims.aud) == (ISSUER, district) else None

    def holds(self, claims: Claims, now: datetime) -> bool:
        """Say whether a token holds now, give or take the tolerance between clocks."""
        seconds, slack = now.timestamp(), self.tolerance.total_seconds()
        return claims.iat - slack <= seconds <= claims.exp + slack

    def device(self, district: str, session: str, device: str) -> str:
        """Return the hash (hex) that stands for a device in one session; in another session it has another."""
        key = self._derive("device", district)
        text = f"{len(session)}|{session}|{device}".encode()
        return hmac.digest(key, text, "sha256").hex()

    def _signing_key(self, district: str) -> OctKey:
        if district not in self._signing:
            self._signing[district] = OctKey.import_key(self._derive("sign", district))
        return self._signing[district]

    def _derive(self, purpose: str, district: str) -> bytes:
        info = f"yanxiu/credits/check-in/{purpose}/{district}".encode()
        return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(self._key)
