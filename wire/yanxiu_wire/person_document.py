"""The document of all that is held on one person: put together from the services' parts, signed, checked offline."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from joserfc.jwk import KeySet

from yanxiu_wire.books import GET_TRANSCRIPT, GetTranscript
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import encode_canonical
from yanxiu_wire.personal import GET_PERSON, SIGN_PERSON_EXPORT, GetPerson, SignPersonExport
from yanxiu_wire.refusal import Refused
from yanxiu_wire.signed import NotSigned, content_of

FORMAT = "yanxiu-person/1"
KIND = "yanxiu-person+jws"
Call = Callable[[Any, Any], Awaitable[Any]]
"""`async (endpoint, request)`: the reply or a `Refused`."""
Tables = dict[str, list[Mapping[str, Any]]]


class ExportStated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is signed: whose export, when, and the SHA-256 (hex) of its content in canonical JSON."""

    district: str
    teacher: str
    sha256: str
    issued_at: datetime


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """An export: the document's text, how many rows of which table of which service, and when it was signed."""

    document: str
    counts: Mapping[str, Mapping[str, int]]
    issued_at: datetime


async def put_together(
    call: Call, caller: Caller, district: str, teacher: str, *, reason: str = "", reveal: bool = False
) -> Export | Refused:
    """Ask every service for its part and credits for the signature; a refusal of one is the answer.

    The transcript is None where the ledger has none to give (nothing entered yet, or too long for one document).
    """
    held: dict[str, Tables] = {}
    query = GetPerson(caller=caller, teacher=teacher, reason=reason, reveal=reveal)
    for service, endpoint in GET_PERSON.items():
        found = await _held(call, endpoint, query)
        if isinstance(found, Refused):
            return found
        held[service] = found
        # The registry comes first: his grants name the subjects under which he acted.
        query = msgspec.structs.replace(query, subjects=_subjects(query, found))
    transcript = await call(GET_TRANSCRIPT, GetTranscript(caller=caller, teacher=teacher))
    content = {
        "format": FORMAT,
        "district": district,
        "teacher": teacher,
        "held": held,
        "transcript": None if isinstance(transcript, Refused) else transcript.document,
    }
    signing = SignPersonExport(caller=caller, teacher=teacher, sha256=_digest(content))
    signed = await call(SIGN_PERSON_EXPORT, signing)
    if isinstance(signed, Refused):
        return signed
    counts = {service: {name: len(rows) for name, rows in tables.items()} for service, tables in held.items()}
    text = encode_canonical({"content": content, "signature": signed.token}).decode()
    return Export(document=text, counts=counts, issued_at=signed.issued_at)


async def _held(call: Call, endpoint: Any, query: GetPerson) -> Tables | Refused:
    tables: Tables = {}
    while True:
        part = await call(endpoint, query)
        if isinstance(part, Refused):
            return part
        for one in part.tables:
            tables.setdefault(one.table, []).extend(one.rows)
        if part.next is None:
            return tables
        query = msgspec.structs.replace(query, after=part.next)


def _subjects(query: GetPerson, found: Tables) -> tuple[str, ...]:
    granted = (str(row["subject"]) for row in found.get("role_grant", ()))
    own = (query.caller.subject,) if query.caller.role == "teacher" else ()
    return tuple(dict.fromkeys((*query.subjects, *granted, *own)))


def check(text: str, keys: KeySet) -> ExportStated:
    """Return what is stated of a document; raises `NotSigned` unless a key of the set signed exactly this content."""
    try:
        document = msgspec.json.decode(text)
        content, token = document["content"], document["signature"]
        stated = msgspec.json.decode(content_of(token, keys, KIND), type=ExportStated)
        whose = (content["district"], content["teacher"])
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise NotSigned(f"no export of a person: {error}") from error
    if stated.sha256 != _digest(content) or (stated.district, stated.teacher) != whose:
        raise NotSigned("the content is not what was signed")
    return stated


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(encode_canonical(content)).hexdigest()


def tables_of(text: str) -> Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]:
    """Return the rows of a document by service and table."""
    return msgspec.json.decode(text)["content"]["held"]
