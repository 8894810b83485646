"""Dated values: what held on a day, and how a change from a day on leaves the earlier days as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Generic, TypeVar

import msgspec
from yanxiu_wire.teacher import Employment

T = TypeVar("T")

ONE_DAY = timedelta(days=1)


class Span(msgspec.Struct, Generic[T], frozen=True):
    """A value with the days it holds, both included; `until` None means it goes on."""

    since: date
    until: date | None
    value: T


History = tuple[Span[T], ...]


def spans(entries: Iterable[tuple[date, T]]) -> History[T]:
    """A history from (since, value) pairs in date order; equal neighbours are one span."""
    kept: list[tuple[date, T]] = []
    for since, value in entries:
        if not kept or kept[-1][1] != value:
            kept.append((since, value))
    ends = [since - ONE_DAY for since, _ in kept[1:]] + [None]
    return tuple(Span(since, until, value) for (since, value), until in zip(kept, ends, strict=True))


def in_force(history: History[T], day: date) -> T | None:
    """The value that held on `day`, or None before the first one."""
    found = None
    for span in history:
        if span.since > day:
            break
        found = span.value
    return found


def known(history: History[T], day: date) -> T:
    """The value that held on `day`, or the first one when the history begins later."""
    found = in_force(history, day)
    return history[0].value if found is None else found


def amend(history: History[T], since: date, change: Callable[[T], T]) -> History[T]:
    """Change the value from `since` on, later spans included; `since` may not lie before the first day."""
    entries: list[tuple[date, T]] = [(span.since, span.value) for span in history if span.since < since]
    entries.append((since, change(known(history, since))))
    entries += [(span.since, change(span.value)) for span in history if span.since > since]
    return spans(entries)


def begin_on(history: History[T], day: date) -> History[T]:
    """Let the history begin on `day`: the first value is drawn back to it, or what lay before it falls away."""
    entries = [(day, known(history, day))]
    entries += [(span.since, span.value) for span in history if span.since > day and span is not history[0]]
    return spans(entries)


# ---- stretches of work -----------------------------------------------------------------------------------------


def employed(stretches: Sequence[Employment], day: date) -> Employment | None:
    """The stretch that `day` falls in, or None."""
    for stretch in reversed(stretches):
        if stretch.since <= day:
            return stretch if stretch.until is None or stretch.until >= day else None
    return None


def move(stretches: Sequence[Employment], school: str, since: date, post: str) -> tuple[Employment, ...]:
    """Let the teacher work at `school` from `since` on, which may not lie before the newest stretch.

    The running stretch ends the day before; a stretch that began on the same day is replaced, and a stretch that
    only goes on with the one before it is joined to it.
    """
    kept = [stretch for stretch in stretches if stretch.since < since]
    if kept and (kept[-1].until is None or kept[-1].until >= since):
        kept[-1] = msgspec.structs.replace(kept[-1], until=since - ONE_DAY)
    last = kept[-1] if kept else None
    if last and (last.school, last.post) == (school, post) and last.until == since - ONE_DAY:
        return (*kept[:-1], msgspec.structs.replace(last, until=None))
    return (*kept, Employment(school=school, since=since, post=post))


def arrival(stretches: Sequence[Employment], place: int) -> int:
    """The place of the stretch with which the unbroken work at the school of stretch `place` began."""
    while (
        place > 0
        and stretches[place - 1].school == stretches[place].school
        and stretches[place - 1].until == stretches[place].since - ONE_DAY
    ):
        place -= 1
    return place


def restart(stretches: Sequence[Employment], place: int, since: date) -> tuple[Employment, ...]:
    """Let stretch `place` begin on another day: after the one before it began, and not after its own end."""
    before, rest = list(stretches[:place]), stretches[place + 1 :]
    if before and (before[-1].until is None or before[-1].until >= since):
        before[-1] = msgspec.structs.replace(before[-1], until=since - ONE_DAY)
    return (*before, msgspec.structs.replace(stretches[place], since=since), *rest)


def redate(stretches: Sequence[Employment], place: int, since: date) -> tuple[Employment, ...]:
    """Let stretch `place` begin on another day; the one it took over from without a break ends the day before that."""
    work = list(stretches)
    if place and work[place - 1].until == work[place].since - ONE_DAY:
        work[place - 1] = msgspec.structs.replace(work[place - 1], until=since - ONE_DAY)
    work[place] = msgspec.structs.replace(work[place], since=since)
    return tuple(work)


def without(stretches: Sequence[Employment], place: int) -> tuple[Employment, ...]:
    """Leave stretch `place` out; the one it took over from without a break goes on in its stead."""
    work, gone = [*stretches[:place], *stretches[place + 1 :]], stretches[place]
    if place and work[place - 1].until == gone.since - ONE_DAY:
        work[place - 1] = msgspec.structs.replace(work[place - 1], until=gone.until)
    return tuple(work)


def joined(stretches: Sequence[Employment]) -> tuple[Employment, ...]:
    """The stretches with each that only goes on with the one before joined to it."""
    kept: list[Employment] = []
    for stretch in stretches:
        goes_on = (stretch.school, stretch.post, stretch.since - ONE_DAY)
        if kept and (kept[-1].school, kept[-1].post, kept[-1].until) == goes_on:
            kept[-1] = msgspec.structs.replace(kept[-1], until=stretch.until)
        else:
            kept.append(stretch)
    return tuple(kept)


def leave(stretches: Sequence[Employment], since: date) -> tuple[Employment, ...]:
    """End the work the day before `since`; a stretch that would begin on or after it falls away."""
    kept = [stretch for stretch in stretches if stretch.since < since]
    if kept and (kept[-1].until is None or kept[-1].until >= since):
        kept[-1] = msgspec.structs.replace(kept[-1], until=since - ONE_DAY)
    return tuple(kept)
