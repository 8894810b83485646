"""Which of many records a law finds worth something else: by columns first, one at a time what is left. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec
from yanxiu_footing.stored import canonical, thaw
from yanxiu_rulekit.columns import STATUSES, AssessedColumns, Assessor
from yanxiu_rulekit.decision import stands_alone
from yanxiu_wire.refusal import Refused

from yanxiu_credits.laws import InForce
from yanxiu_credits.policy.worth import Worth, worth_under

Governs = Callable[[date], InForce | Refused]
# Fewer under one law are judged one by one.
_FEW = 8


class Weigher:
    """Weighs records under the laws of their days; what it once found out of a law serves all that come later.

    Columns only say which records stay as they are; what does not is judged one at a time, with its explanation.
    Several threads may weigh at once.
    """

    def __init__(self, governs: Governs) -> None:
        self._governs = governs
        self._by_day: dict[date, _Law | Refused] = {}
        self._laws: dict[tuple[int, str], _Law] = {}

    def changed(self, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Worth]]:
        """Return the records that the law of their day finds worth something else than the books hold, in order."""
        groups: dict[int, tuple[_Law, list[Mapping[str, Any]]]] = {}
        for row in rows:
            law = self._found_on(row["on"])
            if isinstance(law, _Law):
                groups.setdefault(id(law), (law, []))[1].append(row)
        stays: set[str] = set()
        for law, own in groups.values():
            stays |= law.unchanged(own)
        for row in rows:
            if row["id"] not in stays:
                worth = worth_under(self.law_on(row["on"]), row)
                if differs(row, worth):
                    yield row, worth

    def law_on(self, on: date) -> InForce | Refused:
        """Return the law of a day, or why there is none."""
        found = self._found_on(on)
        return found.law if isinstance(found, _Law) else found

    def _found_on(self, on: date) -> _Law | Refused:
        """Return the law of a day; days under the same law and settings share it."""
        found = self._by_day.get(on)
        if found is None:
            law = self._governs(on)
            if isinstance(law, Refused):
                found = law
            else:
                key = (id(law.pack), canonical(law.settings))
                found = self._laws.setdefault(key, _Law(law))
            self._by_day[on] = found
        return found


def changed_by(governs: Governs, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Worth]]:
    """Return the records that the law of their day finds worth something else than the books hold, in their order."""
    return Weigher(governs).changed(rows)


def differs(row: Mapping[str, Any], after: Worth) -> bool:
    """Whether a law finds a record worth something else than the books hold of it.

    A record worth nothing that the law would refuse stays what it is: nothing of it counts either way.
    """
    if row["status"] == "ZERO" and after.status in ("ZERO", "REJECTED"):
        return False
    held = (row["status"], row["micro_hours"], row["micro_credits"])
    came = (after.status, after.micro_hours, after.micro_credits)
    return held != came or kept(row["attributes"]) != kept(after.attributes)


@lru_cache(maxsize=8192)
def kept(attributes: str) -> str:
    """Return stored attributes in the one form by which they are compared: `10.0` and `10` are the same."""
    return canonical(thaw(attributes))


class _Law:
    """One law, with the assessors that know its paths: one for each thread that is at work."""

    def __init__(self, law: InForce) -> None:
        self.law = law
        self._free: deque[Assessor] = deque()

    def unchanged(self, rows: Sequence[Mapping[str, Any]]) -> set[str]:
        """Return the ids of records that columns show to be worth what the books hold.

        A record without a project is left to be judged by itself where the law may demand one.
        """
        alone = self.law.credit.project_demanded_by is stands_alone
        told = [row for row in rows if alone or row["project"] is not None]
        if len(told) < _FEW:
            return set()
        found = self._assessed([(row["on"], _decoder.decode(row["facts"])) for row in told])
        said = [canonical(one) for one in found.attributes]
        figures = zip(
            told,
            found.status.tolist(),
            found.micro_hours.tolist(),
            found.micro_credits.tolist(),
            found.attribute_code.tolist(),
            strict=True,
        )
        return {
            row["id"]
            for row, status, hours, credit, code in figures
            if hours == row["micro_hours"]
            and credit == row["micro_credits"]
            and STATUSES[status] == row["status"]
            and (said[code] if code >= 0 else "{}") == kept(row["attributes"])
        }

    def _assessed(self, given: list[tuple[date, Any]]) -> AssessedColumns:
        try:
            assessor = self._free.pop()
        except IndexError:
            assessor = Assessor(self.law.pack, self.law.settings)
        try:
            return assessor.assess(given)
        finally:
            self._free.append(assessor)


_decoder = msgspec.json.Decoder()
