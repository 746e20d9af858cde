"""The steps of the first start, and what each login may do, on a real PostgreSQL."""

import re

import psycopg
import pytest
from psycopg import errors

from interfaces.cli.exits import Exit
from tests.deployment.composed import ENV, HOUSE
from tests.deployment.conftest import Run


def test_every_step_is_done_once_and_does_no_harm_again(run: Run):
    for _ in range(2):
        for name in ("migrate", "opened"):
            done = run(name)
            assert (done.code, done.err) == (Exit.OK, ""), name
    assert run("follower", "--once").code == Exit.OK
    # That it was opened, and who opened it: it is their first act.
    assert "Verified 2 records" in run("follower", instead=("verify",)).out
    healthy = run("follower", "--json", instead=("status", "--part", "views"))
    assert healthy.document["head"] == 2
    doctor = run("follower", instead=("doctor",))
    assert (doctor.code, "wrong" in doctor.out) == (Exit.OK, False)


def asked(at: str, user: str, database: str, secret: str, sql: str) -> None:
    """Run statements as one of those who log in."""
    address = f"postgresql://{user}@{at}/{database}"
    with psycopg.connect(address, password=secret) as connection:
        connection.execute(sql.encode())


CONSUMER = ENV["PREMIUM_CONSUMER_PASSWORD"]
SERVICE = ENV["PREMIUM_SERVICE_PASSWORD"]
BALANCES = (
    "CREATE SCHEMA IF NOT EXISTS reporting; "
    "CREATE TABLE IF NOT EXISTS reporting.balances (pence BIGINT)"
)


def test_a_consumer_makes_its_schema_and_has_no_way_into_the_ledger(at: str):
    asked(at, "premium_consumer", "reporting", CONSUMER, BALANCES)
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        asked(at, "premium_consumer", "premium", CONSUMER, "SELECT 1")


def test_inbound_makes_a_schema_of_its_own_and_does_not_see_the_others(at: str):
    asked(at, "premium_consumer", "reporting", CONSUMER, BALANCES)
    own = "CREATE SCHEMA IF NOT EXISTS inbound; CREATE TABLE inbound.t (pence BIGINT)"
    asked(at, "premium_service", "reporting", SERVICE, own)
    with pytest.raises(errors.InsufficientPrivilege):
        asked(
            *(at, "premium_service", "reporting", SERVICE),
            "SELECT * FROM reporting.balances",
        )


@pytest.mark.parametrize("user", ["premium_owner", "premium_service"])
def test_nobody_comes_in_by_a_wrong_password(at: str, user: str):
    with pytest.raises(psycopg.OperationalError, match="password"):
        asked(at, user, "reporting", "guessed", "SELECT 1")


def test_an_analyst_reads_the_reports_as_the_page_on_deployment_says(at: str):
    asked(at, "premium_consumer", "reporting", CONSUMER, BALANCES)
    page = (HOUSE / "docs" / "deployment.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    owner = (at, "premium_owner", "reporting", ENV["POSTGRES_PASSWORD"])
    asked(*owner, f"{shown}; ALTER ROLE analyst PASSWORD 'analysts-secret'")
    later = "CREATE TABLE IF NOT EXISTS reporting.later (pence BIGINT)"
    asked(at, "premium_consumer", "reporting", CONSUMER, later)
    analyst = (at, "analyst", "reporting", "analysts-secret")
    asked(*analyst, "SELECT * FROM reporting.balances, reporting.later")
    with pytest.raises(errors.InsufficientPrivilege):
        asked(*analyst, "DELETE FROM reporting.balances")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        asked(*(at, "analyst", "premium", "analysts-secret"), "SELECT 1")
