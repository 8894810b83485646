"""Who a request comes from: the role that a development token states, or a grant that the token's subject holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yanxiu_wire.caller import PLATFORM, ROLES_ZH, Caller
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable
from yanxiu_wire.grants import Grant
from yanxiu_wire.rpc import DISTRICT

from yanxiu_gateway.caller import TokenReader, TokenRefused, app_of, caller_of
from yanxiu_gateway.held_grants import HeldGrants
from yanxiu_gateway.schema.nodes import global_id, plain_id

DISTRICT_HEADER = "yanxiu-district"
GRANT_HEADER = "yanxiu-grant"
DISTRICT_CLAIM = "yanxiu_district"


class GrantRefused(TokenRefused):
    """The token shows who asks, who has no grant for it, or has not said which: `told` are facts for the client."""

    status = 403
    code = "FORBIDDEN"


class GrantsUnavailable(TokenRefused):
    """The registry, which knows the grants, does not answer."""

    status = 503
    code = "SERVICE_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Named:
    """What a request names beside its token: the district, and the grant where its subject has several there."""

    district: str | None = None
    grant: str | None = None

    @classmethod
    def of(cls, *sources: Mapping[str, Any]) -> Named:
        """Read from headers or connection parameters, the first that has one; case and hyphens do not matter."""
        given: dict[str, str] = {}
        for source in sources:
            for name, value in source.items():
                if isinstance(value, str):
                    given.setdefault(name.lower().replace("-", ""), value.strip())
        district, grant = (given.get(name.replace("-", "")) or None for name in (DISTRICT_HEADER, GRANT_HEADER))
        return cls(district, plain_id("Grant", grant) if grant else None)


NOTHING_NAMED = Named()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A caller, for how many seconds his token lasts, and the grant that he acts by where tokens state no role."""

    caller: Caller
    seconds: float
    grant: Grant | None = None


class SignIn:
    """Verifies tokens; with `grants`, an outside issuer's, whose subjects are who the registry says.

    `operators` are the subjects who run the platform: no district's registry holds grants of theirs.
    """

    def __init__(
        self, tokens: TokenReader, grants: HeldGrants | None = None, operators: frozenset[str] = frozenset()
    ) -> None:
        self._tokens = tokens
        self._operators = operators
        self.grants = grants

    def named(self, headers: Mapping[str, Any]) -> Named:
        """What a request's headers name, which says something only where tokens state no role."""
        return NOTHING_NAMED if self.grants is None else Named.of(headers)

    async def sign_in(self, token: str, named: Named) -> SignedIn:
        """Return who is asking; raises `TokenRefused`."""
        claims, seconds = await self._tokens.claims(token)
        if self.grants is None:
            return SignedIn(caller_of(claims), seconds)
        subject, app, district = claims["sub"], app_of(claims), named.district or claims.get(DISTRICT_CLAIM)
        if not isinstance(subject, str) or not 0 < len(subject) <= 200:
            raise TokenRefused("TOKEN_SCOPE", "令牌的 sub 不是文本。", "The token's sub is not a text.")
        if not isinstance(district, str) or not DISTRICT.fullmatch(district):
            raise _district_unnamed()
        if district == PLATFORM:
            if subject not in self._operators:
                raise _no_grant(district)
            return SignedIn(Caller(subject=subject, role="platform-operator", district=PLATFORM, app=app), seconds)
        grant = await self._grant(self.grants, district, subject, named.grant)
        caller = Caller(
            subject=subject,
            role=grant.role,
            district=district,
            school=grant.school,
            teacher=grant.teacher,
            app=app,
            grant=grant.id,
        )
        return SignedIn(caller, seconds, grant)

    async def _grant(self, grants: HeldGrants, district: str, subject: str, named: str | None) -> Grant:
        """The one grant that a request acts by: roles never add up."""
        try:
            held = await grants.of(district, subject)
        except (ServiceUnavailable, DeadlineExceeded):
            raise GrantsUnavailable(
                "GRANTS_UNKNOWN",
                "登记服务 registry 暂不可用，无法核对授权，请稍后再试。",
                "The registry does not answer; grants cannot be looked up. Try again.",
                service="registry",
            ) from None
        if named is not None:
            held = tuple(one for one in held if one.id == named)
        if not held:
            raise _no_grant(district)
        if len(held) > 1:
            raise _several(held)
        return next(iter(held))


def _district_unnamed() -> TokenRefused:
    return GrantRefused(
        "DISTRICT_NOT_NAMED",
        "请用请求头 Yanxiu-District 写明区代码。",
        "Name the district's code in the header Yanxiu-District.",
        field=f"headers.{DISTRICT_HEADER}",
    )


def _no_grant(district: str) -> TokenRefused:
    # The same for a district that does not exist, for one without grants, and for a grant of somebody else.
    return GrantRefused(
        "GRANT_MISSING",
        "您在此区县没有（或已没有）所指的授权；请联系区县教育局授权。",
        "You hold no such grant in this district, or no longer; ask its district officer for one.",
        field=f"headers.{DISTRICT_HEADER}",
        value=district,
    )


def _several(held: tuple[Grant, ...]) -> TokenRefused:
    choices = [
        {"id": global_id("Grant", one.id), "role": one.role.upper().replace("-", "_"), "roleZh": ROLES_ZH[one.role]}
        | ({"school": global_id("School", one.school)} if one.school else {})
        | ({"teacher": global_id("Teacher", one.teacher)} if one.teacher else {})
        for one in held
    ]
    return GrantRefused(
        "GRANT_NOT_CHOSEN",
        "您在此区县有多项授权，请用请求头 Yanxiu-Grant 写明以哪一项办理；权限不叠加。",
        "You hold several grants in this district; name one in the header Yanxiu-Grant. Grants do not add up.",
        field=f"headers.{GRANT_HEADER}",
        grants=choices,
    )
