"""Where a person's names and staff numbers stand in a text, and the text without them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import msgspec

from yanxiu_footing.assess_statement import SHORTEST_ID, SHORTEST_LATIN_NAME, SHORTEST_NAME, bare

BLANK = "［已删除 erased］"
# Between the characters of a name some people put blanks, a dot or a hyphen. No dash (——), comma or stop: these part
# sentences and lists.
_GAP = r"(?:[ \t\u00a0\u3000\u200b-\u200d\ufeff]{0,6}|[\s·・•.．\-‐‑_*]{0,2})"
_OPENS, _CLOSES = "[(（\\[【]", "[)）\\]】]"
# A letter or digit of a script that parts its words; Chinese parts none.
_LETTER = r"[^\W_\u2e80-\U0010ffff]"
# Nothing of a longer word stands beside it, nor a hyphen with more behind: parts of ids and of dates are nobody's.
_BEFORE, _AFTER = rf"(?<!{_LETTER})(?<!{_LETTER}-)", rf"(?!{_LETTER}|-{_LETTER})"
_FIRST_OF_MANY = 0x2E80
_WIDE = 0xFEE0
# A string of JSON, and the colon behind it where it is a name of a field.
_STRING = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?')
# A string that is nothing but a number may be an amount, which without it would no longer be one.
_FIGURE = re.compile(r"\s*[+-]?[0-9][0-9.,]*\s*")
_OF_STAFF = re.compile(r"工号|staff|employee", re.IGNORECASE)


class Sought(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What is looked for: names and numbers; `spared` are longer names of others, in which his may be contained."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return what is long enough to be looked for, without blanks around it; letters count, not a mask (张×)."""
        named = (one.strip() for one in self.names)
        kept = [one for one in named if len(bare(one)) >= (SHORTEST_LATIN_NAME if _spelt(one) else SHORTEST_NAME)]
        return (*kept, *(one for one in map(str.strip, self.numbers) if len(one) >= SHORTEST_ID and bare(one)))

    @cached_property
    def fragments(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """Return for each word what a text with it holds in any case, each in the ways in which it may be written.

        ASCII stands there in small letters, to be sought among the small letters of a text.
        """
        return tuple(tuple(dict.fromkeys(_fragments(one))) for one in self.words)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return the words as they may be written; the first group holds what is spared."""
        own = {bare(one) for one in self.words}
        # Another's name that differs in case or in its dots alone is his as well as the other's.
        others = [one for one in self.spared if bare(one) and bare(one) not in own]
        return re.compile(f"({_any_of(others)})|{_any_of(self.words)}")


def _any_of(words: Iterable[str]) -> str:
    ways = dict.fromkeys(way for one in words for way in (one, unicodedata.normalize("NFKC", one)))
    return "|".join(_written(one) for one in sorted(ways, key=len, reverse=True)) or r"(?!)"


def _spelt(word: str) -> bool:
    """Whether a word is of a script that parts its words."""
    return all(ord(one) < _FIRST_OF_MANY for one in unicodedata.normalize("NFKC", word))


def _runs(word: str) -> list[str]:
    """The letters and digits of a word, parted as it parts them."""
    return "".join(one if one.isalnum() else " " for one in word).split()


def _ways(character: str) -> list[str]:
    """A character in each case and width."""
    cases = (character, character.lower(), character.upper(), character.title())
    plain = [one for one in dict.fromkeys(cases) if len(one) == 1]
    return plain + [chr(ord(one) + _WIDE) for one in plain if one.isascii() and one.isalnum()]


def _fragments(word: str) -> Iterable[tuple[str, ...]]:
    for run in _runs(unicodedata.normalize("NFKC", word)):
        if run.isascii():
            cases = dict.fromkeys((run.lower(), run.upper(), run.title()))
            yield (run.lower(), *("".join(chr(ord(one) + _WIDE) for one in way) for way in cases))
        else:
            yield from (tuple(dict.fromkeys((one.lower(), *_ways(one)))) for one in run)


def _written(word: str) -> str:
    if _spelt(word):
        runs = ("".join(map(_sign, run)) for run in _runs(word))
        return f"{_BEFORE}{_GAP.join(runs)}{_AFTER}"
    signs = [_sign(one) for one in word if one.isalnum()]
    # The rest of it may stand in brackets.
    bracketed = [f"{_GAP.join(signs[:at])}{_OPENS}{_GAP.join(signs[at:])}{_CLOSES}" for at in range(1, len(signs))]
    return "|".join((*bracketed, _GAP.join(signs)))


def _sign(character: str) -> str:
    ways = _ways(character)
    return re.escape(character) if len(ways) == 1 else f"[{''.join(map(re.escape, ways))}]"


def blanked(text: str, sought: Sought) -> str:
    """Return the text with a blank for each occurrence; of JSON the values alone change, and all else byte for byte.

    A string of JSON that is nothing but a number stays, for it may be an amount: unless its field says that it is a
    staff number.
    """
    if text.lstrip()[:1] in ("{", "[", '"') and _is_json(text):
        return _in_json(text, sought)
    return sought.pattern.sub(lambda found: found.group() if found.group(1) is not None else BLANK, text)


def keeps_figure(text: str, sought: Sought) -> bool:
    """Whether one of the numbers stands in JSON as a value that is nothing but a number, and is left for that."""
    if not sought.numbers or text.lstrip()[:1] not in ("{", "[", '"') or not _is_json(text):
        return False
    return any(sought.pattern.fullmatch(one.strip()) for one in _figures(msgspec.json.decode(text), ""))


def _figures(value: Any, field: str) -> Iterable[str]:
    """The values that are nothing but a number, unless their field says that they are a staff number."""
    if isinstance(value, dict):
        for name, its in value.items():
            yield from _figures(its, name)
    elif isinstance(value, list):
        for its in value:
            yield from _figures(its, field)
    elif isinstance(value, str):
        if not _FIGURE.fullmatch(value):
            # A text may be JSON itself.
            yield from (
                _figures(msgspec.json.decode(value), "") if value[:1] in ("{", "[", '"') and _is_json(value) else ()
            )
        elif not _OF_STAFF.search(field):
            yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True


def _in_json(text: str, sought: Sought) -> str:
    field = ""

    def string(found: re.Match[str]) -> str:
        nonlocal field
        value = msgspec.json.decode(found.group(1), type=str)
        if found.group(2) is not None:
            field = value
            return found.group()
        if _FIGURE.fullmatch(value) and not _OF_STAFF.search(field):
            return found.group()
        # A text may be JSON itself.
        new = blanked(value, sought)
        return found.group(1) if new == value else msgspec.json.encode(new).decode()

    return _STRING.sub(string, text)
