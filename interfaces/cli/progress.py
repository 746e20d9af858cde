"""Progress of long work, on standard error."""

from collections.abc import Iterator
from contextlib import contextmanager

from interfaces.cli.session import Session
from projections.following.position import Progress


@contextmanager
def progress_bar(session: Session, says: str) -> Iterator[Progress | None]:
    """A bar on standard error, where somebody watches."""
    if not session.err.is_terminal:
        yield None
        return
    # Half of rich, and seldom seen.
    from rich.progress import Progress as Bar  # noqa: PLC0415

    with Bar(console=session.err, transient=True) as bar:
        task = bar.add_task(says)
        yield lambda reached, head: bar.update(task, completed=reached, total=head)
