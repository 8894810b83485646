"""Everybody who acts in a district's year, and the proof that a step is refused to all but its proper roles."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, get_args

from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_wire.caller import PLATFORM, Caller, Role

from tests.slices.district import District
from tests.slices.platform import PATIENCE_SECONDS
from tests.slices.stage import Stage

ROLES: tuple[Role, ...] = get_args(Role)
SCHOOL_ROLES: tuple[Role, ...] = ("school-leader", "school-training-officer")
OFFICERS: tuple[Role, ...] = ("district-officer", "institute-officer")
REGISTRARS = (*OFFICERS, *SCHOOL_ROLES)
# What a refusal for want of authority is called; whatever ends in _UNKNOWN does not exist for the one who asks.
# A school registers those of its own teachers who attended: another one finds that nobody did.
NO_AUTHORITY = frozenset(
    {
        "FORBIDDEN",
        "STEP_NOT_YOURS",
        "RETURN_NOT_YOURS",
        "OBJECTION_NOT_YOURS",
        "APPROVAL_NOT_YOURS",
        "LEVEL_TOO_LOW",
        "NOBODY_ATTENDED",
    }
)
# What the credits service does not know until it has heard of it from the registry.
HEARD_LATER = ("DISTRICT_UNKNOWN", "LAW_NOT_IN_FORCE", "TEACHER_UNKNOWN", "SCHOOL_UNKNOWN", "TERM_UNKNOWN")
# All that a command could have written, as an auditor sees it: books, signatures, and how much there is of the rest.
BOOKS = """{ ledgerVerification { intact entries head } signatureVerification { intact processes signatures }
  records { totalCount } projects { totalCount edges { node { version } } }
  processes { totalCount edges { node { version } } } sessions { totalCount edges { node { version attendance {
  edges { node { state } } } } } } periodLocks { totalCount edges { node { inForce } } }
  integrityEntries { totalCount } transfers { totalCount } }"""
REGISTER = """{ schools { totalCount } teachers { totalCount edges { node { version school { id } } } }
  terms { version } district { version bindings { pack } } }"""
PAPER = {"reference": "file://made-up.pdf", "sha256": "a" * 64}


class Town(District):
    """A district with a school, a neighbouring school, and a district elsewhere whose people try the same."""

    def __init__(self, stage: Stage, code: str, pack: str) -> None:
        super().__init__(stage, code, pack)
        self.stage = stage
        self.neighbour = ""
        self.people: dict[str, str] = {}
        self.elsewhere: District | None = None

    def who(self, role: Role, *, school: str = "", teacher: str = "", district: str = "", name: str = "") -> str:
        """Return the token of a person, of whom there is one for each role, school and teacher."""
        home = PLATFORM if role == "platform-operator" else district or self.code
        narrow: dict[str, str] = {}
        if role in SCHOOL_ROLES:
            narrow = {"school": plain_id("School", school or self.school)}
        elif role == "teacher":
            narrow = {"teacher": plain_id("Teacher", teacher or next(iter(self.people.values())))}
        person = name or ":".join((home, role, *narrow.values()))
        return self.stage.issuer.issue(Caller(subject=person, role=role, district=home, **narrow))

    def others(self, allowed: Iterable[Role], *, strangers: bool) -> dict[str, str]:
        """Return the token of every role but those allowed, and of the same roles in another school and district."""
        allowed = tuple(allowed)
        bystander = bool(self.people)
        roles: list[Role] = [role for role in ROLES if role not in allowed and (role != "teacher" or bystander)]
        found: dict[str, str] = {str(role): self.who(role) for role in roles if role not in SCHOOL_ROLES or self.school}
        if strangers and self.neighbour:
            schools: list[Role] = [role for role in SCHOOL_ROLES if role in allowed]
            found |= {f"{role} of another school": self.who(role, school=self.neighbour) for role in schools}
        if strangers and self.elsewhere is not None:
            there = {"district": self.elsewhere.code, "school": self.elsewhere.school}
            found |= {f"{role} of another district": self.who(role, **there) for role in allowed if role != "teacher"}
        return found

    async def written(self) -> Mapping[str, Any]:
        """Return what has been written so far."""
        auditor = self.who("auditor")
        return {**await self.stage.read(auditor, BOOKS), **await self.stage.read(auditor, REGISTER)}

    async def refused_to_others(
        self, name: str, given: Mapping[str, Any], allowed: Iterable[Role], *, strangers: bool = True
    ) -> None:
        """Try a command as everybody who may not: each is refused for want of authority, and nothing is written."""
        before = await self.written()
        for who, token in self.others(allowed, strangers=strangers).items():
            payload = await self.stage.write(token, name, {"idempotencyKey": self.key(), **given})
            codes = [one["code"] for one in payload["errors"]] or ["nothing: it was done"]
            assert all(code in NO_AUTHORITY or code.endswith("_UNKNOWN") for code in codes), (name, who, codes)
        assert await self.written() == before, name

    async def refused(self, token: str, name: str, given: Mapping[str, Any]) -> tuple[str, ...]:
        """Try a command that is refused; returns the codes."""
        return tuple(one["code"] for one in await self.errors(token, name, given))

    async def errors(self, token: str, name: str, given: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """Try a command that is refused; returns the errors."""
        payload = await self.stage.write(token, name, {"idempotencyKey": self.key(), **given})
        assert payload["errors"], (name, given)
        return payload["errors"]

    async def acts(
        self,
        by: Role,
        name: str,
        given: Mapping[str, Any],
        fields: str = "",
        *,
        allowed: Iterable[Role] = (),
        strangers: bool = True,
        token: str = "",
    ) -> dict[str, Any]:
        """Refuse a command to everybody but the roles allowed, then have it done in one of them."""
        await self.refused_to_others(name, given, tuple(allowed) or (by,), strangers=strangers)
        return await self.enter(name, given, fields, token=token or self.who(by))

    async def opens_district(self, since: str, settings: Mapping[str, str] | None = None) -> None:
        """The operator opens the district and binds its law, two schools are entered by the district's officer."""
        named = {"district": self.code, "nameZh": "虚构区", "nameEn": "Madeup", "synthetic": True}
        operator = self.who("platform-operator")
        for role in OFFICERS:
            assert await self.refused(self.who(role), "createDistrict", named) == ("FORBIDDEN",)
        await self.enter("createDistrict", named, token=operator)
        said = [{"name": name, "value": value} for name, value in (settings or {}).items()]
        bound = {"district": self.code, "pack": self.pack, "since": since, "settings": said}
        for role in OFFICERS:
            assert await self.refused(self.who(role), "bindRulePack", bound) == ("FORBIDDEN",)
        await self.enter("bindRulePack", bound, token=operator)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                if "errors" not in (await self.stage.post(self.who("auditor"), BOOKS)).json():
                    break
                await asyncio.sleep(0.02)  # the credits service hears of a district by an event, and tells nobody
        self.school, self.neighbour = await self.founds("S001"), await self.founds("S002")

    async def enter(
        self, name: str, given: Mapping[str, Any], fields: str = "", *, token: str = "", key: str = ""
    ) -> dict[str, Any]:
        """Write until it is done; what the registry knows reaches the credits service a little later."""
        said = {"idempotencyKey": key or self.key(), **given}
        return await self.stage.persist(token or self.token(), name, said, fields, waits_for=HEARD_LATER)

    async def founds(self, code: str) -> str:
        """An officer of the district enters a school, and nobody else."""
        given = {"code": code, "name": "虚构小学", "stage": "PRIMARY", "location": "RURAL", "openedOn": "1990-09-01"}
        made = await self.acts(
            "district-officer", "createSchool", given, "school { id }", allowed=OFFICERS, strangers=False
        )
        return made["school"]["id"]

    async def sets_term(self, year: str, number: int, starts: str, ends: str) -> None:
        """An officer of the district sets a term, and nobody else."""
        given = {"schoolYear": year, "number": number, "startsOn": starts, "endsOn": ends}
        await self.acts("district-officer", "setTerm", given, "term { id }", allowed=OFFICERS, strangers=False)

    async def employs(self, *names: str, since: str = "2015-09-01") -> None:
        """The school's training officer enters its teachers; nobody else but the district's officer could."""
        allowed: tuple[Role, ...] = ("district-officer", "school-training-officer")
        dated = {"schoolId": self.school, "employedSince": since, "hiredOn": "2015-09-01"}
        for name in names:
            given = {"staffNumber": name, "name": f"虚构教师{name}", **dated}
            if name == names[0]:
                await self.refused_to_others("createTeacher", given, allowed)
            token = self.who("school-training-officer")
            made = await self.enter("createTeacher", given, "teacher { id }", token=token)
            self.people[name] = made["teacher"]["id"]

    def himself(self, name: str) -> str:
        """Return the token of a teacher."""
        return self.who("teacher", teacher=self.people[name])

    async def hears(self, answer: Callable[[], Awaitable[Any]], expected: Any) -> None:
        """Ask until what the registry was told has reached the credits service, by an event that tells nobody else."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                if await answer() == expected:
                    return
                await asyncio.sleep(0.02)  # a client is not told when the credits service has heard

    # ---- workflows ---------------------------------------------------------------------------------------------

    async def opens(self, by: Role, workflow: str, allowed: Iterable[Role] = (), **given: Any) -> dict[str, Any]:
        """Open a process by its first step, refused to all others; returns the process."""
        payload = await self.acts(by, "openProcess", {"workflow": workflow, **given}, PROCESS, allowed=allowed)
        return payload["process"]

    async def takes(
        self, by: Role, process: Mapping[str, Any], step: str, allowed: Iterable[Role] = (), **given: Any
    ) -> dict[str, Any]:
        """Take a step of a process, refused to all others; returns the process."""
        said = {"processId": process["id"], "step": step, "version": process["version"], **given}
        return (await self.acts(by, "takeStep", said, PROCESS, allowed=allowed))["process"]

    # ---- sessions ----------------------------------------------------------------------------------------------

    async def schedules(self, day: str, hours: str, **given: Any) -> str:
        """On its very day the school announces a session that starts in ten minutes; returns its id."""
        self.stage.calendar.turn_to(day)
        said = {
            "title": "虚构研修活动", "on": day, "hours": hours, "schoolId": self.school,
            "startsAt": f"{day}T09:10:00+08:00", "endsAt": f"{day}T17:10:00+08:00",
        }  # fmt: skip
        made = await self.acts(
            "school-training-officer", "scheduleSession", {**said, **given}, "session { id }", allowed=REGISTRARS
        )
        return made["session"]["id"]

    async def token_of(self, session: str, name: str) -> str:
        """A teacher asks for his check-in token."""
        given = {"sessionId": session}
        made = await self.enter("issueCheckIn", given, "tokens { token }", token=self.himself(name))
        return made["tokens"][0]["token"]

    async def checks_in(self, session: str, name: str, device: str = "") -> dict[str, Any]:
        """A teacher checks in with his token, which serves nobody else and only once; returns his attendance."""
        given = {"token": await self.token_of(session, name), "device": device or f"phone of {name}"}
        colleague = next(one for one in self.people if one != name)
        assert await self.refused(self.himself(colleague), "checkIn", given) == ("TOKEN_UNKNOWN",)
        made = await self.acts("teacher", "checkIn", given, ATTENDED, token=self.himself(name))
        assert await self.refused(self.himself(name), "checkIn", given) == ("TOKEN_USED",)
        return made["attendance"]

    async def attend(self, session: str, *names: str) -> None:
        """Teachers check in, each on a device of his own."""
        for name in names:
            given = {"token": await self.token_of(session, name), "device": f"phone of {name}"}
            made = await self.enter("checkIn", given, ATTENDED, token=self.himself(name))
            assert made["attendance"] == {"state": "PRESENT", "flags": []}

    async def closes(self, session: str, next_day: str) -> None:
        """The school closes a session when it is over, not before."""
        leader, given = self.who("school-leader"), {"sessionId": session}
        assert await self.refused(leader, "closeSession", given) == ("SESSION_NOT_OVER",)
        self.stage.calendar.turn_to(next_day)
        await self.acts("school-leader", "closeSession", given, "session { state }", allowed=REGISTRARS)


ATTENDED = "attendance { state flags { kind } }"
PROCESS = "process { id version state ended steps { name opens closes } signatures { step subject onBehalfOf mark } }"


def stated(**answers: str) -> list[dict[str, str]]:
    """Return facts or statements as an input takes them."""
    return [{"name": name, "value": value} for name, value in answers.items()]


def paper(name: str, title: str) -> dict[str, str]:
    """Return an attachment that answers an ask."""
    return {"name": name, "title": title, **PAPER}
