"""A preview says who gains, who loses and why, on the district's own data, and changes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_credits.books.locks import lock
from yanxiu_rulekit.outcome import Period
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page
from yanxiu_wire.policy import (
    LIST_PREVIEW_LINES,
    LIST_PREVIEWS,
    PREVIEW_POLICY,
    SUMMARISE_PREVIEW,
    SUMMARISE_PREVIEWS,
    DraftValue,
    ListPreviewLines,
    ListPreviews,
    PreviewPolicy,
    SummarisePreview,
    SummarisePreviews,
)
from yanxiu_wire.teacher import Employment

YEAR_2024 = Period(kind="year", label="2024", start=date(2024, 1, 1), end=date(2024, 12, 31))


@pytest.fixture
async def trained(house: Any) -> dict[str, str]:
    """t1: 80 credits marked 85, enough for the year; t2: 80 marked 55, worth nothing; t3 of school-2: nothing."""
    await house.employ("t3", Employment(school="school-2", since=date(2021, 9, 1)))
    good = await house.course("t1", facts={"hours": "80", "score": "85"})
    weak = await house.course("t2", facts={"hours": "80", "score": "55"})
    return {"good": good.record.id, "weak": weak.record.id}


async def test_a_stricter_mark_costs_who_stays_below_it_and_names_the_parameter(policy: Any, trained: Any) -> None:
    before, counts = await policy.chain(), await policy.house.counts()
    found = await policy.preview(settings={"pass_mark": "90"}, decided_by="局发〔9〕")
    assert await policy.chain() == before
    assert (found.state, found.head_seq, found.head_hash) == ("ready", before[-1][0], before[-1][1])
    after = await policy.house.counts()
    moved = {name for name in counts if counts[name] != after[name]}
    assert moved <= {"preview", "preview_line", "preview_record", "job", "job_part", "inbox", "outbox"}
    lines = await policy.lines(found.id)
    assert {teacher: line.effect for teacher, line in lines.items()} == {"t1": "loses", "t2": "same", "t3": "same"}
    lost = lines["t1"]
    assert (lost.before.verdict, lost.after.verdict) == ("PASS", "FAIL")
    assert (lost.before.recognised_credits, lost.after.recognised_credits) == (Decimal(80), Decimal(0))
    (cause,) = lost.causes
    assert (cause.parameter, cause.clause, cause.before, cause.after) == ("pass_mark", "MADE-2", "60", "90")
    (changed,) = (await policy.records(found.id)).values()
    assert changed.record == trained["good"]
    assert (changed.before.status, changed.after.status) == ("COUNTED", "ZERO")
    assert found.total is not None
    assert (found.total.teachers, found.total.loses, found.total.now_fail) == (3, 1, 1)
    assert (found.total.recognised_credits, found.records) == (Decimal(-80), 1)
    assert found.binding is not None
    assert found.binding["settings"] == {"pass_mark": "90"}


async def test_a_milder_mark_gives_what_counted_for_nothing(policy: Any, trained: Any) -> None:
    found = await policy.preview(settings={"pass_mark": "50"})
    lines = await policy.lines(found.id, effects=("gains",))
    assert list(lines) == ["t2"]
    assert (lines["t2"].before.verdict, lines["t2"].after.verdict) == ("FAIL", "PASS")
    (changed,) = (await policy.records(found.id)).values()
    assert changed.record == trained["weak"]
    assert changed.after.credits == 80


async def test_a_draft_value_moves_a_threshold_and_every_verdict_by_it(policy: Any, trained: Any) -> None:
    draft = DraftValue(parameter="year_credits", since=date(2024, 1, 1), value="90", unit="分", cite="MADE-4")
    found = await policy.preview(values=(draft,))
    assert found.binding is None
    lines = await policy.lines(found.id)
    assert lines["t1"].effect == "loses"
    assert lines["t1"].after.verdict == "FAIL"
    assert lines["t1"].after.credits == 80
    (cause,) = lines["t1"].causes
    assert (cause.parameter, cause.before, cause.after) == ("year_credits", "72", "90")
    assert await policy.records(found.id) == {}


async def test_a_draft_that_no_law_could_hold_is_refused(policy: Any, trained: Any, error_of: Any) -> None:
    value = DraftValue(parameter="year_credits", since=date(2024, 1, 1), value="90", unit="分", cite="MADE-4")
    for change in ({"unit": "学时"}, {"cite": "MADE-9"}, {"parameter": "nothing"}, {"value": "many"}):
        wrong = DraftValue(**{**{name: getattr(value, name) for name in value.__struct_fields__}, **change})
        error_of(await policy.ask(values=(wrong,)), "DRAFT_VALUE_REFUSED")
    assert "50" in error_of(await policy.ask(settings={"pass_mark": "30"}), "SETTING_REFUSED").message_en
    error_of(await policy.ask(settings={"year_credits": "30"}), "SETTING_REFUSED")
    error_of(await policy.ask(release="made-up-made 9.9"), "DRAFT_UNKNOWN")
    error_of(await policy.ask(pack="atlantis"), "DRAFT_UNKNOWN")
    error_of(await policy.ask(kind="decade"), "PERIOD_UNKNOWN")
    error_of(await policy.ask(since=date(2019, 1, 1)), "LAW_NOT_IN_FORCE")


async def test_records_before_the_day_keep_the_law_of_their_day(policy: Any, trained: Any) -> None:
    found = await policy.preview(since=date(2024, 6, 1), settings={"pass_mark": "90"})
    assert await policy.records(found.id) == {}


async def test_a_locked_period_is_named_and_not_changed(policy: Any, trained: Any) -> None:
    house = policy.house
    async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
        await lock(
            conn, house.district, school="school-1", period=YEAR_2024, by=house.officer, reason="已认定",
            at=house.service.clock.now(),
        )  # fmt: skip
    found = await policy.preview(settings={"pass_mark": "90"})
    (record,) = (await policy.records(found.id)).values()
    assert record.locked == "year 2024 school-1"
    line = (await policy.lines(found.id))["t1"]
    assert (line.effect, line.records, line.locked) == ("same", 0, "year 2024 school-1")
    assert (found.records, found.locked_records, found.locks) == (0, 1, ("year 2024 school-1",))


async def test_a_preview_is_summed_up_by_school_and_paged(policy: Any, trained: Any) -> None:
    found = await policy.preview(settings={"pass_mark": "90"})
    ask = policy.house.call
    sums = await ask(SUMMARISE_PREVIEW, SummarisePreview(caller=policy.house.officer, preview=found.id))
    assert {one.school: (one.teachers, one.loses) for one in sums.items} == {"school-1": (2, 1), "school-2": (1, 0)}
    several = SummarisePreviews(caller=policy.house.officer, previews=("none", found.id))
    unknown, same = (await ask(SUMMARISE_PREVIEWS, several)).items
    assert (unknown.errors[0].code, same) == ("PREVIEW_UNKNOWN", sums)
    assert set(await policy.lines(found.id, school="school-2")) == {"t3"}
    seen: list[str] = []
    after = None
    while True:
        page = Page(first=1, after=after)
        query = ListPreviewLines(caller=policy.house.officer, preview=found.id, page=page)
        found_page = await ask(LIST_PREVIEW_LINES, query)
        seen += [one.teacher for one in found_page.items]
        if not found_page.has_next:
            break
        after = found_page.cursors[-1]
    assert seen == ["t1", "t2", "t3"]
    listed = await ask(LIST_PREVIEWS, ListPreviews(caller=policy.house.officer))
    assert [one.id for one in listed.items] == [found.id]


async def test_only_officers_preview_and_others_see_nothing_of_it(policy: Any, trained: Any, error_of: Any) -> None:
    house = policy.house
    for caller in (house.caller("school-leader", school="school-1"), house.caller("teacher", teacher="t1")):
        command = PreviewPolicy(
            caller=caller, key=house.key(), since=date(2024, 1, 1), kind="year", on=date(2024, 6, 1)
        )
        error_of(await house.call(PREVIEW_POLICY, command), "FORBIDDEN")
        error_of(await house.call(LIST_PREVIEWS, ListPreviews(caller=caller)), "FORBIDDEN")
    error_of(
        await house.call(SUMMARISE_PREVIEW, SummarisePreview(caller=house.officer, preview="none")), "PREVIEW_UNKNOWN"
    )
