"""Random histories, step by step, against a ledger that shares no arithmetic with it.

PREMIUM_EXAMPLES says how many; `make torture` says 5,000.
"""

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.decisions.abacus.histories import Histories

EXAMPLES = int(os.environ.get("PREMIUM_EXAMPLES", "300"))


def test_every_balance_slice_and_draw_is_that_of_the_abacus_after_every_step():
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize="PREMIUM_EXAMPLES" not in os.environ,
        ),
    )
