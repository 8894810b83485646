"""How field work is written through GraphQL: each note by its own person, at an hour of a day of the calendar."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_wire.caller import Caller, Role

from tests.services.credits.standings.live import Gate
from tests.slices.actors import HEARD_LATER, Town
from tests.slices.platform import PATIENCE_SECONDS

# What the visits service has not heard of yet.
HEARD = (*HEARD_LATER, "PERSON_UNKNOWN", "RESEARCHER_UNKNOWN", "SCHOOL_YEAR_UNKNOWN")
NOTED = "effect cautions { code }"
# All that a command of field work or of planning could have written.
FIELD = """{ rotationPlans(first: 200) { edges { node { id state } } } residencies { totalCount } visits { totalCount }
  fieldRecords { totalCount } visitFindings { totalCount } forms { version } assessmentSheets { version } }"""
DRAFT = """query($r: ID!, $t: ID!, $m: String) { fieldWorkDraft(researcher: $r, term: $t, month: $m) {
  textZh figures { name value ids } } }"""


class FieldTown(Town):
    """A district with researchers; every person of the register has tokens of his own."""

    door: Gate

    async def written(self) -> Mapping[str, Any]:
        """Return what has been written so far, the field work too."""
        auditor = self.who("auditor")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                answer = (await self.stage.post(auditor, FIELD)).json()
                if "errors" not in answer:
                    return {**await super().written(), **answer["data"]}
                await asyncio.sleep(0.02)  # the visits service hears of a district by an event, and tells nobody

    def person(self, role: Role, name: str) -> str:
        """Return the token of somebody of the register, in a role."""
        teacher = plain_id("Teacher", self.people[name])
        who = f"{self.code}:{role}:{name}"
        return self.stage.issuer.issue(Caller(subject=who, role=role, district=self.code, teacher=teacher))

    def researcher(self, name: str) -> str:
        """Return the token of a researcher."""
        return self.person("researcher", name)

    async def notes(self, token: str, name: str, at: str, fields: str = "", **given: Any) -> dict[str, Any]:
        """Send a note of what happened at an hour such as `2024-09-10T08:00`; returns what it came to."""
        said = {"idempotencyKey": self.key(), "occurredAt": f"{at}:00+08:00", **given}
        return await self.stage.persist(token, name, said, f"{fields} {NOTED}", waits_for=HEARD)

    async def does(self, token: str, name: str, at: str, fields: str = "", **given: Any) -> dict[str, Any]:
        """Send a note that counts at once."""
        done = await self.notes(token, name, at, fields, **given)
        assert done["effect"] == "APPLIED", (name, done)
        return done

    async def not_his(self, token: str, name: str, at: str, **given: Any) -> tuple[str, ...]:
        """Send a note that is refused; returns the codes."""
        return await self.refused(token, name, {"occurredAt": f"{at}:00+08:00", **given})

    async def draft(self, name: str, term: str, month: str | None = None, token: str = "") -> dict[str, Any]:
        """Return the draft of a month or a term that a researcher has made from his records."""
        asked = {"r": self.people[name], "t": term, "m": month}
        return (await self.stage.read(token or self.researcher(name), DRAFT, **asked))["fieldWorkDraft"]

    async def hands_in(
        self, name: str, term: str, on: str, *, month: str | None = None, **given: Any
    ) -> dict[str, Any]:
        """He sends the draft back as his month's summary, or as the term's report; returns its figures by name."""
        draft = await self.draft(name, term, month)
        said = {"recordId": self.key(), "on": on, "termId": term, "text": draft["textZh"], "figures": draft["figures"]}
        named = {"title": "蹲点视导学期报告"} if month is None else {"month": month}
        command = "submitReport" if month is None else "submitSummary"
        fields = "record { id state researcher { teacher { id } } differences { name } }"
        done = await self.does(self.researcher(name), command, f"{on}T08:30", fields, **said, **named, **given)
        record = done["record"]
        assert (record["state"], record["differences"]) == ("RECORDED", [])
        assert record["researcher"]["teacher"]["id"] == self.people[name]
        return {one["name"]: one["value"] for one in draft["figures"]}


def next_day(day: str) -> str:
    """Return the day after."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
