"""What is refused about previews and adoptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yanxiu_wire.refusal import Refused

from yanxiu_credits.refusals import refuse, shown


def draft_unknown(field: str, value: str, known: Iterable[str]) -> Refused:
    """No such pack is installed for previews."""
    listed = "、".join(sorted(known)) or "无 none"
    return refuse(
        "DRAFT_UNKNOWN",
        field=field,
        value=value,
        zh=f"没有安装可供预览的规则包 {shown(value)}。",
        en=f"No rule pack {shown(value)} is installed for previews.",
        remedy=(
            f"可供预览的有：{listed}；请平台管理员安装（入口组 yanxiu.draft_rule_packs）。",
            f"Those that are: {listed}; the platform operator installs one (entry points yanxiu.draft_rule_packs).",
        ),
    )


def value_refused(problem: str) -> Refused:
    """A value of the draft breaks the form of a parameter file."""
    return refuse(
        "DRAFT_VALUE_REFUSED",
        field="values",
        value=problem,
        zh=f"草案的参数值不合规则包的要求：{problem}。",
        en=f"A value of the draft is not as a rule pack asks for it: {problem}.",
        remedy=(
            "每个值须写明参数名、生效日、单位和条款，并与原参数同形。",
            "Give parameter, day, unit and clause of each value, in the form that the parameter has.",
        ),
    )


def setting_refused(parameter: str, value: Any, problem: str) -> Refused:
    """The law does not leave that to the district."""
    return refuse(
        "SETTING_REFUSED",
        field=f"settings.{parameter}",
        value=value,
        zh=f"参数 {shown(parameter)} 不能由本区这样设定：{problem}。",
        en=f"The district may not set {shown(parameter)} like that: {problem}.",
        remedy=(
            "请在规定允许的幅度内取值；超出幅度的，以参数草案（values）预览。",
            "Choose within what the law allows; beyond it, preview draft values.",
        ),
    )


def preview_unknown(preview: str) -> Refused:
    """No such preview in this district."""
    return refuse(
        "PREVIEW_UNKNOWN",
        field="preview",
        value=preview,
        zh="没有这个预览。",
        en="There is no such preview.",
        remedy=("请从预览列表中选取编号。", "Take the id from the list of previews."),
    )


def preview_not_ready(preview: str, state: str) -> Refused:
    """The preview is still computed, or failed."""
    return refuse(
        "PREVIEW_NOT_READY",
        field="preview",
        value=preview,
        zh=f"该预览尚未得出结果（{state}）。",
        en=f"The preview has no result yet ({state}).",
        remedy=("请等其完成；失败的请重新预览。", "Wait for it; where it failed, preview again."),
    )


def preview_adopted(preview: str) -> Refused:
    """It was adopted already; twice would be once."""
    return refuse(
        "PREVIEW_ADOPTED",
        field="preview",
        value=preview,
        zh="该预览已经采纳，无须再办。",
        en="The preview was adopted already; nothing is left to do.",
        remedy=("如需再改规则，请重新预览。", "Preview again to change the law once more."),
    )


def preview_stale(preview: str, seen: int, now: int) -> Refused:
    """The ledger or the facts have moved since."""
    return refuse(
        "PREVIEW_STALE",
        field="preview",
        value=preview,
        zh=f"预览之后本区数据已有变动（预览时台账 {seen} 行，现 {now} 行，或教师、学校、封账情况有变）。",
        en=f"The district's data have moved since the preview (ledger {seen} then, {now} now, or facts and locks).",
        remedy=("请重新预览，看清结果后再采纳。", "Preview again, look at the result, then adopt."),
    )


def not_released(preview: str) -> Refused:
    """The draft holds values that no installed pack has."""
    return refuse(
        "POLICY_NOT_RELEASED",
        field="preview",
        value=preview,
        zh="该草案改动了规则包中的参数值，须先发布含此改动的规则包新版本。",
        en="The draft changes values of the rule pack itself: a version of the pack with them must be released first.",
        remedy=(
            "请规则包维护者发布新版本并安装，再以该版本预览和采纳。",
            "Have the pack's maintainer release it, install it, then preview and adopt that version.",
        ),
    )


def not_bound(wanted: Mapping[str, Any], found: Mapping[str, Any] | None) -> Refused:
    """The law in force is not the draft."""
    settings = "、".join(f"{name}={value}" for name, value in wanted["settings"].items()) or "无 none"
    asked = f"{wanted['release'] or wanted['pack']}，自 since {wanted['since']}，设定 settings {settings}"
    there = found and f"{found['release'] or found['pack']}，{found['since']}，{dict(found['settings'])}"
    return refuse(
        "POLICY_NOT_BOUND",
        field="preview",
        value=there,
        zh=f"现行规则与草案不同。草案为：{asked}。",
        en=f"The law in force is not the draft, which is: {asked}.",
        remedy=(
            "请先由平台以 bindRulePack 按草案绑定规则包与设定，再采纳。",
            "Bind the pack and settings of the draft first (bindRulePack), then adopt.",
        ),
    )


def adoption_differs(what: str, previewed: Any, came: Any) -> Refused:
    """What the adoption came to is not what the preview had said: nothing of this part is written."""
    return refuse(
        "ADOPTION_DIFFERS",
        field="preview",
        value=what,
        zh=f"{shown(what)}：采纳所得 {shown(came)} 与预览 {shown(previewed)} 不符，此部分未写入。",
        en=f"{shown(what)}: the adoption came to {shown(came)}, the preview had said {shown(previewed)}; not written.",
        remedy=(
            "请勿继续；由平台管理员核对规则包版本与数据，重新预览后再采纳。",
            "Stop here; the platform operator compares pack version and data, then preview again.",
        ),
    )
