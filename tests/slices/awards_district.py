"""A district of Ouhai with its schools and people, and how a step of its supervision or awards is taken by its role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_wire.caller import Caller, Role

from tests.services.credits.standings.live import Gate
from tests.slices.actors import HEARD_LATER, NO_AUTHORITY, Town
from tests.slices.stage import Stage

# What the visits service has not heard of yet.
HEARD = (*HEARD_LATER, "PERSON_UNKNOWN", "SCHOOL_YEAR_UNKNOWN", "RESEARCHER_UNKNOWN", "NOT_IN_TEAM")


class Play(Town):
    """The district with its people and schools, and how a step is taken."""

    schools: dict[str, str]
    door: Gate

    def person(self, role: Role, name: str, **narrow: str) -> str:
        """Return the token of somebody of the register, in a role."""
        teacher = plain_id("Teacher", self.people[name])
        return self.stage.issuer.issue(
            Caller(subject=f"{self.code}:{name}:{role}", role=role, district=self.code, teacher=teacher, **narrow)
        )

    def of_school(self, school: str, role: Role = "school-leader") -> str:
        """Return the token of a school's leader."""
        return self.who(role, school=self.schools[school])

    async def hires(self, name: str, school: str) -> None:
        given = {
            "staffNumber": name, "name": f"虚构教师{name}", "schoolId": self.schools[school],
            "employedSince": "2015-09-01", "hiredOn": "2015-09-01",
        }  # fmt: skip
        self.people[name] = (await self.enter("createTeacher", given, "teacher { id }"))["teacher"]["id"]

    async def step(
        self, token: str, name: str, given: Mapping[str, Any], fields: str, allowed: Iterable[Role]
    ) -> dict[str, Any]:
        """Refuse a step to every role but those allowed, then take it; returns the payload."""
        for who, other in self.others(allowed, strangers=False).items():
            payload = await self.stage.write(other, name, {"idempotencyKey": self.key(), **given})
            codes = [one["code"] for one in payload["errors"]] or ["nothing: it was done"]
            assert set(codes) <= {*NO_AUTHORITY, "DISTRICT_UNKNOWN"}, (name, who, codes)
        return await self.take(token, name, given, fields)

    async def take(self, token: str, name: str, given: Mapping[str, Any], fields: str) -> dict[str, Any]:
        """Take a step, once what it needs has been heard of."""
        said = {"idempotencyKey": self.key(), **given}
        return await self.stage.persist(token, name, said, fields, waits_for=HEARD)

    async def ask(self, token: str, query: str, **variables: Any) -> Any:
        (found,) = (await self.stage.read(token, query, **variables)).values()
        return found


class AwardStage(Stage):
    """The stage, where what only names an award year shares one input."""

    async def write(self, token: str, name: str, given: Mapping[str, Any], fields: str = "") -> dict[str, Any]:
        if name not in ("openAwardYear", "startScoring", "rankAwards"):
            return await super().write(token, name, given, fields)
        query = f"mutation($i: AwardYearInput!) {{ {name}(input: $i) {{ {fields} errors {{ code field clauses }} }} }}"
        return (await self.read(token, query, i=dict(given)))[name]
