"""Budgets that several gateway processes of one machine count together, in a file that all of them have in memory.

The rule is that of `Meter`. The clock is the machine's, so the moment when a budget will be whole again is the same
number in every process, and it is all that is kept: 8 bytes beside a digest of whose it is. What is whole again needs
no place, so only who asked within the last minute takes one.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import struct
import time
from collections.abc import Callable, Hashable
from pathlib import Path

from yanxiu_wire.settings import SettingRefused

from yanxiu_gateway.budgets import MINUTE, Allowed, Budgets, verdict

# Of so many who fall into the same bucket, the one whose budget is whole soonest makes room: he loses least.
_WAYS = 8
_ONE = struct.Struct("<16sd")
_BUCKET = struct.Struct("<" + "16sd" * _WAYS)
_SALT_BYTES = 64
CALLER_BUCKETS = 8_192
DISTRICT_BUCKETS = 1_024
_BYTES = _SALT_BYTES + (CALLER_BUCKETS + DISTRICT_BUCKETS) * _BUCKET.size
# Who has the lock has it for microseconds. One that was stopped just there must not stop the others: after so many
# tries they count without it, and the two counts of that moment may come out as one.
_TRIES = 20


class SharedFile:
    """The file, made by who opens it first; raises `SettingRefused` where it cannot be had, or is another."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX)
                _make(self._file)
                self.memory = mmap.mmap(self._file, _BYTES)
                fcntl.flock(self._file, fcntl.LOCK_UN)
            except BaseException:
                os.close(self._file)
                raise
        except (OSError, ValueError) as error:
            raise SettingRefused("YANXIU_SHARED_BUDGETS", f"{path}: {error}", "") from None
        self.salt = self.memory[:_SALT_BYTES]

    def lock(self) -> bool:
        """Let nobody else count until `unlock`; whether it was to be had."""
        for _ in range(_TRIES):
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.sched_yield()
            else:
                return True
        return False

    def unlock(self) -> None:
        """Let others count."""
        fcntl.flock(self._file, fcntl.LOCK_UN)


def _make(file: int) -> None:
    """Give a new file its size, of which every byte is there: a full disk is found out now and not while counting.

    Whoever ended before he had put the salt into it left none.
    """
    size = os.fstat(file).st_size
    if size not in {0, _BYTES}:
        raise ValueError(
            "is no file of budgets, one of another version, or was left unfinished; delete it if it is one"
        )
    os.posix_fallocate(file, 0, _BYTES)
    if not any(os.pread(file, _SALT_BYTES, 0)):
        os.pwrite(file, os.urandom(_SALT_BYTES), 0)


class SharedMeter:
    """Budgets of one size in a part of the file, as `Meter` keeps them in one process."""

    def __init__(
        self, most: int, file: SharedFile, begins: int, buckets: int, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._file = file
        self._begins = begins
        self._buckets = buckets
        self._now = now

    def take(self, key: Hashable, cost: int) -> tuple[int, float]:
        """Take the cost, with what `Meter.take` answers."""
        digest = hashlib.blake2b(repr(key).encode(), digest_size=16, key=self._file.salt).digest()
        bucket = self._begins + int.from_bytes(digest[:4], "little") % self._buckets * _BUCKET.size
        locked = self._file.lock()
        try:
            now = self._now()
            place, known = self._place(bucket, digest)
            # Of a time before the machine was started again: nobody owes more than a minute.
            left, wait, whole_at = verdict(self._most, now if known > now + 2 * MINUTE else known, now, cost)
            if left >= 0:
                _ONE.pack_into(self._file.memory, bucket + place * _ONE.size, digest, whole_at)
        finally:
            if locked:
                self._file.unlock()
        return left, wait

    def _place(self, bucket: int, digest: bytes) -> tuple[int, float]:
        """Where in a bucket somebody is, or may be put; and when his budget is whole, which is long ago for the new."""
        row = _BUCKET.unpack_from(self._file.memory, bucket)
        digests, moments = row[::2], row[1::2]
        if digest in digests:
            place = digests.index(digest)
            return place, moments[place]
        return moments.index(min(moments)), 0.0


def shared_budgets(allowed: Allowed, file: SharedFile) -> Budgets:
    """Budgets which all processes that have this file count together."""
    districts_begin = _SALT_BYTES + CALLER_BUCKETS * _BUCKET.size
    return Budgets(
        allowed,
        callers=SharedMeter(allowed.caller, file, _SALT_BYTES, CALLER_BUCKETS),
        districts=SharedMeter(allowed.district, file, districts_begin, DISTRICT_BUCKETS),
    )
