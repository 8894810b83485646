"""Previews and adoptions in a district of the made-up law, as its officers ask for them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from yanxiu_credits.policy.lines import figures
from yanxiu_credits.standings.judge import judge_teachers
from yanxiu_credits.standings.periods import period_and_law
from yanxiu_credits.tables import metadata
from yanxiu_footing.registry_facts import read_district
from yanxiu_wire import registry
from yanxiu_wire.credits import VERIFY_LEDGER, VerifyLedger
from yanxiu_wire.message import Page
from yanxiu_wire.policy import (
    ADOPT_POLICY,
    GET_PREVIEW_LINES,
    GET_PREVIEWED_RECORDS,
    GET_PREVIEWS,
    LIST_PREVIEW_LINES,
    LIST_PREVIEWED_RECORDS,
    PREVIEW_POLICY,
    AdoptPolicy,
    GetPreviewedRecords,
    GetPreviewLines,
    GetPreviews,
    ListPreviewedRecords,
    ListPreviewLines,
    Preview,
    PreviewPolicy,
)

from tests.services.credits.jobs.conftest import Jobs

LAW_SINCE = date(2020, 1, 1)
YEAR = date(2024, 6, 1)


class Policy:
    """What the officers of a house do with drafts."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.jobs = Jobs(house)
        self.head = house.caller("district-officer")
        self.bound = {LAW_SINCE: registry.PackBinding(pack="made", since=LAW_SINCE)}

    async def ask(self, **draft: Any) -> Any:
        asked: dict[str, Any] = {"since": date(2024, 1, 1), "kind": "year", "on": YEAR, **draft}
        command = PreviewPolicy(caller=self.house.officer, key=self.house.key(), **asked)
        return await self.house.call(PREVIEW_POLICY, command)

    async def preview(self, **draft: Any) -> Preview:
        """Ask and wait for the result."""
        asked = await self.ask(**draft)
        assert isinstance(asked, Preview), asked
        ended = await self.jobs.ended(asked.job)
        assert ended.state == "done", ended
        return await self.get(asked.id)

    async def get(self, preview: str) -> Preview:
        found = await self.house.call(GET_PREVIEWS, GetPreviews(caller=self.house.officer, ids=(preview,)))
        assert found.items[0] is not None
        return found.items[0]

    async def adopt(self, preview: str, **more: Any) -> Any:
        given: dict[str, Any] = {"caller": self.head, "key": self.house.key(), "reason": "市局文件", **more}
        return await self.house.call(ADOPT_POLICY, AdoptPolicy(preview=preview, **given))

    async def adopted(self, preview: str) -> Any:
        """Adopt, wait, and return the job."""
        started = await self.adopt(preview)
        assert isinstance(started, Preview), started
        assert started.adoption is not None
        return await self.jobs.ended(started.adoption)

    async def bind(self, preview: Preview, version: int = 2) -> None:
        """Bind in the registry what the preview says must be bound, and wait until that has arrived."""
        assert preview.binding is not None
        self.bound[preview.since] = registry.PackBinding(
            pack=preview.binding["pack"],
            since=preview.since,
            settings=preview.binding["settings"],
            decided_by="局发〔1〕",
        )
        await self.house.bind(*(self.bound[since] for since in sorted(self.bound)), version=version)
        await self.house.until(lambda rows: any(row["version"] == version for row in rows), "district_fact")

    async def lines(self, preview: str, **narrow: Any) -> dict[str, Any]:
        page = Page(first=1000)
        query = ListPreviewLines(caller=self.house.officer, preview=preview, page=page, **narrow)
        alone = await self.house.call(LIST_PREVIEW_LINES, query)
        many = GetPreviewLines(caller=self.house.officer, previews=(preview, "none"), page=page, **narrow)
        with_others, unknown = (await self.house.call(GET_PREVIEW_LINES, many)).pages
        assert (with_others, unknown.errors[0].code) == (alone, "PREVIEW_UNKNOWN")
        return {one.teacher: one for one in alone.items}

    async def records(self, preview: str) -> dict[str, Any]:
        page = Page(first=1000)
        query = ListPreviewedRecords(caller=self.house.officer, preview=preview, page=page)
        alone = await self.house.call(LIST_PREVIEWED_RECORDS, query)
        many = GetPreviewedRecords(caller=self.house.officer, previews=(preview,), page=page)
        assert (await self.house.call(GET_PREVIEWED_RECORDS, many)).pages == (alone,)
        return {one.record: one for one in alone.items}

    async def stored(self, preview: str, side: str) -> dict[str, dict[str, Any]]:
        """The lines as the preview holds them exactly, requirements too."""
        table = metadata.tables["preview_line"]
        query = sa.select(table).where(table.c.district == self.house.district, table.c.preview == preview)
        async with self.house.service.databases.read(self.house.district) as conn:
            rows = (await conn.execute(query)).mappings().all()
        names = [name for name in rows[0] if name.startswith(f"{side}_")] if rows else []
        return {row["teacher"]: {name.removeprefix(f"{side}_"): row[name] for name in names} for row in rows}

    async def standings(self) -> dict[str, dict[str, Any]]:
        """Every teacher's standing of the year as it is judged now, by the law in force now."""
        service, district = self.house.service, self.house.district
        async with service.databases.read(district) as conn:
            known = await read_district(conn, district)
            chosen = period_and_law(service.laws, known, "year", YEAR, service.clock.today())
            assert isinstance(chosen, tuple), chosen
            period, law = chosen
            teachers = list(
                (
                    await conn.execute(
                        sa.select(metadata.tables["teacher_fact"].c.teacher).where(
                            metadata.tables["teacher_fact"].c.district == district
                        )
                    )
                ).scalars()
            )
            judged = await judge_teachers(conn, service, district, law, period, teachers)
        return {teacher: figures(standing) for teacher, standing in judged.items()}

    async def chain(self) -> list[tuple[Any, ...]]:
        """The ledger's rows, to be compared before and after."""
        rows = await self.house.rows("ledger")
        mine = [row for row in rows if row["district"] == self.house.district]
        return sorted((row["seq"], row["hash"]) for row in mine)

    async def intact(self) -> None:
        """See that the ledger is what was signed and chained."""
        found = await self.house.call(VERIFY_LEDGER, VerifyLedger(caller=self.house.caller("auditor")))
        assert found.first_bad is None, found


@pytest.fixture
def policy(house: Any) -> Policy:
    return Policy(house)


@pytest.fixture
def policy_of() -> type[Policy]:
    return Policy
