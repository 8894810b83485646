"""What is asked of one district about another: a foreign id answers as one that does not exist; nothing leaks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from yanxiu_gateway.schema.nodes import global_id, plain_id, split_id
from yanxiu_wire.caller import Role

from tests.slices import probe
from tests.slices.actors import paper
from tests.slices.district import TRAINING, District
from tests.slices.isolation import ROLES, all_alike, token_of
from tests.slices.platform import Platform
from tests.slices.test_moves import transcript_of

MARK = "外区所有"
TERMS = (
    ("2024-2025", 1, "2024-09-01", "2025-01-18"), ("2024-2025", 2, "2025-02-10", "2025-06-30"),
    ("2025-2026", 1, "2025-09-01", "2026-01-18"), ("2025-2026", 2, "2026-02-10", "2026-06-30"),
    ("2031-2032", 1, "2031-09-01", "2032-01-18"),
)  # fmt: skip
SECRETS = (MARK, "leak-theirs")
KINDS = {
    "Area", "Competition", "Delegation", "District", "FieldRecord", "Form", "Grant", "Inspection", "IntegrityEntry",
    "Job", "LeadingGroup", "LedgerEntry", "PeriodLock", "PolicyPreview", "Process", "Project", "Record",
    "ResearchGroup", "Researcher", "RotationPlan", "School", "Session", "Studio", "SupervisionDraw",
    "SupervisionTeam", "Teacher", "Term", "Transfer", "Visit", "VisitFinding",
}  # fmt: skip
# What is made only at the end of a long story: each of them ends with the same questions about it, from elsewhere.
STORIES = {
    "AwardObjection": "test_ouhai_supervision_and_awards.py",
    "AwardReviewer": "test_ouhai_supervision_and_awards.py",
    "Erasure": "test_erasure.py",
    "Nomination": "test_ouhai_supervision_and_awards.py",
    "Notice": "test_puer_year.py",
    "Objection": "test_puer_year.py",
    "ProgrammeEntry": "test_yueqing_batch.py",
    "Residency": "test_ouhai_rotation.py",
}
# The law is no district's: whoever is signed in reads each clause of each installed pack.
PUBLIC = {"RuleClause"}


class Foreign(District):
    """A district full of things, each with the mark in its words."""

    unlisted: Mapping[str, str] = {}

    async def settle(self) -> None:
        """One of each kind."""
        teacher, leader = await self.hire("T001"), await self.hire("T002")
        await self.enter("createArea", {"name": MARK, "beginsOn": "2024-01-01"})
        term_id = ""
        for year, number, starts, ends in TERMS:
            term = {"schoolYear": year, "number": number, "startsOn": starts, "endsOn": ends}
            entered = await self.enter("setTerm", term, "term { id }")
            term_id = term_id or entered["term"]["id"]
            # The last, which nobody else has: a term's id is its code.
            self.unlisted = {"Term": plain_id("Term", entered["term"]["id"])}
        person = {"teacherId": teacher, "beginsOn": "2024-01-01", "subjects": [MARK], "stages": ["PRIMARY"]}
        await self.enter("enrolResearcher", person)
        group = {
            "kind": "学科教研组",
            "name": MARK,
            "leaderId": leader,
            "memberIds": [teacher],
            "formedOn": "2024-01-08",
        }
        await self.enter("formResearchGroup", group | {"schoolId": self.school})
        member = {"part": "HEAD", "post": MARK, "teacherId": leader}
        post = {"kind": "领导小组", "members": [member], "beginsOn": "2024-01-08"}
        await self.enter("setUpLeadingGroup", post)
        if self.pack == "puer":
            await self.teach(teacher)
        else:
            await self.visit(teacher, leader, term_id)

    async def teach(self, teacher: str) -> None:
        """A project, a session and a record."""
        project = await self.project(mode="network", level="provincial", title=MARK)
        session = {
            "title": MARK, "on": "2030-10-08", "startsAt": "2030-10-08T08:00:00+08:00", "projectId": project,
            "endsAt": "2030-10-08T10:00:00+08:00", "hours": "2", "opensBefore": 30, "closesAfter": 30,
        }  # fmt: skip
        await self.enter("scheduleSession", session, token=self.token("institute-officer"))
        await self.enter("registerTraining", {"teacherId": teacher, "projectId": project, **TRAINING})
        grant = {"subject": "foreign-auditor", "role": "AUDITOR", "since": "2024-01-01", "decision": MARK}
        await self.enter("grantRole", grant)
        opened = {"schoolId": self.school, "on": "2024-12-31", "evidence": [paper("form_2_2", MARK)]}
        await self.enter("openProcess", {"workflow": "year_recognition", **opened}, token=self.school_officer)
        await self.law_tried()
        newcomer = await self.hire("T003")
        left = await District(self.platform, f"{self.code}-left").open()
        gone = await left.hire("T001")
        await left.register(gone, await left.project())
        received = {"teacherId": newcomer, "document": (await transcript_of(left, gone)).document}
        stated = {"identityConfirmed": True, "withinCity": True, "sameStage": True}
        await self.enter("receiveTransfer", received | stated, token=self.token("institute-officer"))

    async def law_tried(self) -> None:
        """A record voided, a period locked, steps handed on, a draft of the law and a job."""
        officer = self.token("district-officer")
        found = await self.register(await self.hire("T009"), await self.project())
        void = {"recordId": found["record"]["id"], "reason": MARK, "proof": MARK}
        await self.enter("voidForFraud", void, token=officer)
        await self.enter("lockPeriod", {"kind": "year", "on": "2025-06-01", "reason": MARK}, token=officer)
        first = datetime.now(UTC).date() + timedelta(days=1)
        handed = {"toSubject": MARK, "since": str(first), "until": str(first + timedelta(days=27)), "reason": MARK}
        await self.enter("delegate", handed, token=officer)
        await self.enter("startJob", {"kind": "verify"}, token=officer)
        draft = {"since": "2024-01-01", "kind": "year", "on": "2024-06-01", "settings": []}
        await self.enter("previewPolicy", draft, token=officer)

    async def inspected(self, researcher: str, term: str) -> None:
        """A team, an inspection, a competition and a studio."""
        officer = self.token("institute-officer")
        members = [{"personId": MARK, "side": "ADMINISTRATIVE"}, {"personId": researcher, "side": "PROFESSIONAL"}]
        team = {"name": MARK, "since": "2024-09-01", "members": members}
        made = await self.enter("appointSupervisionTeam", team, "team { id }", token=officer)
        inspection = {"schoolId": self.school, "schoolYear": "2024-2025", "kind": "REGULAR", "dueOn": "2024-10-15"}
        held = {"teamId": made["team"]["id"], "supervisorIds": [MARK]}
        await self.enter("scheduleInspection", inspection | held, token=officer)
        opened = {"name": MARK, "termId": term, "stage": "小学", "categories": [MARK]}
        await self.enter("openCompetition", opened, token=officer)
        studio = {"name": MARK, "level": "区级", "leaderId": researcher, "schoolIds": [], "beginsOn": "2024-01-01"}
        await self.enter("openStudio", studio)

    async def visit(self, researcher: str, owner: str, term: str) -> None:
        """A visit with a lesson and a finding, a form, a draft of a plan, a draw."""
        there = self.token("researcher", teacher=plain_id("Teacher", researcher))
        at = {"occurredAt": "2024-10-14T08:00:00+08:00", "schoolId": self.school}
        came = {**at, "visitId": "foreign-visit-1", "termId": term}
        await self.enter("arriveAtSchool", came, token=there)
        found = {**at, "findingId": "foreign-finding-1", "text": MARK, "advice": MARK, "dueOn": "2024-11-01"}
        await self.enter("recordFinding", found | {"ownerId": owner}, token=there)
        lesson = {**at, "recordId": "foreign-lesson-1", "on": "2024-10-14", "termId": term, "subject": MARK}
        seen = {"title": MARK, "grade": "一年级", "comment": MARK}
        await self.enter("recordObservation", lesson | seen, token=there)
        fields = [{"name": "said", "labelZh": MARK, "labelEn": "Said", "kind": "TEXT", "required": False}]
        form = {"name": "foreign", "title": MARK, "fields": fields}
        drafted = await self.enter("draftForm", form, "form { id }", token=self.token("institute-officer"))
        # Forms are listed by their names alone.
        self.unlisted = {**self.unlisted, "Form": plain_id("Form", drafted["form"]["id"])}
        await self.inspected(researcher, term)
        plan = {"name": MARK, "firstTerm": "2024-2025-1"}
        await self.enter("draftRotationPlan", plan, token=self.token("institute-officer"))
        drawn = {"schoolYear": "2024-2025", "count": 1, "rosterOn": "2024-10-08"}
        await self.enter("commitDraw", drawn, token=self.token("institute-officer"))


@pytest.fixture(scope="module")
async def ours(platform: Platform) -> District:
    return await District(platform, "leak-ours", "ouhai").open()


@pytest.fixture(scope="module")
async def writing(platform: Platform) -> District:
    """Where commands are tried: what they leave behind is read by nobody else."""
    return await District(platform, "leak-writing", "ouhai").open()


@pytest.fixture(scope="module")
async def foreign(platform: Platform) -> Sequence[tuple[Foreign, Mapping[str, str]]]:
    """Districts of two laws full of things, and the plain id of one object of each kind, as the officer sees it."""
    found: list[tuple[Foreign, Mapping[str, str]]] = []
    for pack in ("puer", "ouhai"):
        district = Foreign(platform, f"leak-theirs-{pack}", pack)
        await district.open()
        await district.settle()
        found.append((district, await seen_of(district) | dict(district.unlisted)))
    return found


@pytest.fixture(scope="module")
async def theirs(foreign: Sequence[tuple[Foreign, Mapping[str, str]]]) -> Mapping[str, str]:
    """The plain id of one foreign object of each kind."""
    found: dict[str, str] = {}
    for _, ids in foreign:
        found |= ids
    assert found.keys() >= KINDS, KINDS - found.keys()
    return {kind: plain for kind, plain in found.items() if kind in KINDS}


def test_no_kind_of_thing_is_left_out() -> None:
    assert KINDS | STORIES.keys() | PUBLIC == probe.NODES
    for kind, file in STORIES.items():
        played = (Path(__file__).parent / file).read_text(encoding="utf-8")
        assert "await asked_from_elsewhere(" in played, (kind, file)
    assert {one.kind for one in (*probe.commands(), *probe.questions())} <= probe.NODES


async def test_what_a_list_shows_comes_again_by_its_id(foreign: Sequence[tuple[Foreign, Mapping[str, str]]]) -> None:
    """Each kind through the service's own read by ids, with the id that the list itself gave."""
    for district, found in foreign:
        asked = [global_id(kind, plain) for kind, plain in sorted(found.items())]
        query = "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }"
        answer = (await district.platform.post(district.token(), query, {"ids": asked})).json()
        assert "errors" not in answer, answer["errors"]
        came = {one["__typename"]: one["id"] for one in answer["data"]["nodes"] if one is not None}
        assert came == dict(zip(sorted(found), asked, strict=True))


async def seen_of(district: District) -> dict[str, str]:
    """Ids by kind from every list that needs no argument."""
    found: dict[str, str] = {}
    root = probe.SCHEMA.query_type
    assert root is not None
    for name, field in root.fields.items():
        if not any(probe.required(one) for one in field.args.values()):
            answer = await district.platform.post(district.token(), f"{{ {name} {probe.selection(field.type)} }}")
            collect((answer.json().get("data") or {}).get(name), found)
    return found


def collect(told: Any, found: dict[str, str]) -> None:
    """Every global id in an answer, by its kind."""
    if isinstance(told, list):
        for one in told:
            collect(one, found)
    elif isinstance(told, dict):
        kind, plain = split_id(told["id"]) if isinstance(told.get("id"), str) else (None, "")
        if kind:
            found.setdefault(kind, plain)
        for one in told.values():
            collect(one, found)


@pytest.mark.parametrize("role", ROLES)
async def test_a_foreign_id_is_read_as_one_that_does_not_exist(
    ours: District, theirs: Mapping[str, str], role: Role
) -> None:
    assert await all_alike(ours, role, theirs, probe.questions(), SECRETS) > 50


@pytest.mark.parametrize("role", ROLES)
async def test_a_foreign_id_is_written_to_as_one_that_does_not_exist(
    writing: District, theirs: Mapping[str, str], role: Role
) -> None:
    assert await all_alike(writing, role, theirs, probe.commands(), SECRETS) > 120


@pytest.mark.parametrize("role", ROLES)
async def test_a_foreign_cursor_pages_through_ones_own(ours: District, theirs: Mapping[str, str], role: Role) -> None:
    """A cursor says after what to go on; it holds no right to see what it was made of.

    An officer tries every cursor on every list, the others each on the list that gave it.
    """
    assert theirs
    cursors: dict[str, set[str]] = {text: set() for text in probe.pages()}
    for district in (Foreign(ours.platform, f"leak-theirs-{pack}", pack) for pack in ("puer", "ouhai")):
        for text, its in cursors.items():
            answer = (await ours.platform.post(district.token(), text, {"after": None})).json()
            its.update(probe.cursors(answer))
    every = set().union(*cursors.values())
    assert len(every) > 10
    token = await token_of(ours, role)
    for text, its in cursors.items():
        for cursor in sorted(every if role == "district-officer" else its):
            response = await ours.platform.post(token, text, {"after": cursor})
            assert response.status_code < 500
            assert MARK not in response.text, text
            assert '"INTERNAL"' not in response.text, (text, cursor)


@pytest.mark.parametrize("role", ROLES)
async def test_a_foreign_id_is_watched_as_one_that_does_not_exist(
    ours: District, theirs: Mapping[str, str], role: Role
) -> None:
    token = await token_of(ours, role)
    for question in probe.questions():
        if question.text.startswith("subscription") and question.kind in theirs:
            known = theirs[question.kind]
            first = [await watched(ours, token, question, plain) for plain in (known, probe.none_like(known))]
            assert first[0] == first[1], question.name
            assert MARK not in first[0]


async def watched(district: District, token: str, question: probe.Question, plain: str) -> str:
    """The first thing that a subscription says."""
    headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
    body = {"query": question.text, "variables": question.about(plain, "nobody")}
    async with district.platform.http.stream("POST", "/graphql", json=body, headers=headers) as response:
        async for line in response.aiter_lines():
            if line.startswith("data:") and line != "data:":
                return probe.told(json.loads(line.removeprefix("data:")), plain, "nobody")
            if line.startswith("event: complete"):
                break
    return "complete"
