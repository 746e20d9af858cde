"""A ledger that was begun in a file goes on in the composed services."""

from pathlib import Path

from interfaces.cli.exits import Exit
from tests.cli.program import ok
from tests.deployment.composed import ENV
from tests.deployment.conftest import Run
from tests.worlds.simulated import begun


def test_a_ledger_from_a_file_is_moved_in_before_the_rest_starts(
    run: Run, tmp_path: Path
):
    assert ENV["PREMIUM_ORIGIN"] == "simulated"
    where, lines = tmp_path / "file.db", tmp_path / "ledger.ndjson"
    begun(where, ENV["PREMIUM_NAME"]).close()
    ok("export", "log", "--output", str(lines), "--db", str(where))
    assert run("migrate").code == Exit.OK
    moved = run("follower", instead=("import", "log", str(lines)))
    assert (moved.code, moved.err) == (Exit.OK, "")
    for _ in range(2):
        done = run("opened")
        assert (done.code, done.err) == (Exit.OK, "")
    # That it was opened, and who opened it: it is their first act.
    assert "Verified 2 records" in run("follower", instead=("verify",)).out
