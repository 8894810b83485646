"""National ids at rest: AES-256-GCM bound to district and owner, a blind index per district, and the key's file."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_FILE = "national-id.key"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"


class KeyUnusable(Exception):
    """The key of the national ids is missing, malformed, or not the one that the data was sealed with."""


class SealBroken(Exception):
    """A sealed value does not open under this key for this district and owner."""


def open_key(folder: Path, *, may_create: bool) -> bytes:
    """The key of `folder`, made once with mode 0600 when there is no data yet that an earlier key could have sealed.

    Raises KeyUnusable when it is missing beside existing data, or is not 32 bytes of base64.
    """
    path = folder / KEY_FILE
    if not path.exists():
        if not may_create:
            raise KeyUnusable(
                f"{path} is missing, but districts exist whose national ids were sealed with it: "
                "put the key file back (密钥文件缺失，请恢复原密钥文件)"
            )
        _make(path)
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except binascii.Error as error:
        raise KeyUnusable(f"{path} is not base64 text (密钥文件不是 base64 文本)") from error
    if len(key) != _KEY_BYTES:
        raise KeyUnusable(f"{path} holds {len(key)} bytes, it needs {_KEY_BYTES} (密钥长度不符)")
    return key


def _make(path: Path) -> None:
    """Write a new key beside its place and link it there, so that two starters agree on whichever came first."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(os.urandom(_KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        draft.unlink()


class Vault:
    """Seals and opens values of a district, and makes blind indexes; holds the derived keys, never prints them."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._ciphers: dict[str, AESGCM] = {}
        self._index_keys: dict[str, bytes] = {}

    def __repr__(self) -> str:
        return "Vault()"

    def _derive(self, purpose: str, district: str) -> bytes:
        info = f"yanxiu/registry/{purpose}/{district}".encode()
        return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(self._key)

    def _cipher(self, district: str) -> AESGCM:
        if district not in self._ciphers:
            self._ciphers[district] = AESGCM(self._derive("seal", district))
        return self._ciphers[district]

    def _index_key(self, district: str) -> bytes:
        if district not in self._index_keys:
            self._index_keys[district] = self._derive("index", district)
        return self._index_keys[district]

    def seal(self, district: str, owner: str, text: str) -> bytes:
        """The text encrypted for its owner (a row's id): key version byte, nonce, cipher text with its tag."""
        nonce = os.urandom(_NONCE_BYTES)
        bound = f"{district}|{owner}".encode()
        return _VERSION + nonce + self._cipher(district).encrypt(nonce, text.encode(), bound)

    def open(self, district: str, owner: str, sealed: bytes) -> str:
        """The text again; SealBroken when the key, the district or the owner is another."""
        if sealed[:1] != _VERSION:
            raise SealBroken(f"key version {sealed[:1].hex()} is not known")
        nonce, cipher = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._cipher(district).decrypt(nonce, cipher, f"{district}|{owner}".encode()).decode()
        except InvalidTag:
            raise SealBroken("the sealed value does not open for this district and owner") from None

    def index(self, district: str, number: str) -> bytes:
        """The blind index of a number in normal form: equal numbers of one district have equal indexes."""
        return hmac.digest(self._index_key(district), number.encode(), "sha256")

    def digest(self, district: str, texts: Sequence[str]) -> str:
        """A keyed digest of texts, to compare them later without keeping them or a hash that could be guessed."""
        mac = hmac.new(self._index_key(district), b"digest", "sha256")
        for text in texts:
            mac.update(len(text).to_bytes(8, "big") + text.encode())
        return mac.hexdigest()

    def proof(self, district: str) -> bytes:
        """What a district keeps of the key, to notice at start that another one has taken its place."""
        return hmac.digest(self._derive("proof", district), b"yanxiu", "sha256")[:16]
