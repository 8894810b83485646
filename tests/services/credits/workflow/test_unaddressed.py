"""Nothing is recognised of whom the law does not address; the decision is kept, and he is told so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_wire import registry
from yanxiu_wire import term as wire_term
from yanxiu_wire.workflow import LIST_NOTICES, ListNotices

from tests.services.credits.conftest import FixedClock, House
from tests.services.credits.workflow.conftest import Town
from tests.services.credits.workflow.test_real_laws import FIRST_TERM, PACKS, TERM, answers
from tests.services.credits.workflow.test_recognition import entries


async def test_in_putuo_who_is_no_head_teacher_is_posted_nothing(
    under_installed_laws: Any, bus: Any, clock: FixedClock
) -> None:
    pack = PACKS["putuo"]
    town = Town(House(under_installed_laws, bus, "unaddressed"), clock)
    await town.bind(registry.PackBinding(pack="putuo", since=pack.source.applies_from))
    for school in ("school-1", "school-2"):
        await town.tell(registry.SCHOOL_CHANGED, registry.SchoolChanged(school=school, version=1, history=()))
    for term in (FIRST_TERM, TERM):
        await town.tell(wire_term.TERM_CHANGED, wire_term.TermChanged(term=term))
    await town.employ("t1", head_teacher_periods=((date(2024, 9, 1), None),))
    await town.employ("t3")
    clock.day = date(2026, 1, 20)
    for teacher in ("t1", "t3"):
        await town.register(teacher, on=date(2025, 10, 8), facts={"form": "专题讲座", "class_hours": "20"})
    evaluate, posting, _told = pack.workflows["term_posting"].steps
    clock.day = date(2026, 1, 23)
    opened = await town.open(
        town.leader, "term_posting", on=date(2025, 10, 8), school="school-1", **answers(evaluate, ())
    )
    posted = await town.take(town.institute, opened, "post", **answers(posting, ()))
    found = {teacher: amount for teacher, _, amount in await entries(town, "recognition")}
    assert found == {"t1": Decimal(2), "t3": Decimal(0)}
    step = pack.workflows["term_posting"].steps[-1]
    await town.take(town.leader, posted, step.name, **answers(step, ()))
    himself = town.person("teacher-3", "teacher", teacher="t3")
    (notice,) = (await town.call(LIST_NOTICES, ListNotices(caller=himself, teacher="t3"))).items
    assert (notice.verdict, notice.recognised_credits) == ("EXEMPT", Decimal(0))
