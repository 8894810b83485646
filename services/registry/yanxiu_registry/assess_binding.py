"""Pure: whether a district may be put under a rule pack as asked: the law's first day, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from yanxiu_rulekit.errors import RuleNotInForce, SettingRefused
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import Parameter
from yanxiu_rulekit.setting import Allowed
from yanxiu_rulekit.setting import shown as written
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.registry import BindRulePack, PackBinding

from yanxiu_registry.assess_text import text_fault
from yanxiu_registry.refusals import item, out_of_order

_BOOLEANS = {"true": True, "false": False}


def new_binding(command: BindRulePack, pack: RulePack) -> tuple[PackBinding, list[RefusalItem]]:
    """The binding that the command describes, and what is wrong with it.

    A binding begins no earlier than its law; every setting is one that the law leaves to the district, within its
    range, and names the district's decision, of its own or the binding's.
    """
    settings = {name: _as_set(pack.parameters.get(name), given) for name, given in command.settings.items()}
    faults = [fault for name, given in settings.items() if (fault := _setting_fault(command, pack, name, given))]
    begins = pack.source.applies_from
    if command.since < begins:
        zh, en = (
            f"规则包 {pack.jurisdiction} 所载规定的施行日",
            f"the day the law of {pack.jurisdiction} begins to apply",
        )
        faults.append(out_of_order("since", command.since, begins, zh, en))
    if fault := text_fault("decided_by", command.decided_by):
        faults.append(fault)
    if command.decided_by is None and (undecided := [name for name in settings if not _own_decision(settings[name])]):
        faults.append(_decision_missing(undecided))
    binding = PackBinding(
        pack=command.pack,
        since=command.since,
        settings=settings,
        decided_by=command.decided_by,
        version=pack.version,
    )
    return binding, faults


def _as_set(parameter: Parameter | None, given: Any) -> Any:
    """The setting with the texts `true` and `false` as booleans where the parameter takes these."""
    if parameter is None or parameter.allowed is None or True not in parameter.allowed.one_of:
        return given
    if isinstance(given, Mapping) and "value" in given:
        return {**given, "value": _as_set(parameter, given["value"])}
    return _BOOLEANS.get(given, given) if isinstance(given, str) else given


def _own_decision(given: Any) -> str | None:
    decided_by = given.get("decided_by") if isinstance(given, Mapping) and "value" in given else None
    return decided_by if isinstance(decided_by, str) else None


def _setting_fault(command: BindRulePack, pack: RulePack, name: str, given: Any) -> RefusalItem | None:
    field = f"settings.{name}"
    try:
        pack.parameters.checked({name: given})
    except SettingRefused as refusal:
        parameter = pack.parameters.get(name)
        if parameter is None:
            return _parameter_unknown(field, name, pack)
        return _setting_invalid(field, refusal, parameter, command)
    return text_fault(f"{field}.decided_by", _own_decision(given))


def _parameter_unknown(field: str, name: str, pack: RulePack) -> RefusalItem:
    open_ones = [one for one, parameter in pack.parameters.items() if parameter.allowed is not None]
    return item(
        "SETTING_INVALID",
        field,
        name,
        (f"规则包 {pack.jurisdiction} 没有此参数", f"区县可以另定的参数：{'、'.join(open_ones) or '无'}"),
        (
            f"the rule pack {pack.jurisdiction} has no such parameter",
            f"a district may set these: {', '.join(open_ones) or 'none'}",
        ),
    )


def _setting_invalid(field: str, refusal: SettingRefused, parameter: Parameter, command: BindRulePack) -> RefusalItem:
    if parameter.allowed is None:
        zh = (f"“{parameter.label}”由规定统一确定，区县不得另定", "请去掉此项设置")
        en = (f"the law leaves the {parameter.label_en} to no district", "leave this setting out")
    else:
        rows = parameter.values[0].value
        table = "、".join(rows) if isinstance(rows, Mapping) else ""
        zh = (
            f"“{parameter.label}”不能这样设置",
            f"请填写{_allowed_zh(parameter.allowed)}" + (f"，并按行给出：{table}" if table else ""),
        )
        en = (
            f"the {parameter.label_en} cannot be set so",
            f"give {parameter.allowed}" + (f", in a table with rows among {', '.join(rows)}" if table else ""),
        )
    return item("SETTING_INVALID", field, _shown(refusal.value), zh, en, _clauses(parameter, command))


def _shown(value: Any) -> Any:
    return msgspec.to_builtins(dict(value)) if isinstance(value, Mapping) else value


def _allowed_zh(allowed: Allowed) -> str:
    said: list[str] = []
    if allowed.min is not None or allowed.max is not None:
        low = f"不小于 {written(allowed.min)}" if allowed.min is not None else ""
        high = f"不大于 {written(allowed.max)}" if allowed.max is not None else ""
        said.append("、".join(filter(None, (low, high))) + " 的数")
    if allowed.one_of:
        said.append("以下之一：" + "、".join(written(one) for one in allowed.one_of))
    return "，或".join(said)


def _clauses(parameter: Parameter, command: BindRulePack) -> tuple[str, ...]:
    try:
        return (parameter.in_force(command.since).cite,)
    except RuleNotInForce:
        return ()


def _decision_missing(names: list[str]) -> RefusalItem:
    return item(
        "DECISION_MISSING",
        "decided_by",
        None,
        (
            f"区县另定了 {'、'.join(names)}，却没有写明依据的文件",
            "请在 decidedBy 中写明作此决定的文件名称和文号",
        ),
        (
            f"the district sets {', '.join(names)} and names no decision",
            "name the document that decided it, with its number, in decidedBy",
        ),
    )
