"""The public keys of an OIDC issuer: found by its discovery document, fetched in time and kept while it is away."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
from joserfc.jwk import KeySet
from yanxiu_wire.log import logger

from yanxiu_gateway.signing_keys import usable_keys

DISCOVERY = "/.well-known/openid-configuration"
FETCH_SECONDS = 3.0
# Keys this old are fetched anew beside the requests: so long, at most, a withdrawn key still signs.
FRESH_SECONDS = 300.0
# Whatever tokens name, the issuer is asked no more often than this.
PAUSE_SECONDS = 5.0
# Keys that could not be confirmed for so long are no longer believed.
KEPT_SECONDS = 86_400.0
MOST_BYTES = 262_144
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


class IssuerUnusable(Exception):
    """What the issuer answered cannot be used; says why."""


class IssuerKeys:
    """The keys of the issuer at a URL; `clock` counts seconds."""

    def __init__(self, url: str, client: httpx2.AsyncClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        _must_be_safe(url, "issuer")
        self._url = url
        self._client = client
        self._clock = clock
        self._keys = KeySet([])
        self._fetched = self._tried = -KEPT_SECONDS
        self._fetching: asyncio.Task[None] | None = None

    async def current(self, kid: str | None = None) -> KeySet:
        """Return the keys; waits for the issuer where there are none, or none of that `kid`, and it may be asked."""
        missing = not self._keys or (kid is not None and all(key.kid != kid for key in self._keys))
        if missing or self._age() > FRESH_SECONDS:
            fetching = self._fetch_unless_lately()
            if missing and fetching is not None:
                # Shielded: one request that is given up must not stop what others wait for.
                await asyncio.shield(fetching)
        return self._keys if self._age() <= KEPT_SECONDS else KeySet([])

    async def close(self) -> None:
        """End what is being fetched, and the connections."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)
        await self._client.aclose()

    def _age(self) -> float:
        return self._clock() - self._fetched

    def _fetch_unless_lately(self) -> asyncio.Task[None] | None:
        """What fetches the keys now; None where the issuer was asked a moment ago."""
        if self._fetching is not None and not self._fetching.done():
            return self._fetching
        if self._clock() - self._tried < PAUSE_SECONDS:
            return None
        self._tried = self._clock()
        self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(2 * FETCH_SECONDS):
                keys = usable_keys(await self._json(await self._where()))
            if not keys:
                raise IssuerUnusable("the issuer lists no key that can verify a signature")
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, TimeoutError, IssuerUnusable) as error:
            # What is believed stays so; the next request that needs another key tries again.
            logger().warning(
                "issuer-keys-not-fetched", issuer=self._url, kind=type(error).__name__, kept=len(self._keys.keys)
            )
            return
        self._keys, self._fetched = keys, self._clock()

    async def _where(self) -> str:
        """The address of the keys, as the issuer's own document tells it."""
        told = await self._json(self._url.rstrip("/") + DISCOVERY)
        if not isinstance(told, dict) or told.get("issuer") != self._url:
            raise IssuerUnusable("the discovery document is another issuer's")
        where = told.get("jwks_uri")
        if not isinstance(where, str):
            raise IssuerUnusable("the discovery document names no jwks_uri")
        _must_be_safe(where, "jwks_uri")
        return where

    async def _json(self, url: str) -> Any:
        async with self._client.stream("GET", url, headers={"accept": "application/json"}) as answer:
            if answer.status_code != 200:
                raise IssuerUnusable(f"status {answer.status_code}")
            read = bytearray()
            async for part in answer.aiter_bytes():
                read += part
                if len(read) > MOST_BYTES:
                    raise IssuerUnusable("the answer is too large")
        return json.loads(read)


def issuer_client(authority: Path | None = None) -> httpx2.AsyncClient:
    """What asks an issuer: with time limits, no redirects, and `authority` (PEM) beside the system's authorities."""
    context = ssl.create_default_context()
    if authority is not None:
        context.load_verify_locations(authority)
    return httpx2.AsyncClient(timeout=FETCH_SECONDS, verify=context, follow_redirects=False)


def _must_be_safe(url: str, what: str) -> None:
    """Keys come over TLS, or from this machine; raises `IssuerUnusable`."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL):
        return
    raise IssuerUnusable(f"the {what} must be an https address (密钥须经 https 取得): {url}")
