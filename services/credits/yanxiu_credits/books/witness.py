"""Hold a ledger's rows against what was signed of it: heads kept here and outside, nodes of its tree. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from joserfc.jwk import KeySet
from yanxiu_wire import merkle
from yanxiu_wire.books import SignedHead
from yanxiu_wire.signed import Head, NotSigned, fingerprint, read_head

from yanxiu_credits.ledger import Broken


class Witness:
    """Takes the hashes of entries in their order and compares the tree over them with every signed head as it passes.

    A head that does not fit says that a row since the head before was changed: the first of those is named.
    """

    def __init__(self, heads: Iterable[Head], *, levels: Sequence[int]) -> None:
        self._waiting = sorted(heads, key=lambda one: one.size, reverse=True)
        self._tree = merkle.Frontier()
        self._tree.finished = self._finished
        self._levels = frozenset(levels)
        self._trusted = 0
        self.nodes: dict[tuple[int, int], str] = {}

    def take(self, hashes: Iterable[str]) -> Broken | None:
        """Take the next hashes (hex); return the first head that does not fit, as the first row it speaks of."""
        for one in hashes:
            self._tree.add(merkle.leaf(bytes.fromhex(one)))
            while self._waiting and self._waiting[-1].size == self._tree.size:
                head = self._waiting.pop()
                if (head.root, head.head) != (self._tree.root().hex(), one):
                    return _rewritten(head, self._trusted + 1)
                self._trusted = head.size
        return None

    def close(self) -> Broken | None:
        """Return the head that speaks of more rows than there are, None when every head was passed."""
        if not self._waiting:
            return None
        head, size = self._waiting[-1], self._tree.size
        return Broken(
            seq=size + 1,
            problem=f"缺失：{head.day}签署时有{head.size}条，现有{size}条 "
            f"missing: {head.size} rows were signed on {head.day}, there are {size}",
        )

    def take_nodes(self) -> dict[tuple[int, int], str]:
        """Return the subtrees that became complete since it was last asked: (level, place) to hash."""
        done, self.nodes = self.nodes, {}
        return done

    def _finished(self, level: int, at: int, value: bytes) -> None:
        if level in self._levels:
            self.nodes[level, at] = value.hex()


def _rewritten(head: Head, first: int) -> Broken:
    return Broken(
        seq=first,
        problem=f"已重写：第{first}至{head.size}条不是{head.day}签署的 "
        f"rewritten: rows {first} to {head.size} are not those that were signed on {head.day}",
    )


def first_other(computed: dict[tuple[int, int], str], stored: dict[tuple[int, int], str], signed: int) -> Broken | None:
    """Return the first stored node that differs from the rows under it, or is missing though `signed` rows have one."""
    for (level, at), value in sorted(computed.items(), key=lambda item: (item[0][1] << item[0][0], item[0][0])):
        found = stored.get((level, at))
        due = (at + 1) << level <= signed
        if found != value and (found is not None or due):
            return Broken(
                seq=(at << level) + 1,
                problem=f"已改动：所存树第{level}层第{at}个节点 altered: node {at} of level {level} of the stored tree",
            )
    return None


def read_stated(heads: Sequence[SignedHead], keys: KeySet) -> tuple[list[Head], Broken | None]:
    """Return what the stored heads state, and the first that was altered, or that does not follow the one before."""
    stated: list[Head] = []
    previous: str | None = None
    for one in heads:
        try:
            head = read_head(one.token, keys)
        except NotSigned:
            return stated, Broken(
                seq=one.size,
                problem=f"已改动：{one.day}签署的台账头 altered: the signed head of {one.day}, {one.size} rows",
            )
        if (head.origin, head.day, head.size, head.root, head.head) != (
            one.district,
            one.day,
            one.size,
            one.root,
            one.head,
        ):
            return stated, Broken(
                seq=one.size,
                problem=f"已改动：{one.day}签署的台账头 altered: the signed head of {one.day}, {one.size} rows",
            )
        if head.previous != previous:
            return stated, Broken(
                seq=one.size, problem=f"缺失：{one.day}之前的台账头 missing: a signed head before that of {one.day}"
            )
        previous = fingerprint(one.token)
        stated.append(head)
    return stated, None
