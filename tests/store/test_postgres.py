"""What is of a PostgreSQL ledger alone: rights, migrations, and opening it."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from psycopg import errors

from ledger.intake.requests import read
from ledger.request import Appended, Malformed
from ledger.service import Ledger, Unavailable
from ledger.store.postgres.connection import connect, shown
from ledger.store.postgres.schema import Migration, migrate, migrations
from ledger.store.postgres.store import PostgresStore
from ledger.store.rows import EventRow
from tests.worlds.payable import ask, filled, refuse
from tests.worlds.servers import Database, server

ROW = EventRow(1, "account/a/2013-14/X01", 1, "account-opened.v1", b"{}")
TABLES = ("events", "commands", "texts", "parties", "migrations")


@pytest.fixture
def ledger(database: Database):
    with filled(PostgresStore(database.app)) as ledger:
        ledger.give(ask("d1", 1))
        yield ledger


# Rights -------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO ledger.{0} DEFAULT VALUES",
        "UPDATE ledger.{0} SET {1} = {1}",
        "DELETE FROM ledger.{0}",
        "TRUNCATE ledger.{0}",
        "DROP TABLE ledger.{0}",
        "ALTER TABLE ledger.{0} DISABLE TRIGGER ALL",
    ],
)
def test_a_service_has_no_right_to_change_a_table(
    ledger: Ledger, database: Database, table: str, change: str
):
    column = {"texts": "text", "parties": "name", "migrations": "name"}.get(table, "id")
    column = "topic" if table == "events" else column
    statement = change.format(table, column)
    with connect(database.app, {}) as service:
        if statement in ("DELETE FROM ledger.texts", "DELETE FROM ledger.parties"):
            service.execute(statement)  # So that they can be forgotten.
            return
        with pytest.raises(errors.InsufficientPrivilege):
            service.execute(statement)


@pytest.mark.parametrize("table", ["events", "commands"])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger.{0} SET {1} = {1}",
        "DELETE FROM ledger.{0}",
        "TRUNCATE ledger.{0}",
    ],
)
def test_a_trigger_refuses_even_the_owner_a_change(
    ledger: Ledger, database: Database, table: str, change: str
):
    column = "topic" if table == "events" else "id"
    before = ledger.raw(0, 100), ledger.command_rows(0, 100)
    with connect(database.owner, {"session_replication_role": "replica"}) as owner:
        match = f"{table} are never changed"
        with pytest.raises(errors.RestrictViolation, match=match):
            owner.execute(change.format(table, column))
    assert (ledger.raw(0, 100), ledger.command_rows(0, 100)) == before


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("events", "(99, 's', 1, 't.v1', '{}')"),
        ("commands", "(99, 'i', 'h', 'appended', 'at', NULL, 0, NULL, 'd')"),
        ("texts", "('c', 's', 't')"),
        ("parties", "('p', 'c', 's', 'n')"),
    ],
)
def test_a_trigger_refuses_rows_from_who_was_given_the_right_by_mistake(
    ledger: Ledger, database: Database, table: str, values: str
):
    database.execute(f"GRANT INSERT ON ledger.{table} TO premium_app")
    with (
        connect(database.app, {}) as service,
        pytest.raises(errors.RestrictViolation, match=r"added by ledger\.append alone"),
    ):
        service.execute(f"INSERT INTO ledger.{table} VALUES {values}")
    assert ledger.faults() == (f"premium_app may INSERT on {table}",)


@pytest.mark.parametrize(
    ("table", "place", "values"),
    [
        ("events", "position", "(-1, 's', 1, 't', '')"),
        ("commands", "number", "(0, 'i', 'h', 'appended', 'at', NULL, 0, NULL, 'd')"),
    ],
)
def test_a_row_below_the_first_place_is_named_and_no_stream_holds_it(
    ledger: Ledger, database: Database, table: str, place: str, values: str
):
    assert ledger.misshapen() == ()
    database.execute(f"ALTER TABLE ledger.{table} DISABLE TRIGGER USER")
    database.execute(f"INSERT INTO ledger.{table} VALUES {values}")
    [found] = ledger.misshapen()
    assert found.startswith(f"the {place} of row ")
    assert found.endswith("and the first is 1")
    assert ledger.stream("s") == ()


def test_who_is_no_service_may_read_nothing_and_call_nothing(database: Database):
    database.execute(
        "DO $$ BEGIN CREATE ROLE premium_test_nobody LOGIN; EXCEPTION"
        " WHEN duplicate_object THEN NULL; END $$"
    )
    with connect(database.owner, {}) as nobody:
        nobody.execute("SET ROLE premium_test_nobody")
        for statement in (
            "SELECT * FROM ledger.events",
            "SELECT * FROM ledger.take('{}')",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                nobody.execute(statement)


def test_faults_of_the_tables_are_found(ledger: Ledger, database: Database):
    database.execute("ALTER TABLE ledger.events DISABLE TRIGGER never_changed")
    database.execute("DROP TRIGGER added_by_append_alone ON ledger.commands")
    database.execute("GRANT TRUNCATE ON ledger.events TO premium_app")
    database.execute("UPDATE ledger.migrations SET sha256 = 'x'")
    assert [fault.split(":", 1)[0] for fault in ledger.faults()] == [
        f"{database.name}",
        "the trigger added_by_append_alone of commands is missing or off",
        "the trigger never_changed of events is missing or off",
        "premium_app may TRUNCATE on events",
    ]


# Migrations ---------------------------------------------------------------------------


def test_migrations_are_numbered_from_one_without_gaps():
    assert [one.number for one in migrations()] == [*range(1, len(migrations()) + 1)]


def test_several_services_that_migrate_at_once_do_it_once():
    database = server().empty()

    def run(_: int) -> tuple[Migration, ...]:
        with connect(database.owner, {}) as connection:
            return migrate(connection)

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(run, range(8)))
    assert sorted(map(len, done)) == [*[0] * 7, len(migrations())]
    assert database.execute("SELECT number FROM ledger.migrations") == [
        (one.number,) for one in migrations()
    ]
    with filled(PostgresStore(database.app)) as ledger:
        assert isinstance(ledger.give(ask("d1", 1)), Appended)


def test_a_migration_that_fails_leaves_none_of_them():
    database = server().empty()
    broken = (*migrations(), Migration(len(migrations()) + 1, "broken", "SELECT 1/0"))
    with (
        connect(database.owner, {}) as connection,
        pytest.raises(errors.DivisionByZero),
    ):
        migrate(connection, broken)
    assert database.execute("SELECT to_regnamespace('ledger')") == [(None,)]


def test_a_later_migration_is_run_alone(database: Database):
    more = Migration(len(migrations()) + 1, "more", "CREATE TABLE ledger.more ()")
    with connect(database.owner, {}) as connection:
        assert migrate(connection, (*migrations(), more)) == (more,)
        assert migrate(connection, (*migrations(), more)) == ()
    with pytest.raises(
        Unavailable, match="use the program that migrated it, or a late"
    ):
        PostgresStore(database.app)
    with (
        connect(database.owner, {}) as connection,
        pytest.raises(Unavailable, match="use the program that migrated it, or a late"),
    ):
        migrate(connection)


def test_a_migration_that_was_changed_is_refused(database: Database):
    first, *rest = migrations()
    changed = first._replace(sql=first.sql + "\n")
    assert changed.sha256 == hashlib.sha256(changed.sql.encode()).hexdigest()
    with (
        connect(database.owner, {}) as connection,
        pytest.raises(Unavailable, match=r"migration 1 \(log\) was another one"),
    ):
        migrate(connection, (changed, *rest))


# Opening ------------------------------------------------------------------------------


def with_name(database: Database, name: str) -> str:
    return database.app.replace(f"dbname={database.name}", f"dbname={name}")


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: server().empty().app, "holds no ledger.*run premium migrate"),
        (
            lambda: with_name(server().empty(), "premium_none"),
            "does not exist; make the database, then run premium migrate",
        ),
        (
            lambda: "postgresql://127.0.0.1:1/premium?connect_timeout=2",
            "look whether the server runs and can be reached",
        ),
        (lambda: "postgresql://[", "cannot be read.*postgresql://USER@HOST/DATABASE"),
    ],
    ids=["not-migrated", "no-database", "no-server", "no-address"],
)
def test_what_is_no_ledger_is_unavailable_with_a_remedy(
    made: Callable[[], str], says: str
):
    with pytest.raises(Unavailable, match=says):
        Ledger.open(made())


def test_an_address_is_shown_without_user_and_password():
    assert (
        shown("postgresql://ana:secret@db.example:5433/premium")
        == "postgresql://db.example/premium"
    )
    with pytest.raises(Unavailable) as refused:
        Ledger.open("postgresql://ana:secret@127.0.0.1:1/premium?connect_timeout=2")
    assert "secret" not in str(refused.value)


def test_services_make_no_tables():
    database = server().empty()
    with pytest.raises(Unavailable):
        Ledger.open(database.owner, create=True)
    assert database.execute("SELECT to_regnamespace('ledger')") == [(None,)]


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    import sys

    monkeypatch.setitem(sys.modules, "ledger.store.postgres.store", None)
    with pytest.raises(Unavailable, match=r"install premium-ledger\[postgres\]"):
        Ledger.open("postgresql://127.0.0.1/premium")


def test_the_writer_s_time_limits_and_durability_are_those_stated(database: Database):
    database.execute(f"ALTER DATABASE {database.name} SET synchronous_commit = off")
    store = PostgresStore(database.app)
    with store.writing() as writing:
        writing.head()
        asked = {
            "idle_in_transaction_session_timeout": "3s",
            "lock_timeout": "10s",
            "statement_timeout": "1min",
            "transaction_isolation": "read committed",
            "synchronous_commit": "on",
        }
        given = {name: writing._rows(f"SHOW {name}")[0][0] for name in asked}
    store.close()
    assert given == asked


def test_prose_with_every_sign_is_kept_as_it_is(database: Database):
    """Prose is the client's own; none of it is ever taken for SQL."""
    hostile = "x'); DROP TABLE ledger.events; -- \\ $1 %s é ✓ \U0001f600"
    with filled(PostgresStore(database.app)) as ledger:
        ledger.give(ask("d1", 1))
        assert isinstance(ledger.give(refuse("r1", "d1", hostile)), Appended)
        assert [row.text for row in ledger.texts(0, 9)] == [hostile]


@pytest.mark.parametrize("where", ["id", "text"])
def test_a_character_that_no_text_holds_is_refused_before_others_share_its_batch(
    ledger: Ledger, where: str
):
    request = refuse("r\0" if where == "id" else "r1", "d1", "a\0reason")
    with pytest.raises(Malformed, match="do not show"):
        ledger.give_each([ask("d2", 1), request])
    with pytest.raises(Malformed):
        ledger.rehearse([request])
    assert isinstance(ledger.give(ask("d2", 1)), Appended)


def test_such_a_character_is_a_fault_of_the_line_that_holds_it():
    line = (
        b'{"id":"open","command":"open-ledger","by":{"role":"operator","party":"o"},'
        b'"data":{"name":"x","origin":"real"}}'
    )
    assert read(line).id == "open"
    with pytest.raises(Malformed) as refused:
        read(line.replace(b'"open"', b'"op\\u0000en"'))
    assert [fault.field for fault in refused.value.faults] == ["id"]
