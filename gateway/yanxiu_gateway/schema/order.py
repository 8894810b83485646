"""In which order a list of dated things comes."""

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
