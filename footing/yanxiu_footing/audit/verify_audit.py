"""Walk a district's trail from its first line: is every line as it was written, and none missing."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.audit import AuditHead, AuditVerified, VerifyAudit
from yanxiu_wire.deadline import Deadline

from yanxiu_footing.audit.chain import digest
from yanxiu_footing.audit.retention import FLOOR_US
from yanxiu_footing.audit.tables import audit_gap, audit_object, audit_record
from yanxiu_footing.audit.trailing import Trailing

_AT_ONCE = 2_000
_ITS = audit_record.c


class _Bad(Exception):
    """The first line that is not as it was."""

    def __init__(self, seq: int, problem: str) -> None:
        super().__init__(problem)
        self.seq = seq
        self.problem = problem


class _Walk:
    """Where the walk stands: the number that comes next, the digest and the time of the line before."""

    def __init__(self, gaps: Mapping[int, Any], heads: Sequence[AuditHead]) -> None:
        self.next, self.hash, self.at_us = 1, "", 0
        self.records = self.expired = 0
        self._gaps = gaps
        self._heads = {one.seq: one.hash for one in heads}

    def step(self, row: Any, indexed: frozenset[str]) -> None:
        """Go over one line, and the expired ones before it; raises `_Bad`."""
        while self.next < row["seq"]:
            self._over_gap(row["at_us"])
        if row["seq"] != self.next:
            raise _Bad(row["seq"], "编号重复 the number occurs twice")
        if digest(self.hash, row) != row["hash"]:
            raise _Bad(self.next, "内容与摘要不符 the line or the one before it was changed")
        if row["at_us"] <= self.at_us:
            raise _Bad(self.next, "时间早于上一条 earlier than the line before")
        if frozenset(row["objects"].split()) != indexed:
            raise _Bad(self.next, "索引与内容不符 the index of ids was changed")
        self._pass(row["hash"], row["at_us"])
        self.records += 1

    def end(self) -> None:
        """See that no kept head lies beyond the last line."""
        beyond = [seq for seq in self._heads if seq >= self.next]
        if beyond:
            raise _Bad(self.next, f"末尾缺失至 {max(beyond)} the end is missing, up to {max(beyond)}")

    def _over_gap(self, until_us: int) -> None:
        gap = self._gaps.get(self.next)
        if gap is None:
            raise _Bad(self.next, "缺失 the line is missing")
        if gap.expired_us - gap.at_us < FLOOR_US or not self.at_us < gap.at_us < until_us:
            raise _Bad(self.next, "未满保存期限即被删除 removed before its time")
        self.expired += gap.last_seq - gap.first_seq + 1
        self.next = gap.last_seq
        self._pass(gap.hash, gap.at_us)

    def _pass(self, hashed: str, at_us: int) -> None:
        kept = self._heads.get(self.next)
        if kept is not None and kept != hashed:
            raise _Bad(self.next, "与另存的摘要不符 not the line whose digest was kept")
        self.next, self.hash, self.at_us = self.next + 1, hashed, at_us


async def verify_audit(service: Trailing, district: str, query: VerifyAudit, deadline: Deadline) -> AuditVerified:
    """Return how far the trail is whole: the first bad line, or its last one."""
    await service.trail.write(district)
    async with service.databases.read(district) as connection:
        gaps = await connection.execute(sa.select(audit_gap).where(audit_gap.c.district == district))
        walk = _Walk({one.first_seq: one for one in gaps}, query.heads)
        try:
            await _over(connection, district, walk, deadline)
            walk.end()
        except _Bad as bad:
            return _verified(walk, bad)
    return _verified(walk, None)


async def _over(connection: AsyncConnection, district: str, walk: _Walk, deadline: Deadline) -> None:
    more = sa.select(audit_record).where(_ITS.district == district).order_by(_ITS.seq).limit(_AT_ONCE)
    places, last = audit_object.c, 0
    while True:
        deadline.check()
        rows = (await connection.execute(more.where(_ITS.seq > last))).mappings().all()
        if not rows:
            return
        begin, last = rows[0]["seq"], rows[-1]["seq"]
        found = await connection.execute(
            sa.select(places.seq, places.object).where(places.district == district, places.seq.between(begin, last))
        )
        indexed: dict[int, set[str]] = defaultdict(set)
        for seq, one in found:
            indexed[seq].add(one)
        for row in rows:
            walk.step(row, frozenset(indexed[row["seq"]]))
        await asyncio.sleep(0)  # others are answered in between


def _verified(walk: _Walk, bad: _Bad | None) -> AuditVerified:
    return AuditVerified(
        records=walk.records,
        expired=walk.expired,
        head=AuditHead(seq=walk.next - 1, hash=walk.hash),
        first_bad=bad.seq if bad else None,
        problem=bad.problem if bad else None,
    )
