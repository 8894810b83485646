"""Case files as they stand on disk: golden cases in JSON, a pack's own cases in TOML."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from yanxiu_rulekit.errors import CaseRefused
from yanxiu_rulekit.toml import known_keys, read_toml

GROUP = "yanxiu.rule_packs"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case: a question with its facts, the district's settings, and what the answer must hold.

    `on` is the day of the law (None: the day the facts name). `refused` are the fields that must be refused; None
    leaves refusals open, as golden cases do. `clauses` are the clauses that the case shows.
    """

    file: str
    id: str
    jurisdiction: str
    kind: str
    given: Mapping[str, Any]
    expect: Mapping[str, Any]
    settings: Mapping[str, Any] = {}
    on: date | None = None
    refused: tuple[str, ...] | None = None
    clauses: tuple[str, ...] = ()
    reason: str = ""


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a `.json` or `.toml` file; raises `CaseRefused` naming file, case and key."""
    if path.suffix == ".toml":
        return _toml_cases(path)
    if path.suffix == ".json":
        return _json_cases(path)
    raise CaseRefused(f"{path}: is no case file; give a .json or a .toml file")


def _json_cases(path: Path) -> list[Case]:
    try:
        whole = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise CaseRefused(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise CaseRefused(f"{path}: is not UTF-8 text") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise CaseRefused(f"{path}: is not JSON: {error}") from None
    if not isinstance(whole, dict) or not isinstance(whole.get("cases"), list):
        raise CaseRefused(f'{path}: must hold an object with a list "cases"')
    meta = whole.get("meta", {})
    default = meta.get("jurisdiction") if isinstance(meta, dict) else None
    return [_json_case(path, index, entry, default) for index, entry in enumerate(whole["cases"])]


def _json_case(path: Path, index: int, entry: Any, jurisdiction: Any) -> Case:
    where = f"{path}: cases[{index}]"
    if not isinstance(entry, dict):
        raise CaseRefused(f"{where}: must be an object, not {entry!r}")
    where = f"{where} {entry.get('id', '')}".rstrip()
    entry = {"jurisdiction": jurisdiction, **entry}
    for key, kind in (("id", str), ("jurisdiction", str), ("kind", str), ("input", dict), ("expected", dict)):
        if not isinstance(entry.get(key), kind):
            raise CaseRefused(f"{where}: {key!r} must be {'a text' if kind is str else 'an object'}")
    given = dict(entry["input"])
    settings = given.pop("policy", None) or {}
    if not isinstance(settings, dict):
        raise CaseRefused(f"{where}: input.policy must be an object")
    return Case(
        file=path.name,
        id=entry["id"],
        jurisdiction=entry["jurisdiction"],
        kind=entry["kind"],
        given=given,
        expect=entry["expected"],
        settings=settings,
        on=_day(where, entry.get("on")),
        reason=str(entry.get("reason", "")),
    )


def _day(where: str, value: Any) -> date | None:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            value = repr(value)
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise CaseRefused(f"{where}: on must be a date such as 2024-09-01, not {value}")


def _toml_cases(path: Path) -> list[Case]:
    whole = read_toml(path, CaseRefused)
    known_keys(str(path), whole, required=("case",), optional=("jurisdiction",), refusal=CaseRefused)
    jurisdiction = whole.get("jurisdiction") or jurisdiction_of(path)
    if not isinstance(whole["case"], list):
        raise CaseRefused(f"{path}: write each case under [[case]], with double brackets")
    cases = [_toml_case(path, index, entry, jurisdiction) for index, entry in enumerate(whole["case"])]
    names = [case.id for case in cases]
    for name in names:
        if names.count(name) > 1:
            raise CaseRefused(f"{path}: two cases are named {name!r}; say in the name what differs")
    return cases


def _toml_case(path: Path, index: int, entry: Any, jurisdiction: str) -> Case:
    where = f"{path}: case[{index}]"
    if not isinstance(entry, dict):
        raise CaseRefused(f"{where}: must be a table")
    where = f"{where} {entry.get('name', '')}".rstrip()
    known_keys(
        where,
        entry,
        required=("name", "kind", "given", "expect", "clauses"),
        optional=("on", "settings", "refused"),
        refusal=CaseRefused,
    )
    forms = {
        "name": str,
        "kind": str,
        "given": dict,
        "expect": dict,
        "clauses": list,
        "settings": dict,
        "refused": list,
    }
    for key, kind in forms.items():
        if not isinstance(entry.get(key, kind()), kind):
            raise CaseRefused(f"{where}: {key} must be a {'text' if kind is str else kind.__name__}")
    return Case(
        file=path.name,
        id=entry["name"],
        jurisdiction=jurisdiction,
        kind=entry["kind"],
        given=entry["given"],
        expect=entry["expect"],
        settings=entry.get("settings", {}),
        on=_day(where, entry.get("on")),
        refused=tuple(entry.get("refused", ())),
        clauses=tuple(entry["clauses"]),
    )


def jurisdiction_of(path: Path) -> str:
    """Return the jurisdiction of the pack around a case file; raises `CaseRefused` when there is none.

    Installed from a wheel, cases stand inside the import package, beside its source.
    """
    source = path.resolve().parent.with_name("source.toml")
    if source.is_file():
        return _jurisdiction(source)
    for folder in path.resolve().parents:
        modules = pack_modules(folder)
        if len(modules) == 1:
            return _jurisdiction(folder / modules[0].replace(".", "/") / "source.toml")
        if modules:
            raise CaseRefused(
                f'{path}: {folder} holds several packs; write jurisdiction = "..." at the top of the file'
            )
    raise CaseRefused(f'{path}: stands in no pack folder; write jurisdiction = "..." at the top of the file')


def _jurisdiction(source: Path) -> str:
    named = read_toml(source, CaseRefused).get("source", {})
    if isinstance(named, dict) and isinstance(named.get("jurisdiction"), str):
        return named["jurisdiction"]
    raise CaseRefused(f"{source}: names no jurisdiction")


def pack_modules(folder: Path) -> list[str]:
    """Return the import packages that a folder's pyproject.toml offers as rule packs (none: it is no pack folder)."""
    file = folder / "pyproject.toml"
    if not file.is_file():
        return []
    try:
        project = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return []
    offered = project.get("entry-points", {}).get(GROUP, {})
    return [value.partition(":")[0] for value in offered.values()]
