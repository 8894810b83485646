"""Messages of erasing a person: proposed by one official, confirmed by another, refused where something still runs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from yanxiu_wire import credits as credit
from yanxiu_wire import registry, visits
from yanxiu_wire.codec import encode_canonical
from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused

WordKind = Literal["name", "number"]
EVERY_KIND: tuple[WordKind, ...] = ("name", "number")


class Erasure(msgspec.Struct, frozen=True, kw_only=True, tag="erasure"):
    """An erasure: what for, by which document, until when that one has the data kept, and who stands for it.

    Once it is confirmed, `counts` says how many rows of each table were cleared: the registry's by its name, another
    service's by `service.table`. It is begun when the second official has decided and names may be cleared elsewhere:
    from then on it is not withdrawn. `everywhere` is what the second official decided: which kinds of words are taken
    out of rows too that are not about the person; nobody decided before it is begun, nor where an older version began
    it, which took out both.
    """

    id: str
    teacher: str
    reason: str
    document: str
    retained_until: date
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    counts: Mapping[str, int] = {}
    begun_by: str | None = None
    begun_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_why: str | None = None
    everywhere: tuple[WordKind, ...] | None = None
    replayed: bool = False


class ProposeErasure(Command, frozen=True, kw_only=True):
    """Propose to erase a teacher who works in the district no more.

    The `document` is the decision, or the rule of the district, that says how long such data are kept: until
    `retained_until`, which must be over.
    """

    teacher: str
    reason: str
    document: str
    retained_until: date


class WithdrawErasure(Command, frozen=True, kw_only=True):
    """Withdraw a proposal that is not begun; a second time it answers the same."""

    erasure: str
    reason: str


class BeginErasure(Command, frozen=True, kw_only=True):
    """Decide on an erasure that another person proposed; what names him may then be cleared, first elsewhere.

    `everywhere`: which kinds of words go from rows too that are not about him; it is decided once. Each time this is
    asked the other services are told by what they know the words. `shown` is the check code under which the words were
    shown to who decides (`ErasureWords.shown`): it is refused where they are others by now.
    """

    erasure: str
    everywhere: tuple[WordKind, ...] = ()
    shown: str | None = None


class GetErasureWords(Query, frozen=True, kw_only=True):
    """Ask by what the person of an erasure is named: to count it before it is decided, to clear it elsewhere after."""

    erasure: str


class ErasureWords(msgspec.Struct, frozen=True, kw_only=True, tag="erasure-words"):
    """What a person is named by in free texts. It is kept nowhere: it travels to be taken out.

    `names` and staff `numbers` are his alone, and sought anywhere; `shared` names and `shared_numbers` are sought in
    rows about him only: others bear the name too, or nobody decided that it is taken out elsewhere. `spared` are names
    of others in which one of his is contained. `salt` is random: with it the words give the digest that the registry
    announced when the erasure was begun. `shown` is a check code of these words under a key of the registry, by which
    who decides says which words he was shown; it tells nobody a name.
    """

    names: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    shared_numbers: tuple[str, ...] = ()
    salt: str = ""
    shown: str = ""


class ErasureBegun(msgspec.Struct, frozen=True, kw_only=True):
    """An erasure was begun: two officials stand for taking out the words of this digest (`words_digest`).

    Done, it is announced once more with `until`: what was written while it was done may be cleared until then, and
    nothing after.
    """

    erasure: str
    teacher: str
    version: int
    digest: str
    until: datetime | None = None


class CountMentions(Query, frozen=True, kw_only=True):
    """Ask in how many rows of a service's free texts the words of an erasure stand; nothing is changed."""

    teacher: str
    words: ErasureWords


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A word and a table: in how many rows about the person it stands, and in how many others.

    The others of a word that is shared are not counted: it is never taken out of them. `kept` are rows of JSON in which
    a number equal to his stands alone, and stays: it may be an amount.
    """

    kind: WordKind
    word: str
    table: str
    his: int
    others: int
    kept: int = 0


class MentionsCounted(msgspec.Struct, frozen=True, kw_only=True, tag="mentions-counted"):
    """The words that stand anywhere, by word and table."""

    items: tuple[Mention, ...]


class ClearPerson(Command, frozen=True, kw_only=True):
    """Take what names a person out of every free text of a service, for an erasure that is begun."""

    erasure: str
    teacher: str
    words: ErasureWords


class PersonCleared(msgspec.Struct, frozen=True, kw_only=True, tag="person-cleared"):
    """How many rows of each table were changed for the erasure, by all that was asked for it.

    `by` is the digest of the words as this service understood them, which is what the registry announced: a version
    that does not know a kind of word, or no announcements, has another or none.
    """

    rows: Mapping[str, int]
    by: str = ""
    replayed: bool = False


class ConfirmErasure(Command, frozen=True, kw_only=True):
    """Clear the register, the last step of an erasure that is begun; a second time it answers the same.

    `cleared` is what the other services have cleared: by service, rows by table; `by` is the digest of the words by
    which each did. `everywhere` and `shown` are for `BeginErasure`: who does not say the first is refused where a word
    stands in rows that are not about the person.
    """

    erasure: str
    cleared: Mapping[str, Mapping[str, int]] = {}
    everywhere: tuple[WordKind, ...] | None = None
    by: Mapping[str, str] = {}
    shown: str | None = None


class ListErasures(Query, frozen=True, kw_only=True):
    """Ask for one erasure, a teacher's, or all that were confirmed since an instant: oldest first, 500 at most.

    With a `page` they come newest first, as many as it says.
    """

    erasure: str | None = None
    teacher: str | None = None
    since: datetime | None = None
    page: Page | None = None


class Erasures(msgspec.Struct, frozen=True, kw_only=True, tag="erasures"):
    """Erasures, oldest first; of a page newest first, with its cursors and how many there are in all."""

    items: tuple[Erasure, ...]
    cursors: tuple[str, ...] = ()
    has_next: bool = False
    total: int = 0


class CheckErasure(Query, frozen=True, kw_only=True):
    """Ask whether a service has anything against erasing a teacher."""

    teacher: str


class ErasureChecked(msgspec.Struct, frozen=True, kw_only=True, tag="erasure-checked"):
    """It has nothing; `rows` stay that are about the id alone."""

    rows: int


class SignErasure(Command, frozen=True, kw_only=True):
    """Ask for the receipt of an erasure: the signature over `ErasureStated`; the same for the same erasure."""

    erasure: str
    teacher: str
    sha256: str


class ErasureReceipt(msgspec.Struct, frozen=True, kw_only=True, tag="erasure-receipt"):
    """The JWS over `ErasureStated`."""

    token: str
    replayed: bool = False


PROPOSE_ERASURE = Endpoint(registry.SERVICE, "propose-erasure", ProposeErasure, Erasure | Refused, writes=True)
WITHDRAW_ERASURE = Endpoint(registry.SERVICE, "withdraw-erasure", WithdrawErasure, Erasure | Refused, writes=True)
BEGIN_ERASURE = Endpoint(registry.SERVICE, "begin-erasure", BeginErasure, Erasure | Refused, writes=True)
GET_ERASURE_WORDS = Endpoint(registry.SERVICE, "get-erasure-words", GetErasureWords, ErasureWords | Refused)
# It searches the register and writes its file anew; those that follow a long clearing find their own time too.
CONFIRM_ERASURE = Endpoint(
    registry.SERVICE, "confirm-erasure", ConfirmErasure, Erasure | Refused, writes=True, seconds=60
)
LIST_ERASURES = Endpoint(registry.SERVICE, "list-erasures", ListErasures, Erasures | Refused)
SIGN_ERASURE = Endpoint(credit.SERVICE, "sign-erasure", SignErasure, ErasureReceipt | Refused, writes=True, seconds=20)


def _check(service: str) -> Endpoint[Any, Any]:
    return Endpoint(service, "check-erasure", CheckErasure, ErasureChecked | Refused)


CHECK_ERASURE_OF_CREDITS, CHECK_ERASURE_OF_VISITS = _check(credit.SERVICE), _check(visits.SERVICE)
CHECKS = (CHECK_ERASURE_OF_CREDITS, CHECK_ERASURE_OF_VISITS)


def _clear(service: str) -> Endpoint[Any, Any]:
    return Endpoint(service, "clear-person", ClearPerson, PersonCleared | Refused, writes=True, seconds=60)


CLEAR_PERSON_OF_CREDITS, CLEAR_PERSON_OF_VISITS = _clear(credit.SERVICE), _clear(visits.SERVICE)
CLEARS = (CLEAR_PERSON_OF_CREDITS, CLEAR_PERSON_OF_VISITS)
ERASURE_BEGUN = Event(registry.SERVICE, "erasure-begun", ErasureBegun)


def _count(service: str) -> Endpoint[Any, Any]:
    return Endpoint(service, "count-mentions", CountMentions, MentionsCounted | Refused, seconds=60)


COUNT_MENTIONS_OF_REGISTRY = _count(registry.SERVICE)
COUNT_MENTIONS_OF_CREDITS, COUNT_MENTIONS_OF_VISITS = _count(credit.SERVICE), _count(visits.SERVICE)
COUNTS = (COUNT_MENTIONS_OF_REGISTRY, COUNT_MENTIONS_OF_CREDITS, COUNT_MENTIONS_OF_VISITS)


def words_digest(erasure: str, teacher: str, words: ErasureWords) -> str:
    """Return the SHA-256 (hex) by which a service knows the words that the registry announced for an erasure."""
    said: dict[str, Any] = msgspec.to_builtins(words)
    # The check code is about what was shown, and versions before it gave the same digest.
    del said["shown"]
    return hashlib.sha256(encode_canonical([erasure, teacher, said])).hexdigest()
