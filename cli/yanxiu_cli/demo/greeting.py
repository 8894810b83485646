"""What a demonstration says when it is ready: a token for each role, and three operations to paste."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from datetime import timedelta

from yanxiu_gateway.schema.nodes import global_id
from yanxiu_gateway.tokens import DevelopmentIssuer
from yanxiu_wire import credits as credit
from yanxiu_wire import researcher as wire_researcher
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.caller import PLATFORM, ROLES_ZH, Caller, Role
from yanxiu_wire.message import Page
from yanxiu_wire.rpc import Bus

from yanxiu_cli.console import tell
from yanxiu_cli.demo.people import DISTRICTS, DemoDistrict
from yanxiu_cli.demo.trainings import NEXT_YEAR
from yanxiu_cli.demo.visited import VISITED
from yanxiu_cli.local.folder import Folder, Run
from yanxiu_cli.session import ask

TTL = timedelta(hours=12)
DISTRICT_ROLES: tuple[Role, ...] = ("district-officer", "institute-officer", "supervisor", "researcher", "auditor")
SCHOOL_ROLES: tuple[Role, ...] = ("school-leader", "school-training-officer")
TASKS = (
    "{ tasks(first: 10) { totalCount edges { node { labelZh school { name } period { label } "
    "step { labelZh closes overdue consequenceZh clauses asks { name labelZh form } } processId version } } } }"
)
NOTICES = (
    "{ me { teacher { name total { credits recognisedCredits } } "
    "notices { edges { node { period { label } verdict recognisedHours recognisedCredits toldOn } } } } }"
)
REGISTER = (
    "mutation($input: RegisterTrainingInput!) { registerTraining(input: $input) { replayed "
    "record { hours credits explanation { steps { zh en } clauses { code quotation note } } } "
    "errors { code field value clauses message remedy } } }"
)
TRAINING = {
    "idempotencyKey": "demo-first-paste",
    "completedOn": "2026-03-20",
    "kind": "training",
    "hoursCompleted": "10",
    "score": "86.5",
}


async def greet(bus: Bus, folder: Folder, run: Run) -> None:
    """Print address, tokens of each district and three operations with ids of this folder's data."""
    issuer = DevelopmentIssuer.open(folder.keys)
    tokens: dict[tuple[str, Role], str] = {}
    teachers: dict[str, wire_teacher.Teacher] = {}
    for district in (*DISTRICTS, VISITED):
        teachers[district.id] = await _first_teacher(bus, district)
        for caller in _callers(district.id, teachers[district.id], await _first_researcher(bus, district)):
            tokens[district.id, caller.role] = issuer.issue(caller, ttl=TTL)
    operator = Caller(subject=f"demo:{PLATFORM}", role="platform-operator", district=PLATFORM)
    tokens[PLATFORM, operator.role] = issuer.issue(operator, ttl=TTL)
    tell()
    tell("令牌，有效 12 小时 / tokens, good for 12 hours")
    tell(f"另签 / more of them: yanxiu token --keys {folder.keys} --district puer --role supervisor")
    for (place, role), token in tokens.items():
        tell(f"\n{place} {role} {ROLES_ZH[role]}\n{token}")
    _operations(run, tokens, teachers["puer"], await _open_project(bus))


def _operations(run: Run, tokens: dict[tuple[str, Role], str], teacher: wire_teacher.Teacher, project: str) -> None:
    """Print the operations; first the two tokens that they are sent with."""
    tell("\n可以直接粘贴的三个操作，先粘贴这两行 / three operations to paste, after these two lines\n")
    tell(f"PUER={tokens['puer', 'institute-officer']}")
    tell(f"PUTUO={tokens['putuo', 'teacher']}")
    tell(
        "\n# 1 普洱：教科所现在有什么要办，期限、依据和后果 What the institute can do now, by when and by which clause"
    )
    tell(_curl(run, "PUER", TASKS))
    tell("\n# 2 普洱：登记一次培训，返回学分与逐步说明 Register a training (repeat it: it counts once)")
    ids = {"teacherId": global_id("Teacher", teacher.id), "projectId": global_id("Project", project)}
    tell(_curl(run, "PUER", REGISTER, {"input": ids | TRAINING}))
    tell("\n# 3 普陀：另一部规定，班主任看到的赋分结果 Another law: what a head teacher was told of his term's credits")
    tell(_curl(run, "PUTUO", NOTICES))


def _curl(run: Run, token: str, query: str, variables: dict[str, object] | None = None) -> str:
    body = json.dumps({"query": query} | ({"variables": variables} if variables else {}), ensure_ascii=False)
    return (
        f"curl -s {run.http_url}/graphql -H 'Content-Type: application/json' "
        f'-H "Authorization: Bearer ${token}" -d {shlex.quote(body)}'
    )


def _callers(district: str, teacher: wire_teacher.Teacher, researcher: str | None) -> Iterator[Caller]:
    """One caller of each role; the school roles are of the first school, the teacher is its first.

    The researcher is the first on the register, where there are any.
    """
    for role in DISTRICT_ROLES:
        own = researcher if role == "researcher" else None
        yield Caller(subject=f"demo:{district}:{role}", role=role, district=district, teacher=own)
    for role in SCHOOL_ROLES:
        yield Caller(subject=f"demo:{district}:{role}", role=role, district=district, school=teacher.school)
    yield Caller(
        subject=f"demo:{district}:teacher",
        role="teacher",
        district=district,
        school=teacher.school,
        teacher=teacher.id,
    )


async def _first_teacher(bus: Bus, district: DemoDistrict) -> wire_teacher.Teacher:
    officer = Caller(subject="demo", role="district-officer", district=district.id)
    query = wire_teacher.ListTeachers(caller=officer, page=Page(first=1))
    pages: wire_teacher.TeacherPages = await ask(bus, wire_teacher.LIST_TEACHERS, query, district=district.id)
    # Asked for whole, they come whole.
    return next(one for one in pages.pages[0].items if isinstance(one, wire_teacher.Teacher))


async def _first_researcher(bus: Bus, district: DemoDistrict) -> str | None:
    officer = Caller(subject="demo", role="district-officer", district=district.id)
    query = wire_researcher.ListResearchers(caller=officer, page=Page(first=1))
    page: wire_researcher.ResearcherPage = await ask(bus, wire_researcher.LIST_RESEARCHERS, query, district=district.id)
    return page.items[0].id if page.items else None


async def _open_project(bus: Bus) -> str:
    """The approved project under which nobody has been registered yet."""
    officer = Caller(subject="demo", role="district-officer", district="puer")
    query = credit.ListProjects(caller=officer, page=Page(first=1), search=NEXT_YEAR)
    page: credit.ProjectPage = await ask(bus, credit.LIST_PROJECTS, query, district="puer")
    return page.items[0].id
