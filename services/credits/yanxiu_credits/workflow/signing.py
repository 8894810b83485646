"""The chain of a process's signatures: what a signature is written over, and how a chain is checked. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from yanxiu_credits.ledger import GENESIS, digest

_encoder = msgspec.json.Encoder(order="sorted")

RETURN = "return"
REVERSAL = "reversal"


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A signature without its hash.

    `body` is the process as it was signed (canonical JSON), `content` the digest of body, statements and evidence;
    `previous` the hash of the signature before it.
    """

    district: str
    process: str
    seq: int
    step: str
    subject: str
    role: str
    school: str | None
    on_behalf_of: str | None
    delegation: str | None
    on: date
    mark: str
    from_state: str
    to_state: str
    body: str
    statements: str
    evidence: str
    reason: str | None
    pack: str
    version: str
    signed_us: int
    content: str
    previous: str

    @property
    def people(self) -> frozenset[str]:
        """Everyone who stands behind it: the signer, and the one for whom it was signed."""
        return frozenset(one for one in (self.subject, self.on_behalf_of) if one)


class Stored(msgspec.Struct, frozen=True):
    """A signature as it is stored."""

    signed: Signed
    hash: str


def content_of(body: str, statements: str, evidence: str) -> str:
    """Return the digest of what is signed."""
    return digest(body, statements, evidence)


def seal(signed: Signed) -> str:
    """Return the hash of a signature (64 hex digits): SHA-256 over its canonical JSON, the previous hash in it."""
    return hashlib.sha256(_encoder.encode(signed)).hexdigest()


def _as_it_is(_signed: Signed, now: str) -> str:
    """What a signature hashes to counts, where nothing was erased of it."""
    return now


def first_wrong(
    chain: Sequence[Stored], *, state: str, version: int, original: Callable[[Signed, str], str] = _as_it_is
) -> str | None:
    """Return what is wrong with a process's signatures, None when they fit and lead to where the process stands.

    `original` gives for a signature and its hash of now the hash of before a text of it was erased.
    """
    previous = GENESIS
    for wanted, (signed, its_hash) in enumerate(((one.signed, one.hash) for one in chain), start=1):
        if signed.seq != wanted:
            return f"缺失：第{wanted}个签名 missing: signature {wanted}"
        if not _holds(signed, its_hash, original):
            return f"已改动：第{wanted}个签名 altered: signature {wanted}"
        if signed.previous != previous:
            return (
                f"已替换：第{wanted}个签名与前一个不衔接 replaced: signature {wanted} does not continue the one before"
            )
        previous = its_hash
    return _wrong_end(chain, state, version)


def _holds(signed: Signed, its_hash: str, original: Callable[[Signed, str], str]) -> bool:
    now = seal(signed)
    if now != its_hash:
        # What was signed is not there whole any more: the redaction answers for all of the row as it is.
        return original(signed, now) == its_hash
    return content_of(signed.body, signed.statements, signed.evidence) == signed.content


def _wrong_end(chain: Sequence[Stored], state: str, version: int) -> str | None:
    if len(chain) != version:
        zh = f"缺失：应有{version}个签名，现有{len(chain)}个"
        return f"{zh} missing: {version} signatures are named and {len(chain)} are there"
    if chain and chain[-1].signed.to_state != state:
        led = chain[-1].signed.to_state
        zh = f"已改动：事项处于{state}，最后的签名却到{led}"
        return f"{zh} altered: the process stands at {state}, its last signature led to {led}"
    return None
