"""A number that stands in a formula is seen however it is spelt; what is no number of the law is left alone."""

from __future__ import annotations

import ast

import pytest
from yanxiu_rulekit.numbercheck import numbers_in


def seen(code: str) -> list[str]:
    return [said for _, said in numbers_in(ast.parse(code))]


@pytest.mark.parametrize(
    "code",
    [
        'decimal.Decimal("4")',
        'D = Decimal\nD("4")',
        'Decimal(value="4")',
        'Decimal(".5")',
        'Decimal("4_0")',
        'Decimal(" 4")',
        'Decimal("1e1")',
        "Decimal((0, (1, 0), 0))",
        'Decimal({"线上": "2"}[form])',
        'int("4")',
        'Fraction("1/4")',
        'len("abcd")',
        "len(('甲', '乙'))",
        "FORMS = ('甲', '乙')\nlen(FORMS)",
        'ord("4")',
        "sum((1, 1, 1))",
        "1 + 1",
        "hours + 1 + 1",
        "hours * (1 + 1)",
        "True + True",
        "ONE = Decimal(1)\nhours * (ONE + ONE)",
        "1 << 1",
        "~1",
        'int.from_bytes(b"\\x04")',
        "date(2030, 1, 1)",
        'date.fromisoformat("2030-01-01")',
        'date.fromisoformat(f"{year}-09-01")',
        'datetime.strptime("2030年9月1日", shape)',
        "def rate(hours=4): pass",
    ],
)
def test_a_number_is_seen_however_it_is_spelt(code: str) -> None:
    assert seen(code)


@pytest.mark.parametrize(
    "code",
    [
        "text[:4]",
        "parts[2]",
        "parts[-2]",
        'law.levels["2"]',
        "hours: Annotated[Decimal, msgspec.Meta(ge=0, le=24)]",
        "def rate(hours: Annotated[Decimal, msgspec.Meta(le=24)]) -> Decimal: pass",
        "first - 1 + last",
        "Decimal(0) if late else Decimal(1)",
        '__version__ = "2025.1"',
        '"""4"""',
        'name.startswith("2-1")',
        'date.fromisoformat(f"{year:04}-01-01")',
        "DAY = timedelta(days=1)\nday + DAY",
        "len(lines)",
        "sum(one.hours for one in lines)",
    ],
)
def test_what_is_no_number_of_the_law_is_left_alone(code: str) -> None:
    assert seen(code) == []
