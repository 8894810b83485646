"""The development issuer: an ES256 key on this machine that signs tokens for `yanxiu up`, demos and tests."""

from __future__ import annotations

import json
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import cast

from joserfc import jwt
from joserfc.jwk import ECKey
from uuid_utils import uuid7
from yanxiu_wire.caller import Caller

ISSUER = "yanxiu-development"
AUDIENCE = "yanxiu"
PRIVATE_FILE = "issuer.json"
PUBLIC_FILE = "jwks.json"


class DevelopmentIssuer:
    """Signs tokens with the key in `<folder>/issuer.json`; its public half stands in `<folder>/jwks.json`.

    A production deployment has an OIDC issuer instead and keeps only `jwks.json` here.
    """

    def __init__(self, key: ECKey) -> None:
        self._key = key

    @classmethod
    def open(cls, folder: Path) -> DevelopmentIssuer:
        """Read the issuer's key, or make it (mode 0600) with its public half when it is missing."""
        folder.mkdir(parents=True, exist_ok=True)
        private = folder / PRIVATE_FILE
        if not private.exists():
            fresh = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
            _write_new(private, json.dumps(fresh.as_dict(private=True)))
        key = ECKey.import_key(json.loads(private.read_text()))
        public = folder / PUBLIC_FILE
        if not public.exists():
            _replace(public, json.dumps({"keys": [key.as_dict(private=False)]}, indent=1))
        return cls(key)

    def issue(
        self,
        caller: Caller,
        *,
        ttl: timedelta = timedelta(hours=1),
        issuer: str = ISSUER,
        audience: str = AUDIENCE,
        now: float | None = None,
    ) -> str:
        """Return a signed token for `caller` that runs out after `ttl`."""
        issued = int(time.time() if now is None else now)
        claims: dict[str, str | int | None] = {
            "iss": issuer,
            "aud": audience,
            "sub": caller.subject,
            "iat": issued,
            "exp": issued + int(ttl.total_seconds()),
            "jti": str(uuid7()),
            "role": caller.role,
            "district": caller.district,
            "school": caller.school,
            "teacher": caller.teacher,
            "azp": caller.app,
        }
        stated = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": cast("str", self._key.kid)}, stated, self._key)


def _write_new(path: Path, text: str) -> None:
    """Create `path` readable by its owner alone; when another process was quicker, keep what it wrote."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(path)
