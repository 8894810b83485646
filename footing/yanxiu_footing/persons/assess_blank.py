"""Where a person's names and staff numbers stand in a text, and the text without them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

import msgspec

from yanxiu_footing.assess_statement import SHORTEST_ID, SHORTEST_LATIN_NAME, SHORTEST_NAME

BLANK = "［已删除 erased］"
# Between the characters of a name some people put a blank or a dot.
_GAP = r"[\s·・.．]{0,2}"
# What is no letter or digit, nor a hyphen behind which one stands: parts of ids and of dates are nobody's number.
_BEFORE, _AFTER = r"(?<![0-9A-Za-z])(?<![0-9A-Za-z]-)", r"(?![0-9A-Za-z]|-[0-9A-Za-z])"
# A string of JSON, and the colon behind it where it is a name of a field.
_STRING = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?')


class Sought(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What is looked for: names and numbers; `spared` are longer names of others, in which his may be contained."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return what is long enough to be looked for, without blanks around it; letters count, not a mask (张×)."""
        named = (one.strip() for one in self.names)
        kept = [one for one in named if _letters(one) >= (SHORTEST_LATIN_NAME if one.isascii() else SHORTEST_NAME)]
        return (*kept, *(one for one in map(str.strip, self.numbers) if len(one) >= SHORTEST_ID))

    @cached_property
    def fragments(self) -> tuple[tuple[str, ...], ...]:
        """Return for each word what a text with it holds in any case: itself, or each of its characters."""
        return tuple((one.lower(),) if one.isascii() else tuple(_characters(one)) for one in self.words)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return the words as they may be written; the first group holds what is spared."""
        spared = "|".join(_written(one) for one in sorted(self.spared, key=len, reverse=True) if one) or r"(?!)"
        words = "|".join(_written(one) for one in sorted(self.words, key=len, reverse=True)) or r"(?!)"
        return re.compile(f"({spared})|{words}", re.IGNORECASE)


def _letters(word: str) -> int:
    return sum(map(str.isalnum, word))


def _characters(word: str) -> Iterable[str]:
    return dict.fromkeys(one for one in word.lower() if one.isalnum())


def _written(word: str) -> str:
    if word.isascii():
        return f"{_BEFORE}{re.escape(word)}{_AFTER}"
    return _GAP.join(re.escape(one) for one in word if one.isalnum())


def blanked(text: str, sought: Sought) -> str:
    """Return the text with a blank for each occurrence; of JSON the values alone change, and all else byte for byte."""
    if text[:1] in ("{", "[", '"') and _is_json(text):
        return _STRING.sub(lambda found: _string(found, sought), text)
    return _plain(text, sought)


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True


def _string(found: re.Match[str], sought: Sought) -> str:
    literal = found.group(1)
    if found.group(2) is not None:
        return found.group()
    value = msgspec.json.decode(literal, type=str)
    # A text may be JSON itself.
    new = blanked(value, sought)
    return literal if new == value else msgspec.json.encode(new).decode()


def _plain(text: str, sought: Sought) -> str:
    return sought.pattern.sub(lambda found: found.group() if found.group(1) is not None else BLANK, text)
