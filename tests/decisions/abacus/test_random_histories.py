"""Random histories, step by step, against a ledger that shares no arithmetic with it.

Twelve times as many as a property has examples; the same ones each time in `make test`.
"""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.decisions.abacus.histories import Histories

PROFILE = settings()


@pytest.mark.hypothesis
def test_every_balance_slice_and_draw_is_that_of_the_abacus_after_every_step():
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=12 * PROFILE.max_examples,
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
            derandomize=settings.get_current_profile_name() != "many",
        ),
    )
