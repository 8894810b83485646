"""Exact numbers: decimals without trailing zeros, display rounding half-up, integer micro-units for storage."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation, localcontext

MICRO = 1_000_000

# For display and for whole numbers, where leaving digits out is the purpose.
ROUNDING = Context(prec=60)

# Wide enough for any product of a rule; an inexact operation in it is an error, never a silent rounding.
EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])


def plain(value: Decimal) -> str:
    """Return a decimal as people write it: no exponent, no trailing zeros (`24`, `0.75`)."""
    if value == 0:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def half_up(value: Decimal, places: int) -> Decimal:
    """Return `value` rounded half-up for display; a test is never made on the result."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=ROUNDING)


def whole_below(value: Decimal) -> Decimal:
    """Return the largest whole number not above `value`."""
    return value.to_integral_value(rounding=ROUND_FLOOR)


def share(part: Decimal, whole: Decimal, places: int) -> Decimal:
    """Return part / whole for display, half-up at `places`; a verdict compares part with whole * threshold instead."""
    with localcontext(ROUNDING):
        return half_up(part / whole, places)


def to_micro(value: Decimal) -> int:
    """Return `value` in millionths; raises ValueError when it does not fit exactly, since nothing is rounded."""
    scaled = value * MICRO
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{plain(value)} has more than six decimal places")
    return int(scaled)


def from_micro(micro: int) -> Decimal:
    """Return millionths as an exact decimal."""
    return (Decimal(micro) / MICRO).normalize() if micro else Decimal(0)
