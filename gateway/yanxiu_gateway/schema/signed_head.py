"""Signed heads of the ledger, their public keys, and transcripts: what anyone can check without asking the platform."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import books as wire_books

from yanxiu_gateway.errors import granted
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_teacher
from yanxiu_gateway.schema.nodes import After, Connection, First, asked_page, page_rows, plain_id
from yanxiu_gateway.schema.order import InOrder, Order
from yanxiu_gateway.schema.semantic_null import NULL_IS_A_HOLE

if TYPE_CHECKING:
    # The types know each other; at run time each is resolved by its name.
    from yanxiu_gateway.schema.teacher import Teacher


@strawberry.type(
    name="SignedHead",
    description="已签署的台账头：某日台账有多少条、树根与最后散列，以签名为证。请另存一份。"
    "A signed statement of what the ledger was on a day. Keep a copy elsewhere.",
)
class SignedHead:
    """A signed head."""

    day: date = strawberry.field(description="签署之日。The day.")
    size: int = strawberry.field(description="共有多少条分录。How many entries there were.")
    root: str = strawberry.field(description="散列树的根。Root of the Merkle tree over them.")
    head: str = strawberry.field(description="最后一条分录的散列。Hash of the last entry.")
    signed_at: datetime = strawberry.field(description="签署时刻。When it was signed.")
    token: str = strawberry.field(description="签名文本（JWS）。The signature over all of it, a JWS.")


@strawberry.type(
    name="ConsistencyProof",
    description="证明较新的台账以较早的台账为开头。Proof that a later ledger begins with an earlier one.",
)
class ConsistencyProof:
    """A proof."""

    older: int = strawberry.field(description="较早的条数。Entries of the earlier.")
    newer: int = strawberry.field(description="较新的条数。Entries of the later.")
    older_root: str = strawberry.field(description="较早的树根。Root of the earlier.")
    newer_root: str = strawberry.field(description="较新的树根。Root of the later.")
    nodes: list[str] = strawberry.field(description="中间结点。The nodes between them.")


teacher_of = named_teacher("teacher")


@strawberry.type(
    name="Transcript",
    description="学分证明：凭公钥即可离线核验。A transcript, checked offline with the public keys.",
)
class Transcript:
    """A transcript."""

    teacher: Annotated[Teacher, strawberry.lazy("yanxiu_gateway.schema.teacher")] | None = strawberry.field(
        resolver=teacher_of, description="教师；姓名不在签名之内。The teacher; the name is not in what is signed."
    )
    entries: int = strawberry.field(description="共有多少条分录。How many entries it holds.")
    issued_at: datetime = strawberry.field(description="出具时刻。When it was issued.")
    document: str = strawberry.field(
        description="证明全文（JSON），原样保存，用 yanxiu transcript verify 核验。"
        "The document (JSON): keep it as it is; yanxiu transcript verify checks it."
    )


Since = Annotated[date | None, strawberry.argument(description="自哪天起，含当天。From this day on.")]
Until = Annotated[date | None, strawberry.argument(description="到哪天止，含当天。Up to and including this day.")]
OfTeacher = Annotated[strawberry.ID, strawberry.argument(description="教师编号。The teacher's id.")]
Older = Annotated[int, strawberry.argument(description="较早的条数。Entries of the earlier head.")]
Newer = Annotated[int, strawberry.argument(description="较新的条数。Entries of the later head.")]


async def list_heads(
    info: Info, first: First = 50, after: After = None, since: Since = None, order: InOrder = Order.OLDEST
) -> Any:
    """A page of signed heads."""
    context, page = info.context, asked_page(first, after)
    query = wire_books.ListHeads(caller=context.caller, since=since, page=page, newest_first=order is Order.NEWEST)
    return page_rows(granted(await context.backend.list_heads(query, deadline=context.deadline)), after)


async def prove_consistency(info: Info, older: Older, newer: Newer) -> Any:
    """The proof between two sizes that were signed."""
    context = info.context
    query = wire_books.ProveConsistency(caller=context.caller, older=older, newer=newer)
    return granted(await context.backend.prove_consistency(query, deadline=context.deadline))


async def get_ledger_keys(info: Info) -> str:
    """The public keys as a JWK Set."""
    context = info.context
    query = wire_books.GetLedgerKeys(caller=context.caller)
    return granted(await context.backend.get_ledger_keys(query, deadline=context.deadline)).jwks


async def get_transcript(info: Info, teacher: OfTeacher, since: Since = None, until: Until = None) -> Any:
    """A teacher's transcript."""
    context = info.context
    query = wire_books.GetTranscript(
        caller=context.caller, teacher=plain_id("Teacher", teacher), since=since, until=until
    )
    return granted(await context.backend.get_transcript(query, deadline=context.deadline))


@strawberry.type(description="台账签署与学分证明的查询。What can be asked about signed heads and transcripts.")
class ProofQueries:
    """Root fields."""

    signed_heads: Connection[SignedHead] | None = strawberry.field(
        resolver=list_heads, description="已签署的台账头。Signed heads."
    )
    consistency_proof: ConsistencyProof | None = strawberry.field(
        resolver=prove_consistency,
        metadata=NULL_IS_A_HOLE,
        description="两个已签署的台账头之间的一致性证明。Proof that one signed head continues another.",
    )
    ledger_keys: str | None = strawberry.field(
        resolver=get_ledger_keys,
        metadata=NULL_IS_A_HOLE,
        description="核验台账头与学分证明的公钥（JWK Set）。Public keys (JWK Set) for heads and transcripts.",
    )
    transcript: Transcript | None = strawberry.field(
        resolver=get_transcript,
        metadata=NULL_IS_A_HOLE,
        description="一位教师的学分证明。A teacher's transcript, signed.",
    )
