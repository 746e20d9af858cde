"""What is agreed with each simulated group for a year."""

from typing import Any

from interfaces.simulation.rules import moved

_YEAR = "2013-04-01..2014-03-31"


def terms(year: int) -> dict[str, Any]:
    """The tests of the local measures, and the one threshold left to agreement."""
    period = moved(_YEAR, year)
    tests: list[dict[str, Any]] = [
        {
            "measure": "local-1",
            "title": "Dementia: more people diagnosed",
            "indicator": "dementia-diagnosis",
            "period": period,
            "comparison": "at-least",
            "threshold": "60",
        },
        {
            "measure": "local-2",
            "title": "Diabetes: fewer emergency admissions",
            "indicator": "diabetes-admissions",
            "period": period,
            "baseline_period": moved(_YEAR, year - 1),
            "change": "percent-fall",
            "comparison": "at-least",
            "threshold": "5",
        },
        {
            "measure": "local-3",
            "title": "Smokers who stopped",
            "indicator": "smokers-stopped",
            "period": period,
            "comparison": "at-least",
            "threshold": "850",
        },
    ]
    target = {"clause": "infection.c-difficile", "target": "14"}
    return {"tests": tests, "targets": [target]}
