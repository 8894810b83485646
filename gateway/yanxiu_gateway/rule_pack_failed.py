"""What a front end is told when the rule pack of a district failed: whose, how, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from yanxiu_wire.caller import PLATFORM
from yanxiu_wire.faults import RulePackFailed

_WHAT: Mapping[str, tuple[str, str]] = {
    "raised": ("计算时出错，或给出的结果不成立", "raised an error, or gave what is no answer"),
    "hangs": ("计算没有在时限内结束，已被终止", "did not come to an end and was stopped"),
    "memory": ("占用内存超过限额，已被终止", "took more memory than it may and was stopped"),
    "ended": ("所在进程意外中断", "ended its process"),
    "paused": ("刚刚失败过，暂停片刻后再试", "failed a moment ago and is tried again in a while"),
}
_REMEDY = (
    "其他区县不受影响。请稍后再试，写操作请用同一 idempotencyKey；仍然失败时，请平台运维更换或修复该规则包。",
    "Other districts are not affected. Try again later, a mutation with the same idempotencyKey; if it fails again, "
    "have the platform's operators replace or mend the rule pack.",
)


def rule_pack_failed(fault: RulePackFailed, language: Literal["zh", "en"]) -> tuple[str, Mapping[str, Any]]:
    """Return the sentence and the facts; `problem` says how it failed, `faultId` leads to the service's log."""
    zh = language == "zh"
    what = _WHAT.get(fault.problem, _WHAT["raised"])[0 if zh else 1]
    # A pack that is read, and is not the law of who reads it, fails nobody's district.
    of = "" if fault.district == PLATFORM else f"区县 {fault.district} 的" if zh else f" of district {fault.district}"
    message = f"{of}规则包 {fault.pack} {what}。" if zh else f"The rule pack {fault.pack}{of} {what}."
    facts = {
        "code": fault.code,
        "service": fault.service,
        "district": fault.district,
        "pack": fault.pack,
        "problem": fault.problem,
        "remedy": _REMEDY[0 if zh else 1],
    }
    return message, facts | ({"faultId": fault.fault_id} if fault.fault_id else {})
