"""Answer the names of teachers who stand on a public list (公示), to the people of their school."""

from __future__ import annotations

from datetime import date

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.log import logger
from yanxiu_wire.public_names import GetPublicNames, PublicNames
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.history import employed, known
from yanxiu_registry.own_school import own_school
from yanxiu_registry.pages import MOST_IDS
from yanxiu_registry.refusals import refused, too_many, value_invalid
from yanxiu_registry.register import TeacherFile
from yanxiu_registry.scope import scope_of
from yanxiu_registry.store.teachers import teachers_by_id

_log = logger()


async def get_public_names(
    registry: Registry, district: str, query: GetPublicNames, deadline: Deadline
) -> PublicNames | Refused:
    """The names, in the order asked for: nothing else of a card; None where the caller may not read it.

    PUER-F2-4-2 lets a school's own people object to its list, which they cannot to a list of numbers; form 2-2 shows
    more (national id, gender, title), of which an objection needs nothing. Whether the list is public now and whom it
    names only credits knows, and the gateway asks for no one else. The registry does not take that on trust: a role of
    the whole district reads the cards anyway; everybody else gets the names of those who worked at the own school on
    the day of the list, or do today - a teacher's own school being the one of the register, whatever the token says.
    So the most that could be got out of it by asking for other ids are the names of one's own colleagues. Who reads is
    not kept: it would be a list of those who may be about to object; the log tells school and number.

    Refused: TOO_MANY, VALUE_INVALID of a day to come.
    """
    if len(query.teachers) > MOST_IDS:
        return too_many("teachers", len(query.teachers), MOST_IDS)
    today = registry.today()
    if query.on > today:
        return refused(value_invalid("on", query.on, "不晚于今天的日期", "a day that is not to come"))
    deadline.check()
    scope = scope_of(query.caller)
    async with registry.dbs.read(district) as conn:
        school = None if scope.whole else await own_school(registry, conn, district, query.caller)
        found = await teachers_by_id(conn, district, set(query.teachers)) if scope.whole or school else {}
    names = {
        one: known(file.facts, today).name
        for one, file in found.items()
        if scope.whole or _worked_at(file, school, query.on, today)
    }
    _log.info("public-names-told", district=district, school=school, asked=len(query.teachers), told=len(names))
    return PublicNames(items=tuple(names.get(one) for one in query.teachers))


def _worked_at(file: TeacherFile, school: str | None, *days: date) -> bool:
    stretches = (employed(file.employments, day) for day in days)
    return school is not None and any(one is not None and one.school == school for one in stretches)
