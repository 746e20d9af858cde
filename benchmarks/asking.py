"""What a question takes, asked again and again: by the clock, and of the processor."""

from collections.abc import Callable, Iterator
from time import perf_counter_ns, thread_time_ns
from typing import NamedTuple

from benchmarks.harness import Row, at_rank, milliseconds


class Took(NamedTuple):
    """Nanoseconds of each question: by the clock, and of the processor alone."""

    elapsed: list[int]
    worked: list[int]

    def rows(self, says: str, bar: int = 0) -> Iterator[Row]:
        """The 95th of a hundred, both ways; 0 for no bar."""
        p95 = at_rank(self.elapsed, 95)
        most = f"under {milliseconds(bar)}" if bar else ""
        met = p95 < bar if bar else None
        yield Row(f"{says}, p95", milliseconds(p95), bar=most, met=met)
        own = milliseconds(at_rank(self.worked, 95))
        yield Row(f"{says}, p95, processor time alone", own)


def took(asked: int, ask: Callable[[], object]) -> Took:
    """Ask so many questions; as many before them are not counted."""
    found = Took([], [])
    for number in range(2 * asked):
        began, rested = perf_counter_ns(), thread_time_ns()
        ask()
        if number >= asked:
            found.elapsed.append(perf_counter_ns() - began)
            found.worked.append(thread_time_ns() - rested)
    return found
