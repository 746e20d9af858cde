"""A consumer's process that is killed before or behind each of its steps in turn."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from projections.feed.topics import Broker
from tests.cli.program import HOUSE

_PROGRAM = """
import os, signal, sys
from importlib import import_module
from consumers.kafka.source import Topics
from interfaces.cli.main import call

left = [int(sys.argv[1])]
Topics.__init__.__kwdefaults__["most"] = int(sys.argv[2])

def dying(method):
    def does(self, *given):
        step()
        answer = method(self, *given)
        step()
        return answer
    return does

def step():
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1

for path in sys.argv[3].split(","):
    module, owner, method = path.split(":")
    owner = getattr(import_module(module), owner)
    setattr(owner, method, dying(getattr(owner, method)))
sys.exit(call(sys.argv[4:]))
"""


def killed_at_each_step(
    words: Sequence[str], broker: Broker, steps: Sequence[str], most: int
) -> list[int]:
    """How processes of the program end, each killed one step later, until one is not.

    Args:
        steps: Methods, such as `consumers.compacted.job:Rows:put`.
        most: Messages a batch.
    """
    ends: list[int] = []
    while len(ends) < 100 and 0 not in ends:
        # One step more each time: somewhere between them it gets a batch further.
        numbers = (str(len(ends)), str(most))
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, *numbers, ",".join(steps), *words],
            env={
                **os.environ,
                "PYTHONPATH": str(HOUSE),
                "KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap,
                "PREMIUM_TOPICS": broker.prefix,
            },
            capture_output=True,
            timeout=60,
            check=False,
        )
        ends.append(done.returncode)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return ends
