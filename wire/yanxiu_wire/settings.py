"""Settings come from YANXIU_* variables alone; a missing or wrong one is named, with what it is for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

PREFIX = "YANXIU_"
S = TypeVar("S", bound=msgspec.Struct)


class SettingRefused(Exception):
    """A variable that is missing or holds what cannot be used: `variable` names it."""

    def __init__(self, variable: str, problem: str, description: str) -> None:
        super().__init__(f"{variable}: {problem}" + (f" ({description})" if description else ""))
        self.variable = variable
        self.problem = problem


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting: its variable, what it is for, its default as text (None: it must be given)."""

    variable: str
    description: str
    default: str | None


def describe(cls: type[msgspec.Struct]) -> tuple[Setting, ...]:
    """The settings of a struct in order; `Annotated[..., msgspec.Meta(description=...)]` describes a field."""
    return tuple(_setting(field) for field in _fields(cls))


def read_settings(cls: type[S], environment: Mapping[str, str] | None = None) -> S:
    """Fill `cls`, a frozen Struct, from the environment: field `nats_url` from YANXIU_NATS_URL.

    Numbers, booleans, paths and comma lists (`tuple[str, ...]`) are converted; an empty variable counts as not given.
    Raises `SettingRefused`.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    for field in _fields(cls):
        setting = _setting(field)
        text = environment.get(setting.variable, "").strip()
        if text:
            values[field.name] = _convert(text, field.type, setting)
        elif field.required:
            raise SettingRefused(setting.variable, "must be set", setting.description)
    return cls(**values)


def _fields(cls: type[msgspec.Struct]) -> tuple[Any, ...]:
    info = msgspec.inspect.type_info(cls)
    known = {field.name: field for field in msgspec.structs.fields(cls)}
    return tuple(_Field(known[field.name], field) for field in info.fields)  # type: ignore[attr-defined]


class _Field:
    """A field of the struct: its own type beside what msgspec found out about it."""

    def __init__(self, field: Any, info: Any) -> None:
        self.name: str = field.name
        self.type: Any = field.type
        self.required: bool = info.required
        self.default: Any = info.default if info.default is not msgspec.NODEFAULT else None
        self.description = _description(info.type)


def _description(info: Any) -> str:
    extra = getattr(info, "extra_json_schema", None) or {}
    return str(extra.get("description", ""))


def _setting(field: _Field) -> Setting:
    default = None if field.required else _text(field.default)
    return Setting(variable=PREFIX + field.name.upper(), description=field.description, default=default)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _convert(text: str, kind: Any, setting: Setting) -> Any:
    try:
        return msgspec.convert(text, kind, strict=False, dec_hook=_from_text)
    except msgspec.ValidationError:
        pass
    items = [item.strip() for item in text.split(",") if item.strip()]
    try:
        return msgspec.convert(items, kind, strict=False, dec_hook=_from_text)
    except msgspec.ValidationError:
        raise SettingRefused(setting.variable, f"cannot be read: {text!r}", setting.description) from None


def _from_text(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(str(value)).expanduser()
    raise NotImplementedError(kind)  # msgspec's own way to hear that a hook does not know a type
