"""Which values a measure can have: no fewer than none, no more than the whole."""

from fractions import Fraction

from ledger.measures.windows import scale_of
from ledger.rules.catalogue import indicators

_COUNTS = ("cases", "heads", "people")


def impossible(
    measure: str,
    unit: str,
    value: Fraction,
    numerator: Fraction | None,
    denominator: Fraction | None,
) -> str | None:
    """Why a result cannot be, or None if it can.

    The catalogue says what scale a measure has; one that it does not know is held to
    what its unit says. A ratio may exceed one, and a score may be below zero.
    """
    known = indicators().get(measure)
    scale = known.scale if known else unit
    whole = scale == "percent" or unit in ("percent", "yes-no")
    if denominator is not None and denominator <= 0:
        return "it is of none or fewer: the denominator is above zero"
    if (
        whole
        and numerator is not None
        and not 0 <= numerator <= (denominator or numerator)
    ):
        return "it is a part of a whole: the numerator is from 0 to the denominator"
    if "yes-no" in (scale, unit) and value not in (0, 1):
        return "it is yes or no: 1 or 0"
    if scale == "percent" and unit == "percent" and known and value > 100:
        return "it is a part of a whole: 100 percent is the most"
    # In percent may also be how much something changed.
    counted = unit in _COUNTS or (unit != "percent" and scale_of(unit) is not None)
    if value < 0 and scale != "score" and (known or counted):
        return "it is below zero, and only a score can be"
    return None
