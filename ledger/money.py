"""Whole pence, exact rates, and sharing out without losing a penny."""

import re
from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    Strict,
    WithJsonSchema,
)

from ledger.excerpts import shown
from ledger.limits import MOST_GIVEN, MOST_PENCE, NUMBER, REMEDIES

Pence = Annotated[
    int,
    Strict(),
    Field(ge=-MOST_PENCE, le=MOST_PENCE, description="Whole pence."),
]
"""Whole pence as an integer, at most 10^15; text and decimals are refused when read."""


def exact(given: Any) -> Fraction:
    """Read an exact number: an integer, decimal text, or text such as `1/3`.

    Raises:
        ValueError: For a float (it is not exact), or text that is not a number.
    """
    if isinstance(given, Fraction):
        return given
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise ValueError(
            f"{shown(given)} is not exact: "
            "give an integer, or text such as '12.5' or '1/3'"
        )
    try:
        if isinstance(given, str) and "e" in given.lower():
            # An exponent of ten letters would take days to write out.
            raise ValueError(given)
        return Fraction(given)
    except (ValueError, ZeroDivisionError):
        raise ValueError(
            f"{shown(given)} is not a number: "
            "give an integer, or text such as '12.5' or '1/3'"
        ) from None


PLACES = 20
"""Digits of a decimal, before its point and behind it."""


def exact_text(number: Fraction) -> str:
    """The shortest exact text: `12.5` where a decimal ends, otherwise `1/3`.

    A decimal has at most 20 digits before and behind its point, so that what was
    given within the limits is written within them.
    """
    denominator = number.denominator
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    places = max(twos, fives)
    if denominator == 1 and places == 0:
        return str(number.numerator)
    if denominator != 1 or places > PLACES or abs(number) >= 10**PLACES:
        return f"{number.numerator}/{number.denominator}"
    scaled = abs(number.numerator) * 10**places // number.denominator
    sign = "-" if number < 0 else ""
    whole, part = divmod(scaled, 10**places)
    return f"{sign}{whole}.{part:0{places}d}"


Rate = Annotated[
    Fraction,
    BeforeValidator(exact),
    PlainSerializer(exact_text, return_type=str),
    WithJsonSchema(
        {
            "type": ["string", "integer"],
            "description": "Exact number: an integer, or text such as '12.5' or '1/3'.",
        }
    ),
]
"""An exact number; written as text, never as a float."""


_GIVEN = re.compile(NUMBER)


def given_exact(given: Any) -> Fraction:
    """Read an exact number that comes from outside: at most 40 digits.

    Raises:
        ValueError: As `exact`, and for a number of more digits.
    """
    if isinstance(given, str) and not _GIVEN.fullmatch(given):
        raise ValueError(REMEDIES[NUMBER])
    found = exact(given)
    if max(abs(found.numerator), found.denominator) > MOST_GIVEN:
        raise ValueError(REMEDIES[NUMBER])
    return found


GivenRate = Annotated[
    Fraction,
    BeforeValidator(given_exact),
    PlainSerializer(exact_text, return_type=str),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": NUMBER},
                {"type": "integer", "minimum": -MOST_GIVEN, "maximum": MOST_GIVEN},
            ],
            "description": "Exact number: an integer, or text such as '12.5' or '1/3'.",
        }
    ),
]
"""An exact number that comes from outside; at most 40 digits above and below."""


def round_half_up(pence: Fraction) -> int:
    """Whole pence, half a penny going up: an award's one rounding (ADR 0004)."""
    return (2 * pence.numerator + pence.denominator) // (2 * pence.denominator)


def share(total: int, weights: Sequence[int | Fraction]) -> tuple[int, ...]:
    """Share whole pence over weights by the largest remainder.

    Args:
        total: Pence to share, zero or more.
        weights: Zero or more each; at least one above zero unless total is zero.

    Returns:
        One share a weight, in their order, adding up to total. Where remainders
        are equal the earlier weight takes the penny; a weight of zero takes none.
    """
    scale = lcm(*[weight.denominator for weight in weights])
    parts = [weight.numerator * (scale // weight.denominator) for weight in weights]
    whole = sum(parts)
    if whole == 0:
        assert total == 0, "pence need a weight to go to"
        return (0,) * len(weights)
    quotas = [divmod(total * part, whole) for part in parts]
    shares = [pence for pence, _ in quotas]
    left = total - sum(shares)
    by_remainder = sorted(range(len(quotas)), key=lambda i: quotas[i][1], reverse=True)
    for i in by_remainder[:left]:
        shares[i] += 1
    return tuple(shares)


def share_within(
    total: int, weights: Sequence[int | Fraction], limits: Sequence[int]
) -> tuple[int, ...]:
    """Share as `share`, but none above its limit.

    What a limit cuts off goes first to other weights with room, then to any
    place with room, each in order (ADR 0004: rounding pence of slices).

    Args:
        limits: Pence, one a weight, adding up to at least total.
    """
    shares = [
        min(part, limit)
        for part, limit in zip(share(total, weights), limits, strict=True)
    ]
    left = total - sum(shares)
    for weighted in (True, False):
        for i, limit in enumerate(limits):
            if bool(weights[i]) is weighted:
                more = min(left, limit - shares[i])
                shares[i] += more
                left -= more
    assert left == 0, "the limits must hold the total"
    return tuple(shares)


def pounds(pence: int) -> str:
    """For people: `£1,234.56`, `-£0.05`."""
    sign = "-" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
