"""The refusals about dead letters."""

from __future__ import annotations

from yanxiu_wire.refusal import Refused

from yanxiu_footing.refusals import refuse

_LIST = ("请用 yanxiu dead-letters list 查看。", "See `yanxiu dead-letters list`.")


def letter_unknown(message_id: str) -> Refused:
    """No such letter in this district."""
    return refuse(
        "DEAD_LETTER_UNKNOWN",
        field="ids",
        value=message_id,
        zh="本区没有这封死信。",
        en="There is no such dead letter in this district.",
        remedy=_LIST,
    )


def letter_settled(message_id: str, state: str) -> Refused:
    """The letter was replayed or dropped before."""
    zh = "已重放" if state == "replayed" else "已丢弃"
    return refuse(
        "DEAD_LETTER_SETTLED",
        field="ids",
        value=message_id,
        zh=f"这封死信{zh}，不能再处理。",
        en=f"This dead letter was {state} before and cannot be settled again.",
        remedy=_LIST,
    )


def nothing_named() -> Refused:
    """Neither letters nor a consumer, or both."""
    return refuse(
        "DEAD_LETTERS_UNNAMED",
        field="ids",
        zh="请指明若干封死信，或一个消费者的全部死信，二者取一。",
        en="Name letters, or a consumer whose letters are all meant: one of the two.",
        remedy=_LIST,
    )


def reason_missing() -> Refused:
    """A letter is dropped for a reason that stays on record."""
    return refuse(
        "REASON_REQUIRED",
        field="reason",
        zh="丢弃死信必须写明理由，理由将留存备查。",
        en="A dead letter is dropped for a reason, which stays on record.",
        remedy=("请在 reason 中写明为何不再需要它。", "Say in `reason` why it is not needed any more."),
    )
