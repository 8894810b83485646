"""The public keys that tokens may be signed with: which of them fits a token, and those of a JWKS file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

Algorithm = Literal["ES256", "RS256", "PS256", "EdDSA"]
ALGORITHMS: tuple[Algorithm, ...] = ("ES256", "RS256", "PS256", "EdDSA")
LEAST_RSA_BITS = 2048
MOST_KEYS = 100


class SigningKeys(Protocol):
    """Where the keys come from."""

    async def current(self, kid: str | None = None) -> KeySet:
        """Return the keys, brought up to date where it is due or where `kid`, named by a token, is none of them."""
        ...


class Signatures(JWSRegistry):
    """What a signature may be made with: nothing but `allowed`, whatever a token says of itself."""

    # Some issuers put a certificate's thumbprint beside the key's id.
    max_header_length = 2_048

    def __init__(self, allowed: Iterable[Algorithm]) -> None:
        self._only = frozenset(allowed)
        super().__init__(algorithms=self._only, strict_check_header=False)

    def get_alg(self, name: str) -> JWSAlgModel:
        """Return the algorithm of that name; raises `UnsupportedAlgorithmError`."""
        # Issuers still write "EdDSA"; the library warns of that name, which RFC 9864 replaces, with each use of it.
        if name not in self._only:
            raise UnsupportedAlgorithmError(f"Algorithm of '{name}' is not allowed")
        return self.algorithms[name]


def fitting(keys: KeySet, header: Mapping[str, Any]) -> Key | None:
    """Return the one key that a token with this header may be signed with; None where there is none or no saying."""
    kid, algorithm = header.get("kid"), header.get("alg")
    found = [key for key in keys.keys if kid in (None, key.kid) and _signs(key, algorithm)]
    return found[0] if len(found) == 1 else None


def _signs(key: Key, algorithm: object) -> bool:
    if key.get("alg") not in (None, algorithm):
        return False
    if algorithm == "ES256":
        return isinstance(key, ECKey) and key.curve_name == "P-256"
    if algorithm == "EdDSA":
        return isinstance(key, OKPKey) and key.curve_name == "Ed25519"
    return isinstance(key, RSAKey)


def usable_keys(jwks: Any) -> KeySet:
    """Return the keys of a JWK set that can verify a signature; raises `ValueError` where it is no such set.

    Secrets, keys for encryption, short RSA keys and what cannot be read are left out.
    """
    listed = jwks.get("keys") if isinstance(jwks, Mapping) else None
    if not isinstance(listed, list):
        raise ValueError("no JWK set")
    found = (_usable(one) for one in listed[:MOST_KEYS])
    return KeySet([key for key in found if key is not None])


def _usable(one: Any) -> Key | None:
    kinds: Mapping[str, type[Key]] = {"EC": ECKey, "RSA": RSAKey, "OKP": OKPKey}
    if not isinstance(one, dict) or one.get("use", "sig") != "sig" or one.get("kty") not in kinds:
        return None
    # Before it is imported, where the library would only warn of it.
    if one["kty"] == "RSA" and len(str(one.get("n"))) * 6 < LEAST_RSA_BITS:
        return None
    try:
        return kinds[one["kty"]].import_key(one)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


class KeyFile:
    """The keys in a JWKS file, which is read again when it changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._name = str(path)
        self._stamp: tuple[int, int, int] | None = None
        self._keys = KeySet([])

    async def current(self, kid: str | None = None) -> KeySet:  # noqa: ARG002 - a file is looked at with every token
        """Return the keys as the file has them now; none while it is missing or half-written."""
        try:
            # One look at a local file, of a few microseconds: a thread would cost more.
            status = os.stat(self._name)  # noqa: PTH116 - a path object takes three times as long
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            if stamp == self._stamp:
                return self._keys
            self._keys = usable_keys(json.loads(self._path.read_bytes()))
        except (OSError, ValueError):
            # Without keys nobody can be known; a file that is half-written is tried again with the next request.
            self._keys, stamp = KeySet([]), None
        self._stamp = stamp
        return self._keys
