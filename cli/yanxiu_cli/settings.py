"""`yanxiu settings`: every YANXIU_* variable of every process, with its type, default and meaning."""

from __future__ import annotations

import importlib
import typing
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from yanxiu_cli.console import say

PROCESSES = ("gateway", "registry", "credits", "visits", "jobs")
# The process whose program is another's.
PROGRAMS = {"jobs": "credits"}

MEANINGS_ZH = {
    "YANXIU_NATS_URL": "NATS 服务器地址",
    "YANXIU_NATS_NKEY_FILE": "yanxiu nats credentials 写出的密钥文件；空为不设防的服务器",
    "YANXIU_NATS_CA": "NATS 服务器证书的签发者（PEM 文件）",
    "YANXIU_NATS_CERTIFICATE": "NATS 要求客户端证书时，自己的证书（PEM 文件）",
    "YANXIU_NATS_CERTIFICATE_KEY": "该证书的私钥（PEM 文件）",
    "YANXIU_DATA": "数据库所在目录",
    "YANXIU_DATABASE_URL": "用 PostgreSQL 代替 SQLite 文件",
    "YANXIU_DATABASE_OWNER_URL": "同一数据库，以拥有各表的角色连接；空则须已迁移",
    "YANXIU_DATABASE_PASS_KEY": "签署“本事务属于哪个区县”的密钥，至少 32 个字符",
    "YANXIU_DATABASE_CONNECTIONS": "一个进程最多占用的 PostgreSQL 连接数",
    "YANXIU_DATABASE_MAY_LOSE_DATA": "仅供测试：接受没有 fsync、full_page_writes 或校验和的 PostgreSQL",
    "YANXIU_KEYS": "密钥所在目录",
    "YANXIU_PACKS": "本部署必须具备的规则包（辖区，逗号分隔）",
    "YANXIU_PACK_STORE": "并存的规则包各版本所在的文件夹（<规则包>/<版本>）",
    "YANXIU_CONCURRENCY": "同时处理的请求数；区县各有进程时，为每个区县的",
    "YANXIU_CHECK_IN_SECONDS": "签到令牌的有效秒数",
    "YANXIU_CLOCK_TOLERANCE_SECONDS": "各进程时钟允许相差的秒数",
    "YANXIU_JOB_PARTS": "一个进程同时处理的作业分块数；0 为留给专门的作业进程",
    "YANXIU_JOB_TRIES": "作业的一个分块最多开始几次",
    "YANXIU_JOB_ACK_SECONDS": "处理者无声多少秒后，其作业分块交给其他进程",
    "YANXIU_TRUSTED_LEDGERS": "所信任的其他部署的文件：各部署代表哪些区县、台账公钥（JSON）",
    "YANXIU_TRANSCRIPT_DAYS": "学分证明出具后多少日内可以接收",
    "YANXIU_FENCE": "每个区县的规则包在各自的进程中、限额之内运行",
    "YANXIU_FENCE_MEMORY_MB": "一个区县的进程最多占用的数据内存（兆字节）",
    "YANXIU_FENCE_CPU_SECONDS": "该进程没有应答时最多连续计算的 CPU 秒数",
    "YANXIU_FENCE_SILENT_SECONDS": "该进程无论是否在计算，最多没有应答的秒数",
    "YANXIU_FENCE_THREAD_SECONDS": "请求之外的一次计算最多用的秒数",
    "YANXIU_FENCE_IDLE_SECONDS": "无人请求多少秒后该进程结束",
    "YANXIU_ALLOWED_ORIGINS": "设在别处的前端的来源，以逗号分隔",
    "YANXIU_FENCE_WARM": "服务启动时先备好规则进程的区县数",
    "YANXIU_AUDIT_DAYS": "查看在审计记录中保存的天数，至少 184（法定六个月）",
    "YANXIU_FENCE_PAUSE_SECONDS": "失败的区县再试之前最长的暂停秒数",
    "YANXIU_METRICS_PORT": "供 Prometheus 读取该进程指标的端口；0 为不提供",
    "YANXIU_METRICS_HOST": "提供指标的地址",
    "YANXIU_OTLP_ENDPOINT": "跟踪数据送往何处（OTLP/HTTP，如 http://collector:4318）；空则不记录",
    "YANXIU_TRACE_SHARE": "被跟踪的请求所占比例（0 到 1），由网关决定",
    "YANXIU_HTTP_HOST": "网关监听的地址",
    "YANXIU_HTTP_PORT": "网关监听的端口",
    "YANXIU_ISSUER_URL": "OIDC 签发者的地址，即其令牌的 iss；公钥由此取得，不再用 jwks.json",
    "YANXIU_ISSUER_AUTHORITY": "签发 OIDC 签发者证书的机构的 PEM 文件",
    "YANXIU_OPERATORS": "OIDC 签发者的哪些主体（sub）是平台运维",
    "YANXIU_TOKEN_ALGORITHMS": "OIDC 签发者的令牌可以使用的签名算法",
    "YANXIU_TOKEN_ISSUER": "开发用令牌必须具有的签发者（iss）",
    "YANXIU_TOKEN_AUDIENCE": "令牌必须具有的受众（aud）",
    "YANXIU_SERVICES": "网关就绪前必须应答的服务",
    "YANXIU_GRAPHIQL": "是否在 GET /graphql 提供 GraphiQL 页面（开发用）",
    "YANXIU_MAX_BODY_BYTES": "请求正文的最大字节数",
    "YANXIU_TRUSTED_DOCUMENTS": "各前端应用登记的查询所在的文件夹（<应用>.json）",
    "YANXIU_TRUSTED_ONLY": "只执行令牌 azp 所指应用登记过的查询",
    "YANXIU_MAX_COST": "一次操作的代价上限（对象数）",
    "YANXIU_CALLER_COST": "一个调用者每分钟的代价上限（对象数）",
    "YANXIU_DISTRICT_COST": "一个区县每分钟的代价上限（对象数）",
    "YANXIU_HTTP_OWN_PORT": "数个网关进程共用一个端口时，本进程自己的端口（含 /metrics）；0：没有",
    "YANXIU_SHARED_BUDGETS": "本机各网关进程合计上述代价所用的文件；空：各自计算",
    "YANXIU_IN_HAND": "一个网关进程同时处理的操作数；其余稍候",
    "YANXIU_DRAIN_SECONDS": "收到 SIGTERM 后、关闭端口前继续应答的秒数",
}


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A variable as it is listed; `default` None means that it must be given."""

    variable: str
    processes: tuple[str, ...]
    kind: str
    default: str | None
    meaning_zh: str
    meaning_en: str


def settings() -> None:
    """列出 YANXIU_* 环境变量：类型、默认值、含义。List every YANXIU_* variable: type, default, meaning."""
    listed = every_setting()
    width = max(len(one.variable) for one in listed)
    for one in listed:
        default = "必须给出 required" if one.default is None else f"默认 default: {one.default or '（空 empty）'}"
        say(f"{one.variable:<{width}}  {one.kind}  {default}")
        say(f"{'':<{width}}  {one.meaning_zh} / {one.meaning_en} [{', '.join(one.processes)}]")


def every_setting() -> tuple[Listed, ...]:
    """The variables of all processes, each once, in alphabetical order."""
    from yanxiu_wire.settings import describe

    found: dict[str, Listed] = {}
    for process in PROCESSES:
        # By name, not by import: the command line knows no service, it only asks each for its list.
        kind = _struct(importlib.import_module(f"yanxiu_{PROGRAMS.get(process, process)}.settings"))
        kinds = {field.name: field.type for field in msgspec.structs.fields(kind)}
        for one in describe(kind):
            earlier = found.get(one.variable)
            found[one.variable] = Listed(
                variable=one.variable,
                processes=(*(earlier.processes if earlier else ()), process),
                kind=kind_name(kinds[one.variable.removeprefix("YANXIU_").lower()]),
                default=one.default,
                meaning_zh=MEANINGS_ZH.get(one.variable, ""),
                meaning_en=one.description,
            )
    return tuple(found[name] for name in sorted(found))


def _struct(module: ModuleType) -> type[msgspec.Struct]:
    """The one struct that a settings module defines."""
    own = (one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__)
    return next(one for one in own if issubclass(one, msgspec.Struct))


def kind_name(kind: Any) -> str:
    """A type in the words of who fills a variable."""
    if typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    if typing.get_origin(kind) is tuple:
        return "list"
    if typing.get_origin(kind) is not None and type(None) in typing.get_args(kind):
        kind = next(one for one in typing.get_args(kind) if one is not type(None))
    return {str: "text", int: "number", float: "number", bool: "true/false", Path: "path"}.get(kind, str(kind))
