"""Messages by which each service tells all that it holds on one person, and credits signs what was put together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from yanxiu_wire import credits as credit
from yanxiu_wire import registry, visits
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Query
from yanxiu_wire.refusal import Refused

SERVICES: tuple[str, ...] = (registry.SERVICE, credit.SERVICE, visits.SERVICE)


class GetPerson(Query, frozen=True, kw_only=True):
    """Ask for what a service holds on a teacher, part by part: `after` is the `next` of the part before.

    `subjects` are those under which he acted, as his grants in the registry name them. An officer states a `reason`;
    `reveal` asks for the plain national id, which the registry alone has.
    """

    teacher: str
    reason: str = ""
    reveal: bool = False
    subjects: tuple[str, ...] = ()
    after: str = ""


class PersonRows(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of a table that are about the person: each column's value as JSON has it, days and instants in ISO 8601."""

    table: str
    rows: tuple[Mapping[str, Any], ...]


class PersonPart(msgspec.Struct, frozen=True, kw_only=True, tag="person-part"):
    """Some of what a service holds; `next` is None with the last part."""

    tables: tuple[PersonRows, ...]
    next: str | None = None


class SignPersonExport(Query, frozen=True, kw_only=True):
    """Ask for the signature of an export: of its SHA-256 (hex) alone, for credits is told no name."""

    teacher: str
    sha256: str


class PersonExportSigned(msgspec.Struct, frozen=True, kw_only=True, tag="person-export-signed"):
    """When it was signed, and the JWS over `ExportStated`."""

    issued_at: datetime
    token: str


def _get(service: str) -> Endpoint[Any, Any]:
    return Endpoint(service, "get-person", GetPerson, PersonPart | Refused, seconds=10.0)


GET_PERSON_OF_REGISTRY, GET_PERSON_OF_CREDITS, GET_PERSON_OF_VISITS = (_get(service) for service in SERVICES)
GET_PERSON: Mapping[str, Endpoint[Any, Any]] = dict(
    zip(SERVICES, (GET_PERSON_OF_REGISTRY, GET_PERSON_OF_CREDITS, GET_PERSON_OF_VISITS), strict=True)
)
SIGN_PERSON_EXPORT = Endpoint(credit.SERVICE, "sign-person-export", SignPersonExport, PersonExportSigned | Refused)
