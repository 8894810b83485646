"""The Merkle tree of RFC 9162 (sections 2.1.1 to 2.1.5) over the hashes of a ledger's entries. Pure.

A leaf is SHA-256(0x00 || entry's hash), a node SHA-256(0x01 || left || right); the tree of n leaves splits at the
largest power of two below n. Hashes are 32 bytes here; outside they travel as hex.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()

# (level, place) -> hash of that complete subtree of 2**level leaves, None where it is not known.
Known = Callable[[int, int], bytes | None]


class NodeMissing(Exception):
    """A subtree was needed that nobody knows; `level` and `at` name it."""

    def __init__(self, level: int, at: int) -> None:
        super().__init__(f"no node {at} of level {level}")
        self.level, self.at = level, at


def leaf(entry_hash: bytes) -> bytes:
    """Return the leaf of an entry's hash."""
    return hashlib.sha256(b"\x00" + entry_hash).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the node over two."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the largest power of two below `size` (which is at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


class Frontier:
    """A growing tree, kept as the roots of its complete subtrees: one step for each leaf, log2 n hashes in memory."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []
        self.finished: Callable[[int, int, bytes], None] | None = None

    def add(self, one: bytes) -> None:
        """Take the next leaf; `finished(level, place, hash)` hears of each subtree that becomes complete."""
        level, at = 0, self.size
        while at & 1:
            one = node(self._roots.pop(), one)
            level, at = level + 1, at >> 1
            if self.finished is not None:
                self.finished(level, at, one)
        self._roots.append(one)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the leaves taken so far."""
        if not self._roots:
            return EMPTY
        whole = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            whole = node(left, whole)
        return whole


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaves."""
    tree = Frontier()
    for one in leaves:
        tree.add(one)
    return tree.root()


def hash_of(known: Known, start: int, size: int) -> bytes:
    """Return the hash of the subtree of `size` leaves from `start` on, out of what is known; raises `NodeMissing`."""
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        found = known(level, start >> level)
        if found is not None:
            return found
        if level == 0:
            raise NodeMissing(0, start)
    left = split(size)
    return node(hash_of(known, start, left), hash_of(known, start + left, size - left))


def inclusion(known: Known, at: int, size: int) -> list[bytes]:
    """Return the path from leaf `at` (from 0) to the root of the tree of `size` leaves."""

    def path(start: int, count: int, place: int) -> list[bytes]:
        if count == 1:
            return []
        left = split(count)
        if place < left:
            return [*path(start, left, place), hash_of(known, start + left, count - left)]
        return [*path(start + left, count - left, place - left), hash_of(known, start, left)]

    return path(0, size, at)


def included(one: bytes, at: int, size: int, path: Sequence[bytes], root_hash: bytes) -> bool:
    """Say whether a leaf stands at place `at` of the tree of `size` leaves with that root (RFC 9162, 2.1.3.2)."""
    if not 0 <= at < size:
        return False
    place, last, whole = at, size - 1, one
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            whole = node(step, whole)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            whole = node(whole, step)
        place, last = place >> 1, last >> 1
    return last == 0 and whole == root_hash


def consistency(known: Known, older: int, newer: int) -> list[bytes]:
    """Return the nodes that prove the tree of `older` leaves to be the beginning of the tree of `newer` leaves."""

    def sub(start: int, old: int, new: int, *, whole: bool) -> list[bytes]:
        if old == new:
            return [] if whole else [hash_of(known, start, new)]
        left = split(new)
        if old <= left:
            return [*sub(start, old, left, whole=whole), hash_of(known, start + left, new - left)]
        return [*sub(start + left, old - left, new - left, whole=False), hash_of(known, start, left)]

    return sub(0, older, newer, whole=True) if 0 < older < newer else []


def consistent(older: int, newer: int, old_root: bytes, new_root: bytes, nodes: Sequence[bytes]) -> bool:
    """Say whether the nodes prove that the newer tree begins with the older one (RFC 9162, 2.1.4.2)."""
    if older == newer:
        return not nodes and old_root == new_root
    if not 0 < older < newer or not nodes:
        return older == 0 and not nodes and old_root == EMPTY
    path = list(nodes) if older & (older - 1) else [old_root, *nodes]
    place, last = older - 1, newer - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node(step, old), node(step, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root
