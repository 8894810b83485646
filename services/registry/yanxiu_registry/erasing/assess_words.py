"""What a person may be named by in a text, and whose names are not taken for his: compared by letters alone. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
from yanxiu_footing.assess_statement import bare
from yanxiu_wire.erasure import EVERY_KIND, ErasureWords, WordKind


def words_among(names: Collection[str], numbers: Collection[str], others: Iterable[str]) -> ErasureWords:
    """Return his words, given every name that any other teacher has or had.

    A name that another has too, in whatever case or width and with whatever signs between, is shared; a longer one that
    holds his is spared.
    """
    his = {one: bare(one) for one in names if bare(one)}
    theirs = {one: bare(one) for one in others}
    borne = set(theirs.values())
    longer = {
        one for one, its in theirs.items() if its not in his.values() and any(mine in its for mine in his.values())
    }
    return ErasureWords(
        names=tuple(sorted(one for one, its in his.items() if its not in borne)),
        shared=tuple(sorted(one for one, its in his.items() if its in borne)),
        numbers=tuple(sorted(numbers)),
        spared=tuple(sorted(longer)),
    )


def within(words: ErasureWords, everywhere: Collection[WordKind] | None) -> ErasureWords:
    """Return the words as it was decided: kinds that are not named stay where a row is not about him.

    None is how older versions began an erasure: every kind goes everywhere.
    """
    kinds = EVERY_KIND if everywhere is None else everywhere
    if "name" not in kinds:
        words = msgspec.structs.replace(words, names=(), shared=tuple(sorted({*words.shared, *words.names})))
    if "number" not in kinds:
        words = msgspec.structs.replace(words, numbers=(), shared_numbers=words.numbers)
    return words
