"""The synthetic world, answering the lists of who falls short too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_wire import standings as wire

from tests.gateway.land import EXPLANATION
from tests.gateway.world import World

PERIOD = {"label": "2024年度", "starts_on": date(2024, 1, 1), "ends_on": date(2024, 12, 31)}
SHORT = wire.Shortfall(
    clause="PUER-10-3S", measure="school_hours", label_zh="校本研修年度学时", label_en="school-based hours",
    unit="学时", operator="at_least", threshold=Decimal(24), earned=Decimal("20.5"), shortfall=Decimal("3.5"),
    binding=True,
)  # fmt: skip


class ShortfallWorld(World):
    """Everybody misses the same requirement by the same amount."""

    def list_shortfalls(self, land: Any, query: wire.ListShortfalls) -> wire.ShortfallPage:
        people = sorted(land.teachers.values(), key=lambda one: one.id)
        items = tuple(
            wire.ShortfallRow(
                teacher=one.id, school=one.school, verdict="FAIL", hours=Decimal(70), credits=Decimal("71.5"),
                recognised_hours=Decimal(0), recognised_credits=Decimal(0), short=(SHORT,),
            )
            for one in people
        )[: query.page.first]  # fmt: skip
        return wire.ShortfallPage(
            items=items, cursors=tuple(one.teacher for one in items), has_next=len(people) > len(items),
            total=len(people), as_of_seq=17, hours_unit="学时", credits_unit="学分", **PERIOD,
        )  # fmt: skip

    def summarise_shortfalls(self, land: Any, _query: wire.SummariseShortfalls) -> wire.ShortfallSummary:
        counts = {"teachers": 50, "passed": 30, "failed": 15, "exempt": 5, "short": (12,)}
        duty = wire.Duty(clause="PUER-10-3S", measure="school_hours", label_zh="校本", label_en="school", unit="学时")
        schools = tuple(wire.SchoolShortfalls(school=one, **counts) for one in land.schools)
        total = wire.SchoolShortfalls(school="", **counts)
        return wire.ShortfallSummary(duties=(duty,), schools=schools, total=total, as_of_seq=17, **PERIOD)

    def list_school_ratios(self, land: Any, query: wire.ListSchoolRatios) -> wire.SchoolRatioPage:
        names = [one for one in land.schools if not query.schools or one in query.schools]
        items = tuple(
            wire.SchoolRatio(
                school=one, roster=50, not_completed=10, share=Decimal("0.2"), barred=True, explanation=EXPLANATION
            )
            for one in names
        )
        return wire.SchoolRatioPage(
            items=items, cursors=tuple(names), has_next=False, total=len(items), as_of_seq=17, **PERIOD
        )
