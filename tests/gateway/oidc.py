"""An OIDC issuer on 127.0.0.1: its discovery document, its keys, and tokens signed with them; it can be put wrong."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

AUDIENCE = "yanxiu"


def key_for(algorithm: str, **stated: str) -> Key:
    """A fresh key; it states no algorithm unless told to, as many issuers do."""
    if algorithm == "EdDSA":
        return OKPKey.generate_key("Ed25519", {"use": "sig", **stated}, auto_kid=True)
    if algorithm in {"RS256", "PS256"}:
        return RSAKey.generate_key(2048, {"use": "sig", **stated}, auto_kid=True)
    return ECKey.generate_key("P-256", {"use": "sig", **stated}, auto_kid=True)


class Issuer:
    """Signs with `keys[0]`, whichever `listed` names; `status` is what its documents answer with."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.claimed = url
        self.keys: list[Key] = [key_for("ES256")]
        self.listed: list[Any] | None = None
        self.status = 200
        self.padding = ""
        self.jwks_uri = f"{url}/keys"
        self.asked = 0

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/.well-known/openid-configuration", self.discovery), Route("/keys", self.jwks)])

    async def discovery(self, _request: Request) -> Response:
        return JSONResponse({"issuer": self.claimed, "jwks_uri": self.jwks_uri}, self.status)

    async def jwks(self, _request: Request) -> Response:
        self.asked += 1
        listed = self.listed if self.listed is not None else [key.as_dict(private=False) for key in self.keys]
        return JSONResponse({"keys": listed, "padding": self.padding}, self.status)

    def token(self, algorithm: str = "ES256", *, key: Key | None = None, header: Any = None, **changed: Any) -> str:
        now = int(time.time())
        stated = {"iss": self.url, "aud": AUDIENCE, "sub": "officer-7", "iat": now, "exp": now + 600, **changed}
        signer = key or self.keys[0]
        full = {"alg": algorithm, "kid": signer.kid, **(header or {})}
        told = {name: value for name, value in full.items() if value is not None}
        claims = {name: value for name, value in stated.items() if value is not None}
        # By hand: the library refuses to make what the gateway must refuse to read.
        shown = f"{_part(told)}.{_part(claims)}"
        signature = JWSRegistry.algorithms[algorithm].sign(shown.encode(), signer)
        return f"{shown}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _part(value: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@contextlib.asynccontextmanager
async def issuing() -> AsyncIterator[Issuer]:
    """Serve an issuer until the block ends."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        issuer = Issuer(f"http://127.0.0.1:{place.getsockname()[1]}")
        server = uvicorn.Server(uvicorn.Config(issuer.app(), log_config=None, lifespan="off", ws="none"))
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        serving = asyncio.create_task(server.serve(sockets=[place]))
        try:
            while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody that it has started
                await asyncio.sleep(0.01)
            yield issuer
        finally:
            server.should_exit = True
            await serving
