"""The key that signs heads and transcripts: its private half for this service alone, its public half for all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, cast

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from yanxiu_wire.signed import ALGORITHM, HEAD, NotSigned, read_keys

PRIVATE_FILE = "ledger.json"
PUBLIC_FILE = "ledger-jwks.json"


class LedgerKeyUnusable(Exception):
    """A key file of the ledger cannot be read, or is no such key."""


class Signer:
    """Signs with the key in `<folder>/ledger.json`; `<folder>/ledger-jwks.json` holds every key that ever signed.

    To change the key, put another in the place of the private file and start again: its public half is added, so that
    what the old one has signed can still be checked.
    """

    def __init__(self, key: ECKey, public: str) -> None:
        self._key = key
        self.public = public
        self.keys: KeySet = read_keys(public)
        self.kid = cast("str", key.kid)

    @classmethod
    def open(cls, folder: Path) -> Signer:
        """Read the key, or make it (mode 0600) where there is none; raises `LedgerKeyUnusable`."""
        private, public = folder / PRIVATE_FILE, folder / PUBLIC_FILE
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not private.exists():
                _write_new(private, json.dumps(_fresh().as_dict(private=True)))
            key = ECKey.import_key(json.loads(private.read_text(encoding="utf-8")))
            if not key.is_private or key.curve_name != "P-256" or not key.kid:
                raise LedgerKeyUnusable(f"{private} holds no private P-256 key with a kid (不是有效的私钥)")
            return cls(key, _published(public, key))
        except (OSError, ValueError, TypeError, KeyError, JoseError, NotSigned) as error:
            raise LedgerKeyUnusable(f"{folder}: the key of the ledger is unusable (台账密钥不可用): {error}") from error

    def sign(self, content: bytes, kind: str = HEAD) -> str:
        """Return the JWS over content, of a kind that nothing else is taken for."""
        header = {"alg": ALGORITHM, "kid": self.kid, "typ": kind}
        return jws.serialize_compact(header, content, self._key, algorithms=[ALGORITHM])

    def sign_detached(self, content: bytes, kind: str) -> str:
        """Return the JWS over content that travels beside it."""
        return str(jws.detach_content(self.sign(content, kind)))


def _fresh() -> ECKey:
    return ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)


def _published(path: Path, key: ECKey) -> str:
    """Return the public key set as text, with this key in it; keys that were there stay."""
    known: list[dict[str, Any]] = []
    if path.exists():
        known = json.loads(path.read_text(encoding="utf-8"))["keys"]
    if any(one.get("kid") == key.kid for one in known):
        return path.read_text(encoding="utf-8")
    text = json.dumps({"keys": [*known, key.as_dict(private=False)]}, indent=1)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    return text


def _write_new(path: Path, text: str) -> None:
    """Create a file for its owner's eyes alone; where another process was quicker, what it wrote stands."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
