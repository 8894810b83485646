"""Forms in which an id number may stand somewhere: its digits, and what encodings make of them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

_BITS, _SEXTET = 8, 6


def _integer(number: str) -> bytes:
    """As eight bytes, as SQLite and MessagePack keep a whole number; nothing where there is a letter in it."""
    return int(number).to_bytes(8, "big") if number.isdigit() else b""


def _base64(before: int) -> Callable[[str], bytes]:
    """Of a text with so many bytes before the number: the letters that the number alone makes, whatever is beside."""

    def made(number: str) -> bytes:
        first = -(-before * _BITS // _SEXTET)
        last = (before + len(number)) * _BITS // _SEXTET
        return base64.b64encode(b"\0" * before + number.encode())[first:last]

    return made


_MADE: Mapping[str, Callable[[str], bytes]] = {
    "digits": str.encode,
    "hex": lambda number: number.encode().hex().encode(),
    "UTF-16LE": lambda number: number.encode("utf-16-le"),
    "UTF-16BE": lambda number: number.encode("utf-16-be"),
    "integer": _integer,
    **{f"base64+{before}": _base64(before) for before in range(3)},
}
FORMS = tuple(_MADE)


@dataclass(frozen=True)
class _Form:
    """What to look for in one form: `begin` is what all of them begin with, so that a place is gone through once."""

    name: str
    begin: bytes
    length: int
    numbers: Mapping[bytes, str]

    def found_in(self, data: bytes) -> Iterator[tuple[str, str]]:
        at = data.find(self.begin)
        while at >= 0:
            if number := self.numbers.get(data[at : at + self.length]):
                yield self.name, number
            # Overlapping: a number may stand right behind a digit that it begins with.
            at = data.find(self.begin, at + 1)


class Wanted:
    """Numbers to look for, in every form, with a small x too."""

    def __init__(self, numbers: Iterable[str]) -> None:
        numbers = tuple(numbers)
        self._forms = [form for name in FORMS if (form := _form(name, numbers))]

    def found_in(self, data: bytes) -> set[tuple[str, str]]:
        """Return what stands in it: form and number."""
        return {hit for form in self._forms for hit in form.found_in(data)}


def written(number: str, form: str) -> bytes:
    """Return what is looked for where a number stands in that form; nothing where it has none."""
    return _MADE[form](number)


def _form(name: str, numbers: tuple[str, ...]) -> _Form | None:
    made = {written(spelt, name): number for number in numbers for spelt in (number, number.lower())}
    made.pop(b"", None)
    if not made:
        return None
    (length,) = {len(one) for one in made}
    least, most = min(made), max(made)
    same = next((place for place in range(length) if least[place] != most[place]), length)
    return _Form(name, least[:same], length, made)
