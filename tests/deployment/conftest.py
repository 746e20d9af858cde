"""The servers of docker-compose.yml behind their first start, without Docker."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.cli.program import Done, premium
from tests.deployment.composed import ENV, HOUSE, ours, services
from tests.worlds.servers import OwnServer

OWNER = "premium_owner"
Run = Callable[..., Done]
"""Service, and words behind its command -> how it ended."""


@pytest.fixture(scope="module")
def at() -> Iterator[str]:
    """Host and port of a PostgreSQL that ran roles.sql and asks for passwords."""
    server = OwnServer()
    with psycopg.connect(server.address, autocommit=True) as connection:
        secret = ENV["POSTGRES_PASSWORD"]
        connection.execute(
            f"CREATE ROLE {OWNER} SUPERUSER LOGIN PASSWORD '{secret}'".encode()
        )
        connection.execute(f"CREATE DATABASE premium OWNER {OWNER}".encode())
        where = server.address.partition("@")[2].partition("/")[0]
        subprocess.run(
            [
                *(server.program("psql"), "--no-psqlrc", "--quiet"),
                *("--set=ON_ERROR_STOP=1", f"--file={HOUSE / 'deploy/roles.sql'}"),
                f"--dbname=postgresql://{OWNER}@{where}/premium",
            ],
            env={**os.environ, **services()["postgres"]["environment"]},
            check=True,
        )
        # From here on a client over TCP must know a password, as in the image.
        connection.execute(
            "DO $$ BEGIN EXECUTE format('COPY (SELECT ''host all all all "
            "scram-sha-256'') TO %L', current_setting('hba_file')); END $$"
        )
        connection.execute("SELECT pg_reload_conf()")
    yield where
    server.stop("immediate")


@pytest.fixture
def run(at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a service's command, or another in its place, in its environment."""

    def here(word: str) -> str:
        return word.replace("@postgres/", f"@{at}/").replace(
            "/srv/premium", str(tmp_path)
        )

    def one(name: str, *more: str, instead: tuple[str, ...] = ()) -> Done:
        said = ours()[name]
        for variable in ("PREMIUM_DB", "PREMIUM_AS", "PGPASSWORD"):
            monkeypatch.delenv(variable, raising=False)
        for key, value in said["environment"].items():
            if key != "KAFKA_BOOTSTRAP_SERVERS":  # Where it is, its fixture knows.
                monkeypatch.setenv(key, here(value))
        return premium(*map(here, instead or said["command"]), *more)

    return one
