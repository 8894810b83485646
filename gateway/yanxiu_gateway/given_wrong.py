"""What GraphQL finds wrong with a value: its own sentence without the value, and the same in Chinese.

GraphQL writes the whole value into its sentence: of an input that lacks one field that is somebody's name, telephone
and statement. Which field it is and what is expected there is enough to mend it.
"""

from __future__ import annotations

import re

# Each sentence ends with the value, or has it within; what stays is the sentence without it.
_VALUES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), kept)
    for pattern, kept in (
        (r"(Expected value of type '[^']*')(?:, but encountered error .*|, found: .*)$", r"\1."),
        (r"(Expected value of type '[^']*' .*?)(?:,|\.) [Ff]ound: .*$", r"\1."),
        (r"((?:\w+|Enum '\w+') cannot represent (?:a )?(?:non[\w -]* )?value): .*$", r"\1."),
        (r"Value .* does not exist in ('\w+' enum)\.(?:.*)$", r"The value does not exist in \1."),
        (r"((?:Unexpected|found) (?:Block)?String) .*$", r"\1."),
    )
)
_TOLD: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(f"{pattern}$", re.DOTALL), zh)
    for pattern, zh in (
        (r"Expected value of type '([^']+)' to include required field '([^']*)'\.", r"\1 缺少必填字段 \2。"),
        (r"Expected value of type '([^']+)' not to include unknown field '(.*)'\.", r"\1 没有字段 \2。"),
        (r"Expected value of type '([^']+)' to be an object\.", r"须为 \1 的对象。"),
        (r"Expected value of type '([^']+)'\.", r"须为 \1 的值。"),
        (r"Expected value of non-null type '([^']+)' not to be None\.", r"\1 不可为空。"),
        (r"Expected a value of non-null type '([^']+)' to be provided\.", r"须填写 \1。"),
        (r"Int cannot represent non 32-bit signed integer value\.", "须为 32 位整数（Int）。"),
        (r"Int cannot represent non-integer value\.", "须为整数（Int）。"),
        (r"Float cannot represent non numeric value\.", "须为数（Float）。"),
        (r"String cannot represent (?:a non string )?value\.", "须为文本（String）。"),
        (r"Boolean cannot represent a non boolean value\.", "须为 true 或 false（Boolean）。"),
        (r"ID cannot represent (?:a non-string and non-integer )?value\.", "须为编号的文本（ID）。"),
        (r"Enum '(\w+)' cannot represent non-\w+ value\.", r"须为枚举 \1 的一个值。"),
        (r"The value does not exist in '(\w+)' enum\.", r"枚举 \1 没有这个值。"),
    )
)
_VARIABLE = re.compile(r"(Variable '\$\w+' has invalid value(?: at \.?[\w.\[\]]+)?: )(.*)$", re.DOTALL)
_OTHERWISE = ("与其类型不符。", "It does not fit its type.")


def without_value(said: str) -> str:
    """GraphQL's sentence without the value that it is about."""
    for pattern, kept in _VALUES:
        said = pattern.sub(kept, said)
    variable = _VARIABLE.match(said)
    # Of a variable nothing is told on in words that are not known: they might hold its value.
    if variable is not None and value_in_chinese(variable[2]) is None:
        return variable[1] + _OTHERWISE[1]
    return said


def value_in_chinese(said: str) -> str | None:
    """What is wrong with a value in Chinese, of a sentence without the value; None for one that is not known."""
    if said == _OTHERWISE[1]:
        return _OTHERWISE[0]
    return next((found.expand(zh) for pattern, zh in _TOLD if (found := pattern.match(said))), None)
