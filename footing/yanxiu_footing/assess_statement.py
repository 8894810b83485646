"""Whether a statement tells whose it is: names are compared without blanks, punctuation, width or case. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

# A name that is part of ordinary words would refuse them too: what is so short is not sought.
SHORTEST_NAME, SHORTEST_LATIN_NAME, SHORTEST_ID = 2, 4, 6


def bare(text: str) -> str:
    """Return a text as it is compared: letters and digits alone, of one width and case."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())


def tells(statement: str, names: Iterable[str], ids: Iterable[str]) -> bool:
    """Say whether a statement holds one of the names, or of the ids."""
    said = bare(statement)
    sought = [one for one in map(bare, names) if len(one) >= (SHORTEST_LATIN_NAME if one.isascii() else SHORTEST_NAME)]
    sought += [one for one in map(bare, ids) if len(one) >= SHORTEST_ID]
    return any(one in said for one in sought)
