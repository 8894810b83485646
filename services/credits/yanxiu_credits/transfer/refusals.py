"""The refusals and doubts of transfers, each with field, value, sentence and remedy in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yanxiu_footing.stored import simple
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_credits.refusals import refuse

REVERSED_AT_ORIGIN = "REVERSED_AT_ORIGIN"


def transcript_unusable(zh: str, en: str) -> Refused:
    """A document that is no transcript, or whose signature or proofs do not hold: what failed, without full stops.

    The document itself is not repeated.
    """
    return refuse(
        "TRANSCRIPT_UNUSABLE",
        field="document",
        zh=f"这份学分证明不能核验：{zh}。",
        en=f"The transcript cannot be verified: {en}.",
        remedy=(
            "请转出地重新开具，并原样上传；签发单位须为本平台各区县或已登记的信任单位。",
            "Have the origin issue it again and send it unchanged; its issuer must be trusted by this deployment.",
        ),
    )


def transcript_too_long(records: int, most: int) -> Refused:
    """More records than one request takes."""
    return refuse(
        "TRANSCRIPT_TOO_LONG",
        field="document",
        value=records,
        zh=f"学分证明含{records}条记录，一次最多受理{most}条。",
        en=f"The transcript holds {records} records; one request takes {most}.",
        remedy=("请转出地按年度分份开具。", "Have the origin issue it in parts, by years."),
    )


def own_district(origin: str) -> Refused:
    """A move inside a district needs no transfer: the ledger follows the teacher."""
    return refuse(
        "TRANSFER_WITHIN_DISTRICT",
        field="document",
        value=origin,
        zh="这是本区县自己开具的学分证明；区县内调动，学分随教师，不需办理转移。",
        en="This district issued the transcript itself; inside a district the credits follow the teacher.",
        remedy=("请在名册中办理教师调动。", "Move the teacher in the register."),
    )


def already_received(transfer: str) -> Refused:
    """The same document was taken in before."""
    return refuse(
        "TRANSCRIPT_ALREADY_RECEIVED",
        field="document",
        value=transfer,
        zh=f"这份学分证明已受理（{transfer}）。",
        en=f"This transcript was received before, as transfer {transfer}.",
        remedy=("请查看已有的转移。", "See the transfer that exists."),
    )


def of_another() -> Refused:
    """The transcript belongs to somebody else here, or this teacher came as somebody else from there."""
    return refuse(
        "TRANSCRIPT_OF_ANOTHER",
        field="document",
        zh="这份学分证明所属的人与此前受理的不一致。",
        en="The person of this transcript is not the one that earlier transfers say.",
        remedy=("请核对教师与证明是否为同一人。", "See whether teacher and transcript are one person."),
    )


def identity_unconfirmed() -> Refused:
    """No national id travels: an official says that it is the same person."""
    return refuse(
        "IDENTITY_UNCONFIRMED",
        field="identity_confirmed",
        value=False,
        zh="须由受理人核对证件，确认证明与教师为同一人。",
        en="The official must confirm that the transcript and the teacher are one person.",
        remedy=("请核对后勾选确认。", "Check the person's papers, then confirm."),
    )


def transfer_unknown(transfer: str) -> Refused:
    """No such transfer, or out of the caller's scope."""
    return refuse(
        "TRANSFER_UNKNOWN",
        field="transfer",
        value=transfer,
        zh="没有这项学分转移，或不在您的管理范围内。",
        en="There is no such transfer, or not in your scope.",
        remedy=("请核对编号。", "Check its id."),
    )


def item_unknown(number: int) -> Refused:
    """The transfer has no such record."""
    return refuse(
        "TRANSFER_ITEM_UNKNOWN",
        field="number",
        value=number,
        zh=f"这项转移没有第{number}条记录。",
        en=f"The transfer has no record number {number}.",
        remedy=("请核对序号。", "Check the number."),
    )


def not_in_review(number: int, outcome: str) -> Refused:
    """The law, or an official, has decided it already."""
    words = {"recognised": "已承认", "not-recognised": "不予承认"}
    return refuse(
        "TRANSFER_ITEM_DECIDED",
        field="number",
        value=number,
        zh=f"第{number}条记录已有结论（{words[outcome]}）。",
        en=f"Record {number} is decided: {outcome}.",
        remedy=("已入账的须先冲销。", "What stands in the ledger is reversed first."),
    )


def amounts_needed(hours_unit: str, credits_unit: str) -> Refused:
    """Units differ: what is recognised is stated, never converted."""
    return refuse(
        "AMOUNTS_NEEDED",
        field="hours",
        zh=f"计量单位不同，不作折算：请写明承认多少{hours_unit}、多少{credits_unit}。",
        en=f"The units differ and nothing is converted: state the {hours_unit} and {credits_unit} recognised.",
        remedy=("请填写学时与学分。", "Give hours and credits."),
    )


def beyond_origin(field: str, value: Any, most: Decimal) -> Refused:
    """More than it counted where it was earned."""
    return refuse(
        "BEYOND_ORIGIN",
        field=field,
        value=value,
        zh=f"承认{simple(value)}，超出转出地所计的{simple(most)}，或不是确切的数值。",
        en=f"{simple(value)} is more than the {simple(most)} that it counted at the origin, or no exact amount.",
        remedy=("请更正。", "Correct it."),
    )


def beyond_this_law(field: str, value: Any, most: Decimal) -> Refused:
    """More than this law gives for such a training: in other units the amounts of the origin are no bound."""
    return refuse(
        "BEYOND_THIS_LAW",
        field=field,
        value=value,
        zh=f"承认{simple(value)}，超出本区县规定对这样的研修所计的{simple(most)}。",
        en=f"{simple(value)} is more than the {simple(most)} that this law gives for such a training.",
        remedy=(
            "请更正；事实项须以本区县规定的用语和单位写明（facts），学时不得超过转出地所计的两倍。",
            "Correct it; state the facts in the words and units of this law, with at most twice the origin's hours.",
        ),
    )


def transcript_too_old(issued_at: datetime, days: int) -> Refused:
    """What the origin took back since is not in it."""
    return refuse(
        "TRANSCRIPT_TOO_OLD",
        field="document",
        value=issued_at,
        zh=f"学分证明出具已超过{days}日，其后冲销的记录不在其中。",
        en=f"The transcript was issued more than {days} days ago; what was reversed since is not in it.",
        remedy=("请原区县重新出具。", "Ask the origin to issue it anew."),
    )


def facts_unreadable(fact: str | None = None) -> Refused:
    """The law must know what kind of record it is to judge a year with it; `fact` is missing or not as it must be."""
    zh, en = ("", "") if fact is None else (f"缺少或不合格的是{fact}。", f" What is missing or malformed is {fact}.")
    return refuse(
        "FACTS_UNREADABLE",
        field=fact or "facts",
        zh=f"按本区县的规定读不出这条记录的类别，或按其事实不能计入。{zh}",
        en=f"Under this district's law the record's facts cannot be read, or count for nothing.{en}",
        remedy=(
            "请按本区县规定的名称填写这条记录的全部事实（facts），与另填的学时、学分无关。",
            "State all of the record's facts in the words of this district's law, beside the hours and credits given.",
        ),
    )


def transferred_is_decided(record: str) -> Refused:
    """A transferred record was decided from what the origin issued; as an ordinary one it would come in twice."""
    return refuse(
        "RECORD_TRANSFERRED",
        field="record",
        value=record,
        zh=f"记录{record}由外区县转入，不能按本区县的培训更正。",
        en=f"Record {record} came by a transfer: it is not corrected as a training of this district.",
        remedy=(
            "请先冲销（reverseRecord），再按原区县新出具的学分证明重新接收、核定。",
            "Reverse it (reverseRecord), then receive a fresh transcript of the origin and decide the item anew.",
        ),
    )


# ---- doubts: why the service itself does not let a record through ----------------------------------------------


def law_silent(pack: str) -> RefusalItem:
    """The law has no rule on transfers."""
    return refuse(
        "LAW_SILENT_ON_TRANSFER",
        value=pack,
        zh="本区县的规定没有写明外区县学分如何承认。",
        en="The district's law does not say how credits of another district are recognised.",
        remedy=("由师训部门核定。", "An official decides."),
    ).errors[0]


def units_differ(theirs: Sequence[str], ours: Sequence[str]) -> RefusalItem:
    """Hours and credits of another law are not ours by their name alone."""
    return refuse(
        "UNITS_DIFFER",
        value="/".join(theirs),
        zh=f"转出地以{'、'.join(theirs)}计，本区县以{'、'.join(ours)}计，规定没有折算办法。",
        en=f"The origin counts in {' and '.join(theirs)}, this district in {' and '.join(ours)}; no rate is laid down.",
        remedy=("由师训部门核定，不作自动折算。", "An official decides; nothing is converted."),
    ).errors[0]


def unreadable_here() -> RefusalItem:
    """The facts of another law say nothing to this one."""
    return facts_unreadable().errors[0]


def reversed_there(record: str | None) -> RefusalItem:
    """What the origin took back is no credit; what was taken over before is named."""
    zh, en = (
        ("", "") if record is None else (f"此前已据此登记记录{record}。", f" It was entered here as record {record}.")
    )
    remedy = ("不予承认。", "It is not recognised.")
    if record is not None:
        remedy = (f"请核查后冲销记录{record}。", f"Look into it, and reverse record {record}.")
    return refuse(
        REVERSED_AT_ORIGIN,
        value=record,
        zh=f"转出地已冲销这条记录。{zh}",
        en=f"The origin has reversed this record.{en}",
        remedy=remedy,
    ).errors[0]


def transferred_before(record: str) -> RefusalItem:
    """One entry of the origin is one entry here."""
    return refuse(
        "ALREADY_TRANSFERRED",
        value=record,
        zh=f"这条记录此前已转入（记录{record}），不重复计入。",
        en=f"This record was taken over before, as record {record}; it counts once.",
        remedy=("不需办理。", "Nothing needs to be done."),
    ).errors[0]


def other_wording_stands(record: str) -> RefusalItem:
    """The origin corrected the training: one of its wordings counts, and another stands here."""
    return refuse(
        "OTHER_WORDING_STANDS",
        value=record,
        zh=f"转出地更正过这项培训，更正前后的另一条已在此登记为记录{record}，同一培训只计一次。",
        en=f"The origin has corrected this training; its other wording stands here as record {record}: it counts once.",
        remedy=(
            f"请核对以哪一条为准：以本条为准的，先冲销记录{record}再核定承认；否则不予承认。",
            f"See which holds: reverse record {record} before recognising this one, or decline it.",
        ),
    ).errors[0]


def taken_back_here(record: str, why: str) -> RefusalItem:
    """It was entered here before and taken back; it does not come back by itself."""
    words = {
        "fraud": "因弄虚作假被取消",
        "correction": "经更正被冲销",
        "objection": "经异议被冲销",
        "law": "因规定调整被冲销",
        "return": "被退回冲销",
    }
    return refuse(
        "TAKEN_BACK_HERE",
        value=record,
        zh=f"这条记录此前已转入（记录{record}），后{words[why]}，不自动恢复。",
        en=f"It was taken over before as record {record} and reversed here ({why}); it does not come back by itself.",
        remedy=("由师训部门核定，并说明理由。", "An official decides, with a reason."),
    ).errors[0]


def declined_here(reason: str) -> RefusalItem:
    """An official declined it before."""
    return refuse(
        "DECLINED_HERE",
        value=reason,
        zh=f"这条记录此前经核定不予承认（理由：{reason}）。",
        en=f"An official declined this record before, with the reason: {reason}",
        remedy=("由师训部门重新核定，并说明理由。", "An official decides it anew, with a reason."),
    ).errors[0]


def never_left(source: str) -> RefusalItem:
    """What was earned here stands here; it does not come back as a transfer."""
    return refuse(
        "EARNED_HERE",
        value=source,
        zh="这条记录原在本区县取得，一直在本区县台账内，不作转入。",
        en="The record was earned in this district and never left its ledger.",
        remedy=("不需办理。", "Nothing needs to be done."),
    ).errors[0]


def period_locked(on: date, label: str) -> RefusalItem:
    """The year it belongs to is closed."""
    return refuse(
        "PERIOD_LOCKED",
        field="on",
        value=on,
        zh=f"{on.isoformat()}所在的{label}已锁定，不能入账。",
        en=f"{on.isoformat()} lies in {label}, which is locked.",
        remedy=("上级解锁后再核定。", "Decide it once a higher level has opened the period."),
    ).errors[0]


def amount_inexact(value: Decimal) -> RefusalItem:
    """The ledger holds millionths."""
    return refuse(
        "AMOUNT_NOT_EXACT",
        value=value,
        zh=f"所得{simple(value)}不能以百万分之一为单位精确入账。",
        en=f"{simple(value)} does not fit the ledger exactly in millionths.",
        remedy=("由师训部门核定。", "An official decides."),
    ).errors[0]
