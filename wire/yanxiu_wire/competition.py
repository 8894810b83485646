"""Messages of the competition (校本研修比拼): a turn of a stage, its entries led by principals, its three rounds."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.ruling import Ruling

_SERVICE = "visits"


class CompetitionEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A school that takes part, who leads it (a teacher's id) and his post."""

    school: str
    leader: str
    leader_post: str


class RoundResult(msgspec.Struct, frozen=True, kw_only=True):
    """A school's result in a category: whole marks; `rank` within the category comes of them, equals share one."""

    school: str
    category: str
    mark: int
    rank: int = 0


class RoundHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A round as it was held, with the rank lists by category."""

    round: str
    held_on: date
    results: tuple[RoundResult, ...]


class Competition(msgspec.Struct, frozen=True, kw_only=True, tag="competition"):
    """A turn: a stage (named as the law does) in a term, the law's rounds in order, and what was held of them."""

    id: str
    name: str
    year: int
    term: str
    stage: str
    rounds: tuple[str, ...]
    categories: tuple[str, ...]
    clauses: tuple[str, ...]
    opened_at: datetime
    entries: tuple[CompetitionEntry, ...] = ()
    held: tuple[RoundHeld, ...] = ()
    replayed: bool = False


class OpenCompetition(Command, frozen=True, kw_only=True):
    """Open the turn of a stage in a term, with the categories it is judged in."""

    name: str
    term: str
    stage: str
    categories: tuple[str, ...]


class EnterCompetition(Command, frozen=True, kw_only=True):
    """Enter a school of the stage; its leader holds the post that the law names (校长)."""

    competition: str
    school: str
    leader: str
    leader_post: str


class RecordRound(Command, frozen=True, kw_only=True):
    """Record a round, in the law's order, with the marks of schools that entered."""

    competition: str
    round: str
    held_on: date
    results: tuple[RoundResult, ...]


class ListCompetitions(Query, frozen=True, kw_only=True):
    """Ask for a page of competitions, as they were opened."""

    page: Page = Page()
    year: int | None = None
    stage: str | None = None
    ids: tuple[str, ...] = ()


class CompetitionPage(msgspec.Struct, frozen=True, kw_only=True, tag="competition-page"):
    """A page of competitions."""

    items: tuple[Competition, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class GetRotation(Query, frozen=True, kw_only=True):
    """Ask whether the stages take turns as the law orders, with all competitions so far."""


class StageTurns(msgspec.Struct, frozen=True, kw_only=True):
    """How many competitions of a stage there were."""

    stage: str
    turns: int


class Rotation(msgspec.Struct, frozen=True, kw_only=True, tag="rotation"):
    """The turns of the stages between the law's years, and what the law answers."""

    first_year: int
    last_year: int
    stages: tuple[StageTurns, ...]
    rulings: tuple[Ruling, ...]


OPEN_COMPETITION = Endpoint(_SERVICE, "open-competition", OpenCompetition, Competition | Refused, writes=True)
ENTER_COMPETITION = Endpoint(_SERVICE, "enter-competition", EnterCompetition, Competition | Refused, writes=True)
RECORD_ROUND = Endpoint(_SERVICE, "record-round", RecordRound, Competition | Refused, writes=True)
LIST_COMPETITIONS = Endpoint(_SERVICE, "list-competitions", ListCompetitions, CompetitionPage | Refused)
GET_ROTATION = Endpoint(_SERVICE, "get-rotation", GetRotation, Rotation | Refused)
