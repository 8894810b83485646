"""In which order a list comes: of dated things, of schools, of teachers."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import strawberry


@strawberry.enum(name="Order", description="按日期的次序。The order by date.")
class Order(Enum):
    """Oldest or newest first."""

    OLDEST = strawberry.enum_value("oldest", description="从早到晚。Oldest first.")
    NEWEST = strawberry.enum_value("newest", description="从晚到早，最近的在前。Newest first.")


InOrder = Annotated[Order, strawberry.argument(description="次序；翻页时须相同。The order; the same on every page.")]


@strawberry.enum(name="SchoolOrder", description="学校的次序。The order of schools.")
class SchoolOrder(Enum):
    """By code, by name, or newest first; the values are the wire's."""

    CODE = strawberry.enum_value("code", description="按学校代码。By code.")
    NAME = strawberry.enum_value("name", description="按名称（Unicode 次序）。By name, in the order of Unicode.")
    NEWEST = strawberry.enum_value("newest", description="最近登记的在前。The last entered first.")


@strawberry.enum(name="TeacherOrder", description="教师的次序。The order of teachers.")
class TeacherOrder(Enum):
    """By staff number, by name, or newest first; the values are the wire's."""

    STAFF_NUMBER = strawberry.enum_value("staff-number", description="按工号。By staff number.")
    NAME = strawberry.enum_value(
        "name", description="按姓名（Unicode 次序，同姓相邻）。By name in the order of Unicode: one surname's together."
    )
    NEWEST = strawberry.enum_value("newest", description="最近登记的在前。The last entered first.")


SchoolsIn = Annotated[SchoolOrder, strawberry.argument(description="次序；翻页时须相同。The same on every page.")]
TeachersIn = Annotated[TeacherOrder, strawberry.argument(description="次序；翻页时须相同。The same on every page.")]
