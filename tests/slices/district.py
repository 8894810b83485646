"""One synthetic district on a running platform: its callers, its school, its teachers and its projects."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_wire.caller import Role

from tests.slices.platform import Platform

APPROVED_ON = "2024-01-02"
LAW_SINCE = {"puer": "2024-01-01", "putuo": "2024-09-01", "ouhai": "2024-01-01", "yueqing": "2020-10-20"}
NOTICE = {"title": "关于批准培训项目的通知", "reference": "虚教发〔2024〕1号", "sha256": "b" * 64}
NETWORK = {"mode": "network", "level": "provincial"}
TRAINING = {"hoursPlanned": "30", "hoursCompleted": "30", "score": "95", "completedOn": "2024-07-12"}


class District:
    """Writes with fixed keys in order, so that a run can be repeated; ids are GraphQL's."""

    def __init__(self, platform: Platform, code: str, pack: str = "puer") -> None:
        self.platform = platform
        self.code = code
        self.pack = pack
        self.school = ""
        self._keys = itertools.count(1)

    def key(self) -> str:
        return f"{self.code}-key-{next(self._keys)}"

    def token(self, role: Role = "district-officer", **scope: str) -> str:
        return self.platform.token(self.code, role, **scope)

    @property
    def school_officer(self) -> str:
        """The token of the school's training officer."""
        return self.token("school-training-officer", school=plain_id("School", self.school))

    async def open(self) -> District:
        """Open the district under its pack since the law began to apply, with a school."""
        given = {"district": self.code, "nameZh": "虚构区", "nameEn": "Madeup", "synthetic": True}
        await self.enter("createDistrict", given, token=self.platform.operator)
        bound = {"district": self.code, "pack": self.pack, "since": LAW_SINCE[self.pack]}
        await self.enter("bindRulePack", bound, token=self.platform.operator)
        self.school = await self.found("S001")
        return self

    async def found(self, code: str) -> str:
        """Enter a school; returns its id."""
        given = {"code": code, "name": "虚构小学", "stage": "PRIMARY", "location": "RURAL", "openedOn": "1990-09-01"}
        return (await self.enter("createSchool", given, "school { id }"))["school"]["id"]

    async def hire(self, staff_number: str) -> str:
        """Enter a synthetic teacher; returns the id."""
        given = {"staffNumber": staff_number, "name": "虚构教师", "schoolId": self.school}
        dated = {"employedSince": "2020-09-01", "hiredOn": "2015-09-01"}
        key = f"{self.code}-hire-{staff_number}"
        made = await self.enter("createTeacher", given | dated, "teacher { id }", key=key)
        return made["teacher"]["id"]

    async def propose(self, **given: Any) -> str:
        """Propose a project; returns its id."""
        said = {"title": "虚构研修项目", "organiser": "虚构中心", "startsOn": "2024-01-08", **given}
        institute = self.token("institute-officer")
        return (await self.enter("proposeProject", said, "project { id }", token=institute))["project"]["id"]

    async def approve(self, project: str, facts: Mapping[str, str] | None = None) -> str:
        """Approve a project as the department did on paper, with the facts that it set; returns its id."""
        named = [{"name": name, "value": value} for name, value in (facts or {}).items()]
        given = {"projectId": project, "on": APPROVED_ON, "facts": named, "document": NOTICE}
        await self.enter("approveProject", given)
        return project

    async def project(self, **given: Any) -> str:
        """Propose and approve a project, by default one of provincial network training; returns its id."""
        return await self.approve(await self.propose(**(given or NETWORK)))

    async def enter(
        self, name: str, given: Mapping[str, Any], fields: str = "", *, token: str = "", key: str = ""
    ) -> dict[str, Any]:
        """Write until it is done."""
        said = {"idempotencyKey": key or self.key(), **given}
        return await self.platform.persist(token or self.token(), name, said, fields)

    async def register(self, teacher: str, project: str | None, *, fields: str = "record { id }", **given: Any) -> Any:
        """Register a training that counts; returns the payload."""
        said = {"teacherId": teacher, "projectId": project, **TRAINING, **given}
        return await self.enter("registerTraining", said, fields)
