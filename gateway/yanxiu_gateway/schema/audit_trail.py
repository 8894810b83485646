"""The trail of who saw and did what: the services' trails in one order for the auditor, and for a teacher his own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import audit as wire
from yanxiu_wire.audit_united import united
from yanxiu_wire.refusal import Refused

from yanxiu_gateway.asking import Bound
from yanxiu_gateway.errors import granted
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import Fact
from yanxiu_gateway.schema.nodes import After, Connection, First, asked_page, page_rows, plain_id, split_id
from yanxiu_gateway.schema.role import CallerRole, wire_role
from yanxiu_gateway.schema.words import wire_word

value = strawberry.enum_value


@strawberry.enum(name="AuditedService", description="保存审计记录的服务。A service that keeps a trail.")
class AuditedService(Enum):
    """Services; the values are the wire's."""

    REGISTRY = value("registry", description="登记服务。The registry.")
    CREDITS = value("credits", description="学分服务。Credits.")
    VISITS = value("visits", description="下校服务。Visits.")


@strawberry.enum(name="AuditKind", description="审计记录的种类。What kind of line it is.")
class AuditKind(Enum):
    """Kinds; the values are the wire's."""

    COMMAND = value("command", description="办理：改动数据的操作。Something done.")
    READ = value("read", description="查看：看到个人信息的操作。Something seen.")


@strawberry.enum(name="AuditOutcome", description="结果。What came of it.")
class AuditOutcome(Enum):
    """Outcomes; the values are the wire's."""

    DONE = value("done", description="已办理或已查看。Done, or seen.")
    REPLAYED = value("replayed", description="重复提交，答复与首次相同，未再办理。Sent again, and not done again.")
    REFUSED = value("refused", description="被拒绝，原因见 code。Refused; `code` says why.")
    FAULT = value("fault", description="发生故障，见 code 与 faultId。It failed; see `code` and `faultId`.")


RecordRow = strawberry.Parent[wire.AuditRecord]


def number_of(root: RecordRow) -> str:
    """The service and its number of the line."""
    return f"{root.service}-{root.seq}"


def service_of(root: RecordRow) -> Any:
    """Whose trail it stands in."""
    return AuditedService(root.service)


def kind_of(root: RecordRow) -> Any:
    """Done or seen."""
    return AuditKind(root.kind)


def role_of(root: RecordRow) -> Any:
    """The role that was acted in."""
    return CallerRole(root.role)


def outcome_of(root: RecordRow) -> Any:
    """What came of it."""
    return AuditOutcome(root.outcome)


def filters_of(root: RecordRow) -> Any:
    """What a read asked for."""
    return [Fact(name=name, value=told) for name, told in sorted(root.question.items())]


@strawberry.type(
    name="AuditRecord",
    description="审计记录：谁在何时以何种授权看了或办理了什么，结果如何。只有编号、数量和代码，没有姓名、身份证号和正文。"
    "A line of the audit trail: who saw or did what, by which grant, and what came of it; ids, counts and codes alone.",
)
class AuditRecord:
    """A line."""

    number: str = strawberry.field(
        resolver=number_of, description="服务与序号，本区内唯一。Service and number, unique in the district."
    )
    service: AuditedService = strawberry.field(resolver=service_of, description="哪个服务。Which service.")
    seq: int = strawberry.field(description="在该服务本区记录中的序号，从 1 起连续。Its number in that trail, from 1.")
    at: datetime = strawberry.field(description="时间，按服务器时钟。When, by the server's clock.")
    kind: AuditKind = strawberry.field(resolver=kind_of, description="办理还是查看。Done or seen.")
    action: str = strawberry.field(description="动作，如 register-training。The action, such as register-training.")
    subject: str = strawberry.field(description="谁（签发者的主体 sub）。Who (the issuer's sub).")
    role: CallerRole = strawberry.field(resolver=role_of, description="以何角色。In which role.")
    home: str = strawberry.field(
        description="此人所属区县的代码；平台运维为 platform。The caller's district; platform for the operator."
    )
    grant: strawberry.ID | None = strawberry.field(
        description="依据的授权编号；令牌自带角色的为空。The grant acted by; null where the token states the role."
    )
    app: str | None = strawberry.field(description="经由的前端应用（azp）。The front end it came through.")
    operation: str | None = strawberry.field(description="GraphQL 操作的名称。The operation's name.")
    document: str | None = strawberry.field(
        description="GraphQL 文档的摘要；不保存文档本身。The document's digest; the document is not kept."
    )
    policies: list[str] = strawberry.field(
        description="准许或禁止它的权限策略编号；空为没有策略准许。Policies that let it in or kept it out; "
        "none: no policy permitted it."
    )
    outcome: AuditOutcome = strawberry.field(resolver=outcome_of, description="结果。What came of it.")
    code: str | None = strawberry.field(description="拒绝或故障的代码。The code of a refusal or fault.")
    fault_id: str | None = strawberry.field(description="故障编号，可在日志中查到。The fault's id in the log.")
    trace: str | None = strawberry.field(description="追踪编号，各服务日志相同。The trace, as in every log.")
    key: str | None = strawberry.field(
        description="幂等键；不是编号形式的只存其摘要。The idempotency key; its digest where it is no id."
    )
    objects: list[strawberry.ID] = strawberry.field(
        description="所涉对象在登记中的编号：查看至多 20 个，办理至多 100 个。The ids it was about: at most 20 of a "
        "read, 100 of a command."
    )
    total: int = strawberry.field(description="所涉对象或行的总数。How many objects or rows it was about.")
    filters: list[Fact] = strawberry.field(
        resolver=filters_of,
        description="查看的条件；可能是姓名的文字只写明“…”。What a read asked for; a text that could be a name is told "
        "as given.",
    )
    reason: str | None = strawberry.field(
        description="查看身份证号时申明的理由。What was stated for seeing national ids."
    )
    hash: str = strawberry.field(description="本条与上一条连成链的摘要。The digest that chains it to the one before.")


@strawberry.type(
    name="SeenBy",
    description="谁看过或改过本人的数据（个人信息保护法第四十五条）。Who saw or changed one's own data.",
)
class SeenBy:
    """A line as the person it is about may see it."""

    at: datetime = strawberry.field(description="时间。When.")
    service: AuditedService = strawberry.field(resolver=service_of, description="哪个服务。Which service.")
    kind: AuditKind = strawberry.field(resolver=kind_of, description="查看还是办理。Seen or done.")
    action: str = strawberry.field(description="动作。The action.")
    subject: str = strawberry.field(description="谁（签发者的主体 sub）。Who (the issuer's sub).")
    role: CallerRole = strawberry.field(resolver=role_of, description="以何角色。In which role.")


@strawberry.input(name="AuditFilter", description="要哪些审计记录；各项须同时满足。Which lines: each field narrows it.")
class AuditFilter:
    """What lines must be."""

    person: strawberry.ID | None = strawberry.field(
        default=None, description="关于此人的（教师编号）。About this person (a teacher's id)."
    )
    about: strawberry.ID | None = strawberry.field(
        default=None, description="关于此对象的（任何编号）。About this object (any id)."
    )
    subject: str | None = strawberry.field(default=None, description="此主体所为的。By this subject.")
    role: CallerRole | None = strawberry.field(default=None, description="以此角色所为的。In this role.")
    kind: AuditKind | None = strawberry.field(
        default=None, description="只要办理的或查看的。Only what was done, or seen."
    )
    action: str | None = strawberry.field(default=None, description="只要此动作。Only this action.")
    outcome: AuditOutcome | None = strawberry.field(default=None, description="只要此结果。Only with this outcome.")
    service: AuditedService | None = strawberry.field(
        default=None,
        description="只要此服务的；某服务停止时可用它看其余的。Only of this service: when one is away, for the others.",
    )
    since: datetime | None = strawberry.field(default=None, description="从此刻起（含）。From this moment on.")
    until: datetime | None = strawberry.field(default=None, description="到此刻止（不含）。Before this moment.")
    as_of: date | None = strawberry.field(
        default=None, description="截至这一天终了（中国时间）。As it stood at the end of this day in China."
    )


Asked = Annotated[
    AuditFilter | None, strawberry.argument(name="filter", description="要哪些；默认全部。Which lines; all by default.")
]


async def audit_trail(info: Info, first: First = 50, after: After = None, asked: Asked = None) -> Any:
    """A page of the trail, newest first."""
    backend, wanted = info.context.backend, asked or AuditFilter()
    trails: Mapping[AuditedService, Bound[Any, Any]] = {
        AuditedService.REGISTRY: backend.list_registry_audit,
        AuditedService.CREDITS: backend.list_credits_audit,
        AuditedService.VISITS: backend.list_visits_audit,
    }
    some = tuple(trails.values()) if wanted.service is None else (trails[wanted.service],)
    ids = [plain_id("Teacher", wanted.person)] if wanted.person is not None else []
    ids += [split_id(wanted.about)[1]] if wanted.about is not None else []
    query = wire.ListAudit(
        caller=info.context.caller,
        page=asked_page(first, after),
        about=tuple(ids),
        subject=wanted.subject,
        role=None if wanted.role is None else wire_role(wanted.role),
        kind=wire_word(wanted.kind),
        action=wanted.action,
        outcome=wire_word(wanted.outcome),
        since=wanted.since,
        until=wanted.until,
        as_of=wanted.as_of,
    )
    return page_rows(await _united(info, query, first, some), after)


async def seen_by(info: Info, first: First = 50, after: After = None) -> Any:
    """Who saw or changed the caller's own data, newest first; None for one who is no teacher."""
    context = info.context
    if context.caller.role != "teacher":
        return None
    query = wire.ListSeenBy(caller=context.caller, page=asked_page(first, after))
    backend = context.backend
    trails = (backend.list_registry_seen_by, backend.list_credits_seen_by, backend.list_visits_seen_by)
    return page_rows(await _united(info, query, first, trails), after)


async def _united(info: Info, query: Any, first: int, trails: Sequence[Bound[Any, Any]]) -> wire.AuditPage:
    """The services' pages from one place on as one page; each has as many lines as the page may hold."""
    context = info.context
    context.loaders.count(first)
    answers = await asyncio.gather(*(one(query, deadline=context.deadline) for one in trails))
    # A service that has not yet heard of a district has no line of it.
    known = [one for one in answers if not (isinstance(one, Refused) and one.errors[0].code == "DISTRICT_UNKNOWN")]
    return united([granted(one) for one in known or answers], first)


@strawberry.type(description="审计记录的查询。What can be asked about the trail.")
class AuditQueries:
    """Root fields."""

    audit_trail: Connection[AuditRecord] | None = strawberry.field(
        resolver=audit_trail,
        description="审计记录，从新到旧，各服务合为一列；只有审计员可看，其查看亦留记录。"
        "The audit trail of all services in one order, newest first; for auditors alone, whose looks are recorded too.",
    )
