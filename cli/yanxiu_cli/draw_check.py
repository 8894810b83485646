"""Repeat a published draw from its file alone, as docs/supervision-and-awards.md describes it: no platform is asked."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import msgspec

ALGORITHM = "yanxiu-draw-1"


class PublishedDraw(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed of a draw to repeat it; a file may hold more."""

    id: str
    algorithm: str
    roster: tuple[str, ...]
    count: int
    roster_sha256: str
    seed_sha256: str
    seed: str | None = None
    witness: str | None = None
    drawn: tuple[str, ...] = ()


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was checked: what in two languages, and whether it holds."""

    zh: str
    en: str
    holds: bool


def read_draw(file: Path) -> PublishedDraw:
    """Return the draw of a file; raises OSError, or ValueError (msgspec's too) for a file that is none."""
    return msgspec.json.decode(file.read_bytes(), type=PublishedDraw)


def checks(draw: PublishedDraw) -> tuple[Check, ...]:
    """Return what was checked: the roster by its digest and, once revealed, the seed by its own and the schools drawn.

    A draw that is said to be revealed and lacks seed, witness's word or schools fails: nothing shows what drew it.
    Raises ValueError for an algorithm that is not known here, and for a seed that is no hexadecimal text.
    """
    if draw.algorithm != ALGORITHM:
        raise ValueError(f"the algorithm {draw.algorithm} is not known: {ALGORITHM} is")
    listed = "".join(f"{name}\n" for name in sorted(set(draw.roster)))
    roster = hashlib.sha256(listed.encode()).hexdigest() == draw.roster_sha256
    found = [Check(zh="名单与公布的摘要一致", en="the roster has the digest that was published", holds=roster)]
    if not is_revealed(draw):
        return tuple(found)
    if draw.seed is None or draw.witness is None or not draw.drawn:
        lacks = Check(
            zh="种子、见证词与抽出的学校齐全", en="seed, witness's word and schools are all there", holds=False
        )
        return (*found, lacks)
    seed = bytes.fromhex(draw.seed)
    same = hashlib.sha256(seed).hexdigest() == draw.seed_sha256
    found.append(Check(zh="种子与先前的承诺一致", en="the seed is the one that was committed to", holds=same))
    drawn = in_order(seed, draw.witness, draw.roster)[: draw.count] == draw.drawn
    found.append(Check(zh="重算所得与公布的学校相同", en="drawn again, it is the same schools", holds=drawn))
    return tuple(found)


def is_revealed(draw: PublishedDraw) -> bool:
    """Say whether anything of the draw is revealed; before, only its roster can be checked."""
    return draw.seed is not None or draw.witness is not None or bool(draw.drawn)


def against_commitment(draw: PublishedDraw, before: PublishedDraw) -> tuple[Check, ...]:
    """Return whether a draw is the one that was committed to, by the file that was kept before it was revealed."""
    same = {name: getattr(draw, name) == getattr(before, name) for name in ("id", "algorithm", "count", "seed_sha256")}
    roster = (set(draw.roster), draw.roster_sha256) == (set(before.roster), before.roster_sha256)
    return (
        Check(zh="先前的文件是揭晓前保存的", en="the file kept before is of before", holds=not is_revealed(before)),
        Check(zh="名单与先前保存的一致", en="the roster is the one kept before", holds=roster),
        Check(zh="承诺与先前保存的一致", en="the commitment is the one kept before", holds=all(same.values())),
    )


def in_order(seed: bytes, word: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names in the order of their tags: HMAC-SHA256 with the seed over the word, a line feed, the name."""
    tagged = ((hmac.digest(seed, f"{word}\n{name}".encode(), "sha256"), name) for name in set(names))
    return tuple(name for _, name in sorted(tagged))
