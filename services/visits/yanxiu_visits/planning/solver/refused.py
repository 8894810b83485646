"""What a problem is refused for: where, what stands there, and the reason and remedy in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Why = Literal[
    "no_person", "no_school", "no_term", "not_there", "researcher", "twice", "negative", "too_large", "by_terms",
    "by_batch", "no_period", "not_over",
]  # fmt: skip


class Reason(NamedTuple):
    """Why, and what to do, each in Chinese and in English; a sentence without its end."""

    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


_REMOVE = ("请更正或删去这一项", "Correct it or take it out")
REASONS: Mapping[Why, Reason] = {
    "no_person": Reason(
        "没有这名研训员，也不在协同人员之列", "there is no such researcher, nor a helper of the plan", *_REMOVE
    ),
    "no_school": Reason("没有这所学校", "there is no such school", *_REMOVE),
    "no_term": Reason("方案不含这个学期或批次", "the plan has no such term or batch", *_REMOVE),
    "not_there": Reason(
        "此人或此校在方案要安排的时间内不在岗、不开办或不在可选之列",
        "that person or school is not there, or not to choose from, in the days to be planned",
        *_REMOVE,
    ),
    "researcher": Reason("此人本就是研训员，不作协同人员另列", "that person is a researcher, not a helper", *_REMOVE),
    "twice": Reason("同一项列了不止一次", "it stands more than once", "请只保留一项", "Keep one of them"),
    "negative": Reason("不能是负数", "it must not be negative", "请填写零或正整数", "Give zero or more"),
    "too_large": Reason(
        "数值过大", "it is too large", "请换用较大的单位或较小的数", "Use larger units or a smaller number"
    ),
    "by_terms": Reason(
        "按学期安排的方案不使用这一项", "a plan by terms has no use for it", "请删去这一项", "Take it out"
    ),
    "by_batch": Reason(
        "按批次确定基地学校的方案不使用这一项", "a plan of a batch has no use for it", "请删去这一项", "Take it out"
    ),
    "no_period": Reason(
        "没有可安排的学期或批次", "there is no period to plan", "请核对校历后重新起草", "Check the calendar, draft anew"
    ),
    "not_over": Reason("所保留的安排不属于已结束的学期", "what is held belongs to no period that is over", *_REMOVE),
}


class ProblemRefused(ValueError):
    """The problem contradicts itself: a name used twice, somebody unknown, a negative cost; `field` says where."""

    def __init__(self, field: str, value: str, why: Why) -> None:
        super().__init__(f"{field} = {value!r}: {REASONS[why].en}")
        self.field = field
        self.value = value
        self.reason = REASONS[why]
