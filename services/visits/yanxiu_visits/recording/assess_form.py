"""Whether a form can be asked, and whether answers fit it; every reason names its field. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from yanxiu_wire.forms import FormField
from yanxiu_wire.refusal import RefusalItem

from yanxiu_visits.recording.refusals import answer_refused, field_malformed

MOST_FIELDS = 80
MOST_TEXT = 4000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?")
_CHOSEN = ("choice", "scale")


def is_name(name: str) -> bool:
    """Say whether a form or field may be called so: a small letter, then small letters, digits, underscores."""
    return bool(_NAME.fullmatch(name))


def assess_fields(fields: tuple[FormField, ...]) -> tuple[RefusalItem, ...]:
    """Return what keeps these fields from being a form, each with its place; empty when nothing does."""
    if not 1 <= len(fields) <= MOST_FIELDS:
        said = f"应有1至{MOST_FIELDS}项", f"a form has 1 to {MOST_FIELDS} fields"
        return (field_malformed("fields", len(fields), f"{said[0]}。", f"{said[1]}."),)
    names = [one.name for one in fields]
    return tuple(
        item for place, one in enumerate(fields) for item in _field(f"fields[{place}]", one, names.count(one.name))
    )


def _field(path: str, one: FormField, count: int) -> Iterator[RefusalItem]:
    if not is_name(one.name):
        yield field_malformed(f"{path}.name", one.name, "名称须为小写英文代号，如pace。", "A name such as pace.")
    if count > 1:
        yield field_malformed(f"{path}.name", one.name, "名称重复。", "The name stands twice.")
    if not one.label_zh.strip():
        yield field_malformed(f"{path}.label_zh", one.label_zh, "须有中文标题。", "A Chinese label is needed.")
    if one.least is not None and one.most is not None and one.least > one.most:
        yield field_malformed(f"{path}.most", one.most, "上限小于下限。", "The upper bound lies below the lower.")
    yield from _choices(path, one)


def _choices(path: str, one: FormField) -> Iterator[RefusalItem]:
    values = [choice.value for choice in one.choices]
    if one.kind not in _CHOSEN:
        if values:
            yield field_malformed(f"{path}.choices", len(values), "此类不设选项。", "This kind has no choices.")
        return
    if len(values) < 2 or len(set(values)) != len(values) or not all(values):
        yield field_malformed(
            f"{path}.choices", len(values), "至少两个互不相同的选项。", "At least two different choices are needed."
        )
    if not all(choice.label_zh.strip() for choice in one.choices):
        yield field_malformed(f"{path}.choices", len(values), "选项须有中文标题。", "Choices have Chinese labels.")


def assess_answers(fields: tuple[FormField, ...], answers: Mapping[str, str]) -> tuple[RefusalItem, ...]:
    """Return what is wrong with answers to a form, in the form's order, unknown ones last; empty when all fit."""
    known = {one.name for one in fields}
    found = [item for one in fields if (item := _answer(one, answers.get(one.name, ""))) is not None]
    strange = [
        answer_refused(name, answers[name], name, "不是本表的项目", "the form has no such field")
        for name in answers
        if name not in known
    ]
    return (*found, *strange)


def _answer(one: FormField, given: str) -> RefusalItem | None:
    if not given.strip():
        return _said(one, None, "必填", "an answer is needed") if one.required else None
    if one.kind in _CHOSEN:
        known = [choice.value for choice in one.choices]
        listed = "、".join(f"{choice.label_zh}（{choice.value}）" for choice in one.choices)
        return None if given in known else _said(one, given, f"只能是：{listed}", f"one of {', '.join(known)}")
    return _number(one, given) if one.kind == "number" else _text(one, given)


def _number(one: FormField, given: str) -> RefusalItem | None:
    try:
        number = Decimal(given) if _NUMBER.fullmatch(given) else None
    except InvalidOperation:
        number = None
    if number is None:
        return _said(one, given, "须为数字，如4.5", "a number such as 4.5 is needed")
    return _bounds(one, given, number, "数值", "a number")


def _text(one: FormField, given: str) -> RefusalItem | None:
    if len(given) > MOST_TEXT:
        return _said(one, given, f"不超过{MOST_TEXT}字", f"at most {MOST_TEXT} characters")
    return _bounds(one, given, Decimal(len(given)), "字数", "a text of length")


def _bounds(one: FormField, given: str, measured: Decimal, zh: str, en: str) -> RefusalItem | None:
    if one.least is not None and measured < one.least:
        return _said(one, given, f"{zh}不少于{one.least}", f"{en} at least {one.least}")
    if one.most is not None and measured > one.most:
        return _said(one, given, f"{zh}不超过{one.most}", f"{en} at most {one.most}")
    return None


def _said(one: FormField, value: str | None, zh: str, en: str) -> RefusalItem:
    return answer_refused(one.name, value, one.label_zh, zh, en)
