"""A call loads what it needs and no more, so that it starts at once."""

import os
import subprocess
import sys

import pytest

from tests.cli.program import HOUSE, begin

DECIDERS = "ledger.decisions.every"


@pytest.mark.parametrize(
    ("words", "needless"),
    [
        (("--help",), {"cyclopts", "rich", "ledger", "projections"}),
        (("balances",), {DECIDERS, "ledger.service", "kafka"}),
        (("trail", "--help"), {DECIDERS, "ledger.service", "kafka"}),
    ],
)
def test_a_call_does_not_load_what_it_does_not_need(
    words: tuple[str, ...], needless: set[str]
):
    begin()
    code = (
        f"import sys; from interfaces.cli.main import call; code = call({words!r}); "
        f"sys.exit(code or str(sorted({needless!r} & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
    )
    assert (done.returncode, done.stderr) == (1, "[]\n")
