"""Whether a command of field work can be kept at all: by itself, its sender and the clock, never by other notes. Pure.

So a refusal is the same whatever order commands arrive in.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from yanxiu_wire.caller import Caller
from yanxiu_wire.noting import FieldCommand
from yanxiu_wire.refusal import Refused

from yanxiu_visits import refusals as general
from yanxiu_visits.scope import OFFICERS
from yanxiu_visits.visiting import refusals
from yanxiu_visits.visiting.notes import author_in, is_own_id

MOST_CHARACTERS = 4000


def assess_time(command: FieldCommand, now: datetime, tolerance: timedelta) -> Refused | None:
    """Return why an instant cannot be kept: without offset, or after now by more than clocks may differ."""
    at = command.occurred_at
    if at.utcoffset() is None:
        return general.instant_without_zone("occurred_at", at)
    return general.instant_in_future("occurred_at", at, now) if at > now + tolerance else None


def visitor_of(command: FieldCommand) -> str | Refused:
    """Return whose work it is: the researcher's own, or the one that an officer names."""
    caller, named = command.caller, command.researcher
    if caller.role in OFFICERS:
        return named or refusals.not_your_work(named)
    if caller.teacher is None or (named is not None and named != caller.teacher):
        return refusals.not_your_work(named)
    return caller.teacher


def actor_of(command: FieldCommand) -> str | Refused:
    """Return who acts in a finding: himself, or the researcher whom an officer names."""
    caller, named = command.caller, command.researcher
    if caller.role in OFFICERS:
        return named or person_of(caller)
    return person_of(caller) if named in (None, person_of(caller)) else refusals.not_your_work(named)


def is_researcher(command: FieldCommand, author: str) -> bool:
    """Say whether somebody acts as a researcher, himself or by an officer who names him: then he must be one."""
    return command.caller.role == "researcher" or author != person_of(command.caller)


def person_of(caller: Caller) -> str:
    """Return who a caller is: the person of the register, or else the subject of the token."""
    return caller.teacher or caller.subject


def assess_own_id(field: str, given: str, author: str) -> Refused | None:
    """Return the refusal of an id for something of the author's own: malformed, or of another author."""
    prefix, dot, own = given.rpartition(".")
    fits = is_own_id(own) and (not dot or prefix == author)
    return None if fits else refusals.id_malformed(field, given)


def assess_any_id(field: str, given: str) -> Refused | None:
    """Return the refusal of an id that names something of anybody's: malformed, or without its author."""
    return None if author_in(given) and is_own_id(given.rpartition(".")[2]) else refusals.id_malformed(field, given)


def assess_text(field: str, text: str, *, most: int = MOST_CHARACTERS, empty: bool = False) -> Refused | None:
    """Return the refusal of a text that is too long, or empty where it must not be."""
    fits = len(text) <= most and (empty or bool(text.strip()))
    return None if fits else general.text_malformed(field, text[:200], most)
