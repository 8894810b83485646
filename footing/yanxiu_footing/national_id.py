"""The 18-character resident identity number (GB 11643-1999): its form, its check character and its mask."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_FORM = re.compile(r"[0-9]{17}[0-9X]")
_LIKE = re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9])")
# As people also write it, in groups; every place where it may begin is looked at.
_GROUPED = re.compile(r"(?<![0-9])(?=([0-9](?:[\s.-]*[0-9]){16}[\s.-]*[0-9Xx])(?![0-9]))")
_BETWEEN = re.compile(r"[\s.-]+")
_WEIGHTS = tuple(2 ** (17 - place) % 11 for place in range(17))  # ISO 7064 MOD 11-2, as GB 11643 writes it
_CHECKS = "10X98765432"
_LENGTH = 18
_SHOWN_FIRST, _SHOWN_LAST = 3, 4
_OLDEST_YEAR = 1900
_YOUNGEST = 16  # the working age of the Labour Law: nobody on a school's roster is younger


def normal_form(text: str) -> str:
    """Half-width, without spaces around it, the check character in capitals."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def check_character(first17: str) -> str:
    """The eighteenth character that belongs to the first seventeen digits."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def fault(number: str, today: date) -> tuple[str, str] | None:
    """What is wrong with a number in normal form, in Chinese and English; None when nothing is."""
    if not _FORM.fullmatch(number):
        return "应为 18 位：17 位数字加 1 位数字或 X", "it needs 18 characters: 17 digits and a digit or X"
    if check_character(number[:-1]) != number[-1]:
        return "校验码不符", "the check character does not fit the digits"
    try:
        born = date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        return "第 7 至 14 位不是日期", "characters 7 to 14 are no date"
    if born.year < _OLDEST_YEAR or born.year + _YOUNGEST > today.year:
        return "出生日期不合理", "the date of birth is not plausible"
    return None


def mask(number: str) -> str:
    """The first three and the last four characters; anything that is not 18 long is hidden whole."""
    if len(number) != _LENGTH:
        return "*" * min(len(number), _LENGTH)
    hidden = _LENGTH - _SHOWN_FIRST - _SHOWN_LAST
    return number[:_SHOWN_FIRST] + "*" * hidden + number[-_SHOWN_LAST:]


def _grouped(text: str) -> list[str]:
    """The valid numbers in a half-width text, as they are written there."""
    found = [match[1] for match in _GROUPED.finditer(text)]
    return [one for one in found if _valid(_BETWEEN.sub("", one).upper())]


def _valid(number: str) -> bool:
    if check_character(number[:-1]) != number[-1]:
        return False
    try:
        return date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}").year >= _OLDEST_YEAR
    except ValueError:
        return False


def holds_id(text: str) -> bool:
    """Whether a valid number stands anywhere in the text, full-width or in groups too."""
    return bool(_grouped(unicodedata.normalize("NFKC", text)))


def without_ids(text: str) -> str:
    """The text with everything in it that looks like an identity number masked."""
    plain = unicodedata.normalize("NFKC", text)
    for written in _grouped(plain):
        plain = plain.replace(written, mask(_BETWEEN.sub("", written).upper()))
    return _LIKE.sub(lambda found: mask(found.group()), plain)


def sought(text: str | None) -> str | None:
    """What a list is searched for: a number is in no name and no title, and stays out of the database's log."""
    return without_ids(text) if text and holds_id(text) else text
