"""What GraphQL itself finds wrong with a document or its variables, in Chinese beside its own English."""

from __future__ import annotations

import re

from yanxiu_gateway.given_wrong import value_in_chinese

# What GraphQL says most, as it says it; everything else is told in its own words behind a Chinese beginning.
_SAID: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(f"{pattern}$", re.DOTALL), zh)
    for pattern, zh in (
        (r"Syntax Error: (.*)", r"语法错误：\1"),
        (r"Cannot query field '(\w+)' on type '(\w+)'\.", r"类型 \2 没有字段 \1。"),
        (r"Unknown argument '(\w+)' on field '([\w.]+)'\.", r"字段 \2 没有参数 \1。"),
        (r"Unknown type '(\w+)'\.", r"没有类型 \1。"),
        (r"Unknown fragment '(\w+)'\.", r"没有片段 \1。"),
        (r"Unknown directive '@(\w+)'\.", r"没有指令 @\1。"),
        (r"Unknown operation named '(\w+)'\.", r"没有名为 \1 的操作。"),
        (
            r"Field '(\w+)' of type '([^']+)' must have a selection of subfields\.",
            r"字段 \1（\2）须写明要取其中哪些字段。",
        ),
        (
            r"Field '(\w+)' must not have a selection since type '([^']+)' has no subfields\.",
            r"字段 \1 是 \2，其下没有字段可取。",
        ),
        (
            r"Argument '(?:Field )?([\w.<>]+)(?:\((\w+):\))?' of type '([^']+)' is required, but it was not provided\.",
            r"\1 缺少必填参数 \2（\3）。",
        ),
        (
            r"Field '(\w+)' argument '(\w+)' of type '([^']+)' is required, but it was not provided\.",
            r"字段 \1 缺少必填参数 \2（\3）。",
        ),
        (
            r"Variable '\$(\w+)' is not defined(?: by operation '(\w+)')?\.",
            r"变量 $\1 没有声明。",
        ),
        (r"Variable '\$(\w+)' is never used(?: in operation '(\w+)')?\.", r"变量 $\1 声明了而没有使用。"),
        (r"Fragment '(\w+)' is never used\.", r"片段 \1 没有使用。"),
        (
            r"Variable '\$(\w+)' of (?:required|non-null) type '([^']+)' (?:was not provided|must not be null)\.",
            r"缺少变量 $\1（\2）的值。",
        ),
        (
            r"Variable '\$(\w+)' of type '([^']+)' used in position expecting type '([^']+)'\.",
            r"变量 $\1 声明为 \2，而此处须为 \3。",
        ),
        (r"Fields '(\w+)' conflict because (.*)", r"同一位置的两个 \1 相互矛盾：\2"),
    )
)
_REMEDIES = {
    "GRAPHQL_PARSE_FAILED": (
        "请按 locations 所指之处改正语法。",
        "Mend the syntax at the place that `locations` names.",
    ),
    "GRAPHQL_VALIDATION_FAILED": (
        "请对照 schema.graphql 改正 locations 所指之处。",
        "Compare the place that `locations` names with schema.graphql.",
    ),
}
_OTHERWISE = (
    "请按 field 与 path 所指之处改正所填的值。",
    "Mend the value at the place that `field` or `path` names.",
)


_VARIABLE = re.compile(r"Variable '\$(\w+)' has invalid value(?: at \.?([\w.\[\]]+))?: (.*)$", re.DOTALL)


def in_chinese(said: str) -> str:
    """GraphQL's sentence in Chinese; one that is not known stands behind a Chinese beginning as it is."""
    if variable := _VARIABLE.match(said):
        name, place, wrong = variable.groups()
        return f"变量 ${name} 的值不对{f'（{place}）' if place else ''}：{in_chinese(wrong) if wrong else ''}"
    if (zh := value_in_chinese(said)) is not None:
        return zh
    for pattern, zh in _SAID:
        if found := pattern.match(said):
            return found.expand(zh)
    return said if _has_chinese(said) else f"请求不合规格：{said}"


def remedy_of(code: str) -> tuple[str, str]:
    """What to do about an error of that code, in Chinese and in English."""
    return _REMEDIES.get(code, _OTHERWISE)


def _has_chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None
