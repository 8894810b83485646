"""What is measured of a district's ledger and jobs, for Prometheus and for `$SRV.STATS`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from yanxiu_durable.looking import Look
from yanxiu_wire.metrics import Count, gauge
from yanxiu_wire.vitals import LedgerVitals

from yanxiu_credits.books.tables import signed_head
from yanxiu_credits.jobs.tables import job_part
from yanxiu_credits.tables import ledger_head, ledger_state

VERIFICATIONS = Count(
    "yanxiu_ledger_verifications_total",
    "台账核验：whole 相符、broken 不符、balances 台账相符而结余不符、failed 未能核验",
    "verifications of a ledger: whole, broken, whole beside balances that are not its sums (balances), not carried out",
    ("district", "outcome"),
)
VERIFIED_AT = gauge(
    "yanxiu_ledger_verified_timestamp_seconds",
    "本进程上次核验整部台账的时刻",
    "when this process last verified the whole ledger",
    ("district",),
)
_ENTRIES = gauge("yanxiu_ledger_entries", "台账的条数", "entries of the ledger", ("district",))
_CLOSED = gauge(
    "yanxiu_ledger_closed",
    "1 表示台账不符，已停止登记",
    "1 when the ledger does not verify and takes no entry",
    ("district",),
)
_SIGNED = gauge(
    "yanxiu_ledger_signed_entries",
    "最新已签署的台账头所及的条数",
    "entries that the newest signed head speaks for",
    ("district",),
)
_SIGNED_AT = gauge(
    "yanxiu_ledger_signed_timestamp_seconds",
    "最新台账头的签署时刻",
    "when the newest head was signed",
    ("district",),
)
_PARTS = gauge("yanxiu_job_parts", "作业分块数，按状态", "parts of jobs by state", ("district", "state"))
_STATES = ("held", "waiting")

_HEAD = sa.select(ledger_head.c.seq).where(ledger_head.c.district == sa.bindparam("of"))
_STATE = sa.select(ledger_state.c.closed).where(ledger_state.c.district == sa.bindparam("of"))
_LAST = (
    sa.select(signed_head.c.size, signed_head.c.day, signed_head.c.signed_us)
    .where(signed_head.c.district == sa.bindparam("of"))
    .order_by(signed_head.c.size.desc(), signed_head.c.day.desc())
    .limit(1)
)
_COUNTED = (
    sa.select(job_part.c.state, sa.func.count().label("parts"))
    .where(job_part.c.district == sa.bindparam("of"), job_part.c.state.in_(_STATES))
    .group_by(job_part.c.state)
)


def vital_facts(look: Look, district: str) -> Mapping[str, Any]:
    """Measure the ledger and the parts of jobs of one district."""
    of = {"of": district}
    head, state, last = look(_HEAD, of), look(_STATE, of), look(_LAST, of)
    parts = {row.state: row.parts for row in look(_COUNTED, of)}
    ledger = LedgerVitals(
        entries=head[0].seq if head else 0,
        closed=bool(state and state[0].closed),
        signed_entries=last[0].size if last else 0,
        signed_on=last[0].day if last else None,
    )
    _ENTRIES.labels(district).set(ledger.entries)
    _CLOSED.labels(district).set(ledger.closed)
    _SIGNED.labels(district).set(ledger.signed_entries)
    if last:
        _SIGNED_AT.labels(district).set(last[0].signed_us / 1_000_000)
    for one in _STATES:
        _PARTS.labels(district, one).set(parts.get(one, 0))
    return {"ledger": ledger, "job_parts": parts.get("waiting", 0)}
