"""Locked periods: what is locked, by whom and why, and every time that it was opened."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import books as wire_books

from yanxiu_gateway.errors import granted
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_school
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, page_rows, plain_id
from yanxiu_gateway.schema.role import CallerRole

if TYPE_CHECKING:
    # The types know each other; at run time each is resolved by its name.
    from yanxiu_gateway.schema.school import School

LockRow = strawberry.Parent[wire_books.PeriodLock]
OpeningRow = strawberry.Parent[wire_books.LockOpening]


def role_of(root: strawberry.Parent[Any]) -> CallerRole:
    """The role in which it was done."""
    return CallerRole(root.role)


@strawberry.type(name="LockOpening", description="一次开锁。That a lock was opened.")
class LockOpening:
    """An opening."""

    opened_by: str = strawberry.field(description="由谁打开。Who opened it.")
    role: CallerRole = strawberry.field(resolver=role_of, description="以何角色。In which role.")
    reason: str = strawberry.field(description="理由。Why.")
    until: date | None = strawberry.field(
        description="开放到哪天，含当天；为空则至重新锁定为止。The last day open; null until it is locked again."
    )
    recorded_at: datetime = strawberry.field(description="何时打开。When it was opened.")


school_of = named_school("school")


def openers_of(root: LockRow) -> list[CallerRole]:
    """The roles that may open it."""
    return [CallerRole(one) for one in root.may_open]


@strawberry.type(
    name="PeriodLock",
    description="锁定的周期：其中的登记、更正、冲销一律不予办理。"
    "A locked period: nothing in it is registered, corrected or reversed.",
)
class PeriodLock(Node):
    """A lock."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A lock of the credits service is shown as this type."""
        return isinstance(obj, wire_books.PeriodLock)

    school: Annotated[School, strawberry.lazy("yanxiu_gateway.schema.school")] | None = strawberry.field(
        resolver=school_of, description="哪所学校；为空即全区。The school; null for the whole district."
    )
    kind: str = strawberry.field(
        description="周期的种类，如 year、cycle、school_year、term。"
        "The kind of period, such as year, cycle, school_year or term."
    )
    label: str = strawberry.field(description="周期。The period.")
    starts_on: date = strawberry.field(description="周期首日。Its first day.")
    ends_on: date = strawberry.field(description="周期末日。Its last day.")
    reason: str = strawberry.field(description="锁定的理由。Why it is locked.")
    locked_by: str = strawberry.field(description="由谁锁定。Who locked it.")
    role: CallerRole = strawberry.field(resolver=role_of, description="以何角色。In which role.")
    recorded_at: datetime = strawberry.field(description="何时锁定。When it was locked.")
    in_force: bool = strawberry.field(description="今天是否仍锁着。Whether it closes the period today.")
    may_open: list[CallerRole] = strawberry.field(
        resolver=openers_of,
        description="谁可以开锁：更高层级；最高层级的由另一人。"
        "Who may open it: a higher level, at the top another person.",
    )
    openings: list[LockOpening] = strawberry.field(description="历次开锁。Every time that it was opened.")


OfSchool = Annotated[strawberry.ID | None, strawberry.argument(description="只要涉及这所学校的。Those of this school.")]
InForce = Annotated[
    bool | None, strawberry.argument(description="只要今天锁着的，或只要已打开的。Only those in force, or only others.")
]


async def list_locks(
    info: Info, first: First = 50, after: After = None, school: OfSchool = None, in_force: InForce = None
) -> Any:
    """A page of locks, newest first."""
    context = info.context
    query = wire_books.ListLocks(
        caller=context.caller,
        school=plain_id("School", school) if school is not None else None,
        in_force=in_force,
        page=asked_page(first, after),
    )
    return page_rows(granted(await context.backend.list_locks(query, deadline=context.deadline)), after)


@strawberry.type(description="锁定周期的查询。What can be asked about locked periods.")
class LockQueries:
    """Root fields."""

    period_locks: Connection[PeriodLock] | None = strawberry.field(
        resolver=list_locks, description="锁定的周期，从新到旧。Locked periods, newest first."
    )
