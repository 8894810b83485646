"""TOML as the kit reads it: exact decimals, no unknown key, every refusal naming file, place and remedy."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from yanxiu_rulekit.errors import PackRefused, RulekitError

File = Path | Traversable


def read_toml(path: File, refusal: type[RulekitError] = PackRefused) -> dict[str, Any]:
    """Return the file's tables with numbers as they were written; `refusal` is raised when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise refusal(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise refusal(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise refusal(f"{path}: is not TOML: {error}") from None


def known_keys(
    where: str,
    table: Mapping[str, Any],
    *,
    required: Iterable[str],
    optional: Iterable[str] = (),
    refusal: type[RulekitError] = PackRefused,
) -> None:
    """Refuse a key that is not allowed or one that is missing; the message lists the allowed keys."""
    required = tuple(required)
    allowed = (*required, *optional)
    for key in table:
        if key not in allowed:
            raise refusal(f"{where}: unknown key {key!r}; allowed are {', '.join(allowed)}")
    for key in required:
        if key not in table:
            raise refusal(f"{where}: {key!r} is missing; give it")


def table_in(where: str, value: Any, refusal: type[RulekitError] = PackRefused) -> Mapping[str, Any]:
    """Return `value` when it is a table, else refuse."""
    if not isinstance(value, Mapping):
        raise refusal(f"{where}: must be a table, not {value!r}")
    return value


def text_in(
    where: str, table: Mapping[str, Any], key: str, default: str = "", refusal: type[RulekitError] = PackRefused
) -> str:
    """Return the text under `key`, or the default; a required text may not be blank."""
    value = table.get(key, default)
    if not isinstance(value, str) or (key in table and not value.strip()):
        raise refusal(f"{where}: {key} must be a text that is not empty, not {value!r}")
    return value


def date_in(where: str, table: Mapping[str, Any], key: str, refusal: type[RulekitError] = PackRefused) -> date:
    """Return the date under `key`; a text, or a date with a time, is refused."""
    value = table[key]
    if not isinstance(value, date) or isinstance(value, datetime):
        raise refusal(f"{where}: {key} must be a date written like 2024-01-01 without quotation marks, not {value!r}")
    return value
