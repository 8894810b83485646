"""The source of a rule pack: the regulation's data, its clauses with quotations, and what is not modelled and why."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import msgspec

from yanxiu_rulekit.errors import PackRefused
from yanxiu_rulekit.toml import File, date_in, known_keys, read_toml, table_in, text_in

_SUB_ID = re.compile(r"[A-Z]+$")
_TEXTS = ("jurisdiction", "title", "issuer")
_DATES = ("signed_on", "published_on", "applies_from")


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """One clause: its id, its place as the regulation names it, its words, and what they say in short."""

    id: str
    heading: str
    quotation: str
    says_zh: str = ""
    says_en: str = ""
    note: str = ""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A regulation as its issuer published it.

    `applies_from` is the first day whose facts it judges. `not_modelled` gives, for each clause that no decision
    answers yet, the reason in Chinese.
    """

    jurisdiction: str
    title: str
    issuer: str
    signed_on: date
    published_on: date
    applies_from: date
    clauses: Mapping[str, Clause]
    not_modelled: Mapping[str, str]
    number: str = ""
    title_en: str = ""
    issuer_en: str = ""
    url: str = ""
    note: str = ""

    def clause(self, cite: str) -> Clause | None:
        """Return the clause that a citation names; a sub-id such as PUER-10-3N names a part of PUER-10-3."""
        found = declared_clause(cite, self.clauses)
        return self.clauses[found] if found else None


def declared_clause(cite: str, clauses: Collection[str]) -> str | None:
    """Return the declared clause id of a citation (itself, or without the capital letters that name a part)."""
    if cite in clauses:
        return cite
    whole = _SUB_ID.sub("", cite)
    return whole if whole in clauses else None


def load_source(path: File) -> Source:
    """Load a `source.toml`; raises `PackRefused` naming file, key and remedy."""
    whole = read_toml(path)
    known_keys(str(path), whole, required=("source", "clauses"), optional=("not_modelled",))
    where = f"{path}: [source]"
    head = table_in(where, whole["source"])
    optional = ("number", "title_en", "issuer_en", "url", "note")
    known_keys(where, head, required=(*_TEXTS, *_DATES), optional=optional)
    texts = {key: text_in(where, head, key) for key in (*_TEXTS, *optional)}
    if not re.fullmatch(r"[a-z][a-z0-9-]*", texts["jurisdiction"]):
        raise PackRefused(f"{where}: jurisdiction {texts['jurisdiction']!r} must be small letters, digits and hyphens")
    clauses = _clauses(path, whole["clauses"])
    not_modelled = _not_modelled(path, whole.get("not_modelled", {}), clauses)
    return Source(
        signed_on=date_in(where, head, "signed_on"),
        published_on=date_in(where, head, "published_on"),
        applies_from=date_in(where, head, "applies_from"),
        clauses=MappingProxyType(clauses),
        not_modelled=MappingProxyType(not_modelled),
        **texts,
    )


def _clauses(path: File, table: Any) -> dict[str, Clause]:
    clauses: dict[str, Clause] = {}
    for name, entry in table_in(f"{path}: [clauses]", table).items():
        where = f"{path}: [clauses.{name}]"
        given = table_in(where, entry)
        known_keys(where, given, required=("heading", "quotation"), optional=("says_zh", "says_en", "note"))
        clauses[name] = Clause(id=name, **{key: text_in(where, given, key) for key in given})
    if not clauses:
        raise PackRefused(f"{path}: [clauses] is empty; quote the clauses that the pack answers")
    return clauses


def _not_modelled(path: File, table: Any, clauses: Mapping[str, Clause]) -> dict[str, str]:
    where = f"{path}: [not_modelled]"
    reasons = table_in(where, table)
    for name in reasons:
        if name not in clauses:
            raise PackRefused(f"{where}: {name} is not among [clauses]; quote it there or take it out")
    return {name: text_in(where, reasons, name) for name in reasons}
