"""A teacher's transcript: a signed document that anyone can check offline with the public keys alone. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from joserfc.jwk import KeySet

from yanxiu_wire import merkle
from yanxiu_wire.sealed import Entry, seal
from yanxiu_wire.signed import TRANSCRIPT, Head, NotSigned, content_of, read_head

FORMAT = "yanxiu-transcript/1"
REGISTERED = ("registration", "registration-reversal")
RECOGNISED = ("recognition", "recognition-reversal")

_canonical = msgspec.json.Encoder(order="sorted")


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry with its hash, the clauses that its decision names, and its path in the tree (hex).

    `facts` are those of the record it rests on, in the words of the law of `jurisdiction`: by them the district that a
    teacher moves to judges the record. Both are empty for an entry that rests on no record. `training` names what was
    trained, `<district>:<activity>` of its first entry: a correction, even to another day, and a transfer keep it.
    """

    entry: Entry
    hash: str
    clauses: tuple[str, ...]
    path: tuple[str, ...]
    jurisdiction: str = ""
    facts: Mapping[str, Any] = {}
    training: str = ""


class Sums(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the entries come to, in millionths; `records` counts those that stand."""

    registered_micro_hours: int = 0
    registered_micro_credits: int = 0
    recognised_micro_hours: int = 0
    recognised_micro_credits: int = 0
    records: int = 0


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is signed: whose entries (by the register's id, no name), between which days, and the head they stand under.

    `entries` are all entries of the teacher between the days, up to the head's size. `head` is the signed head (JWS).
    """

    format: str
    district: str
    teacher: str
    since: date | None
    until: date | None
    issued_at: datetime
    entries: tuple[Line, ...]
    sums: Sums
    head: str


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content, and the detached JWS over its canonical JSON (sorted keys, no spaces)."""

    content: Content
    signature: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was checked: whether it holds, in a Chinese and an English sentence."""

    holds: bool
    zh: str
    en: str


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of a document found; `content` is None where it could not even be read."""

    findings: tuple[Finding, ...]
    content: Content | None = None
    head: Head | None = None

    @property
    def genuine(self) -> bool:
        """Whether all that was checked holds."""
        return all(one.holds for one in self.findings)


def signed_part(content: Content) -> bytes:
    """Return what the signature is made over."""
    return _canonical.encode(content)


def write(document: Document) -> str:
    """Return the document as the text of a file."""
    return msgspec.json.format(_canonical.encode(document).decode(), indent=1)


def sums_of(entries: Iterable[Entry]) -> Sums:
    """Return what entries come to."""
    total = dict.fromkeys(Sums.__struct_fields__, 0)
    for one in entries:
        of = "registered" if one.kind in REGISTERED else "recognised"
        total[f"{of}_micro_hours"] += one.micro_hours
        total[f"{of}_micro_credits"] += one.micro_credits
        if one.kind in REGISTERED:
            total["records"] += 1 if one.reverses is None else -1
    return Sums(**total)


def check(text: str, keys: KeySet) -> Checked:
    """Check a document: its signature, the head's, every entry's hash, place and path, and the sums.

    Everything is computed anew from the document and the keys; nothing is asked of anybody.
    """
    try:
        document = msgspec.json.decode(text, type=Document)
    except msgspec.DecodeError as error:
        return Checked(findings=(_no("文件不是本格式的学分证明。", f"The file is no transcript: {error}."),))
    content = document.content
    findings = [_signature(document, keys)]
    head = _head(content, keys, findings)
    findings += [_own(content), *_entries(content, head), _sums(content)]
    return Checked(findings=tuple(findings), content=content, head=head)


def _signature(document: Document, keys: KeySet) -> Finding:
    try:
        content_of(document.signature, keys, TRANSCRIPT, payload=signed_part(document.content))
    except NotSigned as error:
        return _no(
            "签名不符：内容在签署后被改动，或不是由所给公钥的持有者签署。",
            f"The signature does not hold: the content was changed, or another key signed it ({error}).",
        )
    return _yes("签名有效，签署后内容未被改动。", "The signature holds; nothing was changed since.")


def _head(content: Content, keys: KeySet, findings: list[Finding]) -> Head | None:
    try:
        head = read_head(content.head, keys)
    except NotSigned as error:
        findings.append(_no("所附台账头的签名不符。", f"The signature of the head does not hold ({error})."))
        return None
    if head.origin != content.district:
        findings.append(_no("所附台账头属于另一区县。", f"The head is that of {head.origin}."))
        return None
    findings.append(
        _yes(
            f"台账头有效：{head.day.isoformat()}签署，共{head.size}条分录。",
            f"The head holds: signed on {head.day.isoformat()} over {head.size} entries.",
        )
    )
    return head


def _own(content: Content) -> Finding:
    """Every entry is the teacher's, of the district, in order, between the days; a reversal stands with its entry."""
    entries = [line.entry for line in content.entries]
    strange = [
        one.seq
        for one in entries
        if (one.teacher, one.district) != (content.teacher, content.district)
        or (content.since is not None and one.on < content.since)
        or (content.until is not None and one.on > content.until)
    ]
    ordered = all(one.seq < other.seq for one, other in itertools.pairwise(entries))
    if content.format != FORMAT or strange or not ordered:
        named = "、".join(str(seq) for seq in strange) or "?"
        return _no(
            f"分录不属于该教师、该区县、该时段，或次序有误：第{named}条。",
            f"Entries of somebody else, of other days, or out of order: {', '.join(map(str, strange)) or 'order'}.",
        )
    return _yes(
        f"共{len(entries)}条分录，均属该教师及该时段。", f"{len(entries)} entries, all of this teacher and these days."
    )


def _entries(content: Content, head: Head | None) -> list[Finding]:
    altered = [line.entry.seq for line in content.entries if seal(line.entry) != line.hash]
    found = [
        _no(f"分录被改动：第{_named(altered)}条。", f"Altered entries: {_named(altered)}.")
        if altered
        else _yes("每条分录与其散列相符。", "Every entry gives its hash.")
    ]
    if head is None:
        return found
    outside = [line.entry.seq for line in content.entries if not _in_tree(line, head)]
    found.append(
        _no(f"不在已签署的台账内：第{_named(outside)}条。", f"Not in the signed ledger: {_named(outside)}.")
        if outside
        else _yes("每条分录都在已签署的台账内。", "Every entry stands in the signed ledger.")
    )
    return found


def _in_tree(line: Line, head: Head) -> bool:
    try:
        leaf = merkle.leaf(bytes.fromhex(line.hash))
        path = [bytes.fromhex(one) for one in line.path]
        return merkle.included(leaf, line.entry.seq - 1, head.size, path, bytes.fromhex(head.root))
    except ValueError:
        return False


def _sums(content: Content) -> Finding:
    if sums_of(line.entry for line in content.entries) != content.sums:
        return _no("合计与分录不符。", "The sums are not those of the entries.")
    return _yes("合计与分录相符。", "The sums are those of the entries.")


def _named(seqs: Sequence[Any]) -> str:
    return ", ".join(str(seq) for seq in seqs[:10]) + (" …" if len(seqs) > 10 else "")


def _yes(zh: str, en: str) -> Finding:
    return Finding(holds=True, zh=zh, en=en)


def _no(zh: str, en: str) -> Finding:
    return Finding(holds=False, zh=zh, en=en)
