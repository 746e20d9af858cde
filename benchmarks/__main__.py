"""Measure all subjects or some, and write them to benchmarks/RESULTS.md.

`python -m benchmarks [SUBJECT...]`. A bar that is missed is told, with what limits it;
the run ends with 1 only where something could not be measured.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks import (
    batches,
    beside_umadb,
    clocks,
    decisions,
    explaining,
    feeds,
    postgres,
    size,
    starting,
    views,
    writer,
)
from benchmarks.harness import Effort, page, section

PAGE = Path("benchmarks/RESULTS.md")
SUBJECTS = {
    subject.name: subject
    for subject in (
        writer.SUBJECT,
        postgres.SUBJECT,
        batches.SUBJECT,
        beside_umadb.SUBJECT,
        views.SUBJECT,
        size.SUBJECT,
        clocks.SUBJECT,
        explaining.SUBJECT,
        starting.SUBJECT,
        decisions.SUBJECT,
        feeds.SUBJECT,
    )
}


def main(names: list[str], effort: Effort, to: Path = PAGE) -> int:
    """Measure, print, and write the page.

    Returns:
        The exit code: 1 where something could not be measured.
    """
    console = Console(markup=False, highlight=False, soft_wrap=True)
    sections, whole = {}, True
    for name in names or SUBJECTS:
        subject = SUBJECTS[name]
        console.print(f"Measuring: {subject.title}\n")
        with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder:
            found = subject.run(Path(folder), effort)
        sections[name] = section(subject, found)
        whole = whole and found.whole
        console.print(sections[name])
    old = to.read_text(encoding="utf-8") if to.is_file() else ""
    to.write_text(page(old, list(SUBJECTS), sections), encoding="utf-8")
    console.print(f"Written to {to}.")
    return 0 if whole else 1


if __name__ == "__main__":
    given = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    given.add_argument("subject", nargs="*", help=f"one of {', '.join(SUBJECTS)}")
    chosen = given.parse_args().subject
    if unknown := [name for name in chosen if name not in SUBJECTS]:
        given.error(f"no subject {unknown[0]!r}: there are {', '.join(SUBJECTS)}")
    sys.exit(main(chosen, Effort()))
