"""`yanxiu token`: a token of the development issuer, printed on one line."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, cast

from cyclopts import Parameter
from yanxiu_gateway.caller import TokenRefused, caller_of
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.settings import GatewaySettings
from yanxiu_gateway.tokens import DevelopmentIssuer
from yanxiu_wire.caller import PLATFORM, Caller, Role
from yanxiu_wire.settings import describe

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed

# Where `yanxiu up` keeps its keys when it is not told otherwise.
UP_KEYS = "var/keys"
_TTL = re.compile(r"([1-9][0-9]{0,6})(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def token(
    *,
    role: Role,
    district: str | None = None,
    school: str | None = None,
    teacher: str | None = None,
    subject: str | None = None,
    app: str | None = None,
    ttl: str = "1h",
    keys: Annotated[Path | None, Parameter(name="--keys")] = None,
) -> None:
    """签发一个开发用令牌。Print a token of the development issuer.

    Parameters
    ----------
    role
        角色，如 institute-officer。Role, such as institute-officer.
    district
        区代码，如 puer；平台运维不用写。District, such as puer; the platform operator has none.
    school
        学校编号，学校角色必须有。Id of the school; a school role must have one.
    teacher
        教师编号，教师必须有。Id of the teacher; a teacher must have one.
    subject
        令牌的主体，默认由角色和区得出。The token's subject; made of role and district by default.
    app
        令牌发给哪个前端应用（azp）。The front-end app that the token is issued to (azp).
    ttl
        有效期，如 30m、1h、7d。How long it lasts, such as 30m, 1h, 7d.
    keys
        密钥文件夹，默认取 YANXIU_KEYS，再取 var/keys。Folder of the keys; YANXIU_KEYS, else var/keys.
    """
    caller = _caller(role, district, school, teacher, subject, app)
    issuer, audience = _issuer()
    signer = DevelopmentIssuer.open(_folder(keys))
    say(signer.issue(caller, ttl=_duration(ttl), issuer=issuer, audience=audience))


def _caller(
    role: Role,
    district: str | None,
    school: str | None,
    teacher: str | None,
    subject: str | None,
    app: str | None,
) -> Caller:
    """Who the token is to stand for; refused here as the gateway would refuse it."""
    scope = district or (PLATFORM if role == "platform-operator" else None)
    if scope is None:
        raise Failed("请用 --district 写明区代码。", "Name the district with --district.", code=2)
    claims = {
        "sub": subject or f"development:{scope}:{role}",
        "role": role,
        "district": scope,
        "school": plain_id("School", school) if school else None,
        "teacher": plain_id("Teacher", teacher) if teacher else None,
        "azp": app,
    }
    try:
        return caller_of(claims)
    except TokenRefused as refused:
        raise Failed(refused.zh, refused.en, code=2) from None


def _folder(keys: Path | None) -> Path:
    named = os.environ.get("YANXIU_KEYS")
    folder = keys or Path(named or UP_KEYS)
    if not (keys or named or folder.is_dir()):
        raise Failed(
            f"没有密钥文件夹 {folder}；请用 --keys 写明，或设置 YANXIU_KEYS，或先运行 yanxiu up。",
            f"There is no folder of keys {folder}; name it with --keys, set YANXIU_KEYS, or run `yanxiu up` first.",
            code=2,
        )
    return folder.expanduser()


def _issuer() -> tuple[str, str]:
    """Issuer and audience as the gateway of this environment expects them."""
    found = {one.variable: os.environ.get(one.variable) or one.default for one in describe(GatewaySettings)}
    return cast("str", found["YANXIU_TOKEN_ISSUER"]), cast("str", found["YANXIU_TOKEN_AUDIENCE"])


def _duration(text: str) -> timedelta:
    match = _TTL.fullmatch(text)
    if match is None:
        raise Failed(
            f"--ttl {text} 不是时长，如 30m、1h、7d。", f"--ttl {text} is no duration such as 30m, 1h, 7d.", code=2
        )
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
