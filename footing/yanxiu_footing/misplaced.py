"""No command may carry a national id to where it would be kept in the clear: a note, a title, a reason, a key.

The registry alone has a place for numbers and judges its own texts: of a command to it, only the key is looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from yanxiu_wire import registry
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_footing.national_id import holds_id, without_ids

_SHORTEST = 17
# What machines write: its digits are nobody's, and some of them would fit by chance.
_MACHINE = re.compile(r"[0-9A-Fa-f-]{32,}|[0-9A-Za-z+/_=.-]{80,}")
_LETTERS = re.compile(r"[A-WYZa-wyz]")
_NOT_KEPT = frozenset({"caller"})


def misplaced(endpoint: Endpoint[Any, Any], command: Command) -> Refused | None:
    """Return what is to be answered to a command with a national id out of its place; None where there is none."""
    looked_at = {"key": command.key} if endpoint.service == registry.SERVICE else msgspec.to_builtins(command)
    for field, text in _texts(looked_at, ""):
        if holds_id(text):
            return Refused(errors=(_refusal(field, text),))
    return None


def _texts(value: Any, field: str) -> Iterator[tuple[str, str]]:
    """Every text and large number in a command, long enough for an id, with its path."""
    if isinstance(value, str):
        if len(value) >= _SHORTEST and not _is_machines(value):
            yield field, value
    elif isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 10**_SHORTEST:
            yield field, str(value)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in _NOT_KEPT:
                path = f"{field}.{name}" if field else str(name)
                yield from _texts(str(name), path)
                yield from _texts(inner, path)
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _texts(inner, f"{field}[{place}]")


def _is_machines(text: str) -> bool:
    # Numbers in a row are a person's, however many; X is one of their characters.
    return _MACHINE.fullmatch(text) is not None and len(_LETTERS.findall(text)) > 1


def _refusal(field: str, text: str) -> RefusalItem:
    return RefusalItem(
        code="NATIONAL_ID_MISPLACED",
        # A name of the caller's own may be the number itself.
        field=without_ids(field),
        value=without_ids(text)[:200],
        message_zh="此处填写了身份证号，而此项以明文保存和显示。",
        message_en="A national id stands here, in a field that is kept and shown in the clear.",
        remedy_zh="请从此处删去身份证号；身份证号只在登记教师时填入“身份证号”一项。",
        remedy_en="Take it out of this field; a national id is given only as such, when a teacher is registered.",
    )
