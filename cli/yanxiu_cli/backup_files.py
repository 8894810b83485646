"""The files of a backup: what is in its folder, whether it is as it was written, and whose keys signed its ledger."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path

import msgspec
from yanxiu_wire.signed import NotSigned, read_keys

from yanxiu_cli.failed import Failed

FORMAT = 1
MANIFEST = "backup.json"
PUBLIC_KEYS = "ledger-jwks.json"


class Copied(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a backup."""

    service: str
    file: str
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup is: of which district, when, which files, and where its ledger stood."""

    format: int
    district: str
    began_at: datetime
    version: str
    files: tuple[Copied, ...]
    entries: int
    head: str
    signed_heads: int


def file_of(folder: Path, service: str, district: str) -> Path:
    """Where a service's file of a district lies, in a backup and in a data folder alike."""
    return folder / service / f"{district}.db"


def copied(folder: Path, service: str, district: str) -> Copied:
    """Return what the manifest says of a file; raises OSError."""
    file = file_of(folder, service, district)
    with file.open("rb") as read:
        digest = hashlib.file_digest(read, "sha256").hexdigest()
    return Copied(service=service, file=str(file.relative_to(folder)), bytes=file.stat().st_size, sha256=digest)


def checked(folder: Path) -> Manifest:
    """Return the manifest of a backup whose files are as it says; raises Failed, naming the file that is not."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise Failed(f"{folder} 不是备份：{error}", f"{folder} is no backup: {error}", code=2) from None
    if manifest.format != FORMAT:
        raise Failed(f"不认识的备份格式 {manifest.format}", f"unknown format of a backup: {manifest.format}", code=2)
    for one in manifest.files:
        try:
            found = copied(folder, one.service, manifest.district)
        except OSError as error:
            raise Failed(f"缺少 {one.file}：{error}", f"{one.file} is missing: {error}") from None
        if found != one:
            raise Failed(f"{one.file} 与清单不符，已被改动或损坏。", f"{one.file} is not what the manifest says.")
    return manifest


def keys_in(folder: Path) -> str:
    """Return the public keys of the ledger: they tell a backup of this platform from any other. Raises Failed."""
    try:
        return (folder / PUBLIC_KEYS).read_text(encoding="utf-8")
    except OSError:
        raise Failed(
            f"没有台账公钥 {folder / PUBLIC_KEYS}：请用 --data 或 YANXIU_KEYS 指明密钥所在。",
            f"No public keys of the ledger at {folder / PUBLIC_KEYS}: name their folder with --data or YANXIU_KEYS.",
        ) from None


def keys_to_check_by(backup: Path, keys: Path, *, trust: bool) -> str:
    """Return the public keys by which a backup is checked: the platform's own, which must know those of the backup.

    Where the platform has none (an empty machine), those of the backup, if the operator says so: their fingerprints
    are what he compares with those kept outside. Raises Failed.
    """
    of_backup = keys_in(backup)
    prints = _fingerprints(of_backup, backup)
    if not (keys / PUBLIC_KEYS).exists():
        if trust:
            return of_backup
        listed = ", ".join(sorted(prints))
        raise Failed(
            f"{keys} 中没有台账公钥，备份中的是 {listed}。请从保管处取回密钥；或与另存的指纹核对后加 --trust-keys。",
            f"{keys} has no public keys of the ledger; the backup brings {listed}. Put the keys back, or compare these "
            "fingerprints with those kept outside and add --trust-keys.",
        )
    own = keys_in(keys)
    unknown = prints - _fingerprints(own, keys)
    if unknown:
        named = ", ".join(sorted(unknown))
        raise Failed(
            f"备份的台账公钥 {named} 不在 {keys / PUBLIC_KEYS} 中：是另一个平台的备份，或公钥文件被换过。",
            f"{keys / PUBLIC_KEYS} has not {named} of the backup: it is another platform's, or the file was changed.",
        )
    return own


def put_keys(backup: Path, keys: Path) -> None:
    """Put the backup's public keys in place where the platform has none, so that what they signed can be checked."""
    target = keys / PUBLIC_KEYS
    if not target.exists():
        keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        draft.write_text(keys_in(backup), encoding="utf-8")
        draft.replace(target)


def _fingerprints(text: str, where: Path) -> set[str]:
    """The SHA-256 thumbprints of the keys (RFC 7638)."""
    try:
        return {one.thumbprint() for one in read_keys(text).keys}
    except NotSigned as error:
        raise Failed(f"{where / PUBLIC_KEYS} 不可用：{error}", f"{where / PUBLIC_KEYS} is unusable: {error}") from None
