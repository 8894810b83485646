"""Whether a rule pack failed: its code, or the kit that had to make sense of what it gave, was under way."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType

from yanxiu_footing.fence.lazy_packs import LazyPacks, kit_or_pack


def pack_to_blame(error: BaseException, packs: LazyPacks) -> str | None:
    """Return the jurisdiction of the pack in whose code, or the kit's about it, the error arose; None for our own."""
    found: str | None = None
    for trace in _traces(error):
        while trace is not None:
            whose = kit_or_pack(trace.tb_frame.f_globals.get("__name__"), packs.roots)
            if whose:
                return whose
            found = whose if whose is not None else found
            trace = trace.tb_next
    return None if found is None else packs.last


def _traces(error: BaseException) -> Iterator[TracebackType | None]:
    """The tracebacks of an error and of those that it came from."""
    seen: set[int] = set()
    left: list[BaseException | None] = [error]
    while left:
        one = left.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one.__traceback__
        left.append(one.__cause__ or (None if one.__suppress_context__ else one.__context__))
        if isinstance(one, BaseExceptionGroup):
            left += reversed(one.exceptions)


def problem_of(error: BaseException) -> str:
    """The word for what happened, as `RulePackFailed` has it."""
    return "memory" if isinstance(error, MemoryError) else "raised"
