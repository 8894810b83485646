"""Messages owned by the visits service as a whole; those of its areas stand in modules of their own."""

from __future__ import annotations

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command
from yanxiu_wire.refusal import Refused

SERVICE = "visits"


class RebuildVisitFacts(Command, frozen=True, kw_only=True):
    """Empty the visits service's copy of the registry's facts and fill it again from the stream.

    Every visit, record and finding is made anew of its notes, under the law as it is known then. STREAM_BEHIND where
    the stream lacks what was applied here before, unless the loss is accepted.
    """

    accept_loss: bool = False


class VisitFactsRebuilt(msgspec.Struct, frozen=True, kw_only=True, tag="visit-facts-rebuilt"):
    """How many of each the copy holds now, and how many visits, records and findings were folded anew.

    `before` and `after` are digests of the copy: equal where the rebuild found nothing to mend.
    """

    schools: int
    teachers: int
    researchers: int
    groups: int
    leading_groups: int
    terms: int
    refolded: int = 0
    before: str = ""
    after: str = ""


REBUILD_VISIT_FACTS = Endpoint(
    SERVICE, "rebuild-facts", RebuildVisitFacts, VisitFactsRebuilt | Refused, writes=True, seconds=60
)
