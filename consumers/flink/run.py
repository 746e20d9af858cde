"""Runs a Flink SQL file in one process; a cluster runs the same file by its SQL client.

It has an environment of its own (`requirements/flink.txt`) and imports nothing of this
program, for Flink pins other libraries than it. `make flink` sets both up.

    python consumers/flink/run.py balances.sql --jar CONNECTOR BROKER=... PREFIX=...
"""

import argparse
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
_SETTING = re.compile(r"SET\s+'([^']+)'\s*=\s*'([^']*)'")
_PLACE = re.compile(r"\$\{(\w+)\}")


class Unfilled(ValueError):
    """The file has places that nothing was given for, or the other way round."""


def filled(sql: str, values: Mapping[str, str]) -> str:
    """The file without its comments, each `${NAME}` replaced by its value.

    Raises:
        Unfilled: If a value is missing, is of no use, or could end its quotes.
    """
    bare = _COMMENT.sub("", sql)
    wanted = set(_PLACE.findall(bare))
    if wanted != set(values):
        raise Unfilled(
            f"the file has places for {', '.join(sorted(wanted)) or 'nothing'}, and "
            f"given are {', '.join(sorted(values)) or 'none'}"
        )
    for name, value in values.items():
        if "'" in value or ";" in value or "\n" in value:
            raise Unfilled(f"{name} may hold no quote, semicolon or line break")
    return _PLACE.sub(lambda place: values[place[1]], bare)


def parted(sql: str) -> tuple[dict[str, str], list[str]]:
    """The settings of a filled file, and its other statements in their order."""
    settings: dict[str, str] = {}
    statements: list[str] = []
    for statement in filter(None, map(str.strip, sql.split(";"))):
        setting = _SETTING.fullmatch(statement)
        if setting is None:
            statements.append(statement)
        else:
            settings[setting[1]] = setting[2]
    return settings, statements


def run(sql: str, jars: Sequence[Path]) -> None:
    """Run a filled file, and wait for each job that it starts.

    A job that fails is not tried again: what supervises this process decides.
    """
    # pyflink lies in an environment of its own.
    from pyflink.common import (  # type: ignore[import-not-found]  # noqa: PLC0415
        Configuration,
    )
    from pyflink.table import (  # type: ignore[import-not-found]  # noqa: PLC0415
        EnvironmentSettings,
        TableEnvironment,
    )

    settings, statements = parted(sql)
    chosen = Configuration()
    # Some of these cannot be set later, so all are set before anything is made.
    for name, value in settings.items():
        chosen.set_string(name, value)
    chosen.set_string("pipeline.jars", ";".join(one.as_uri() for one in jars))
    chosen.set_string("restart-strategy.type", "none")
    table = TableEnvironment.create(
        EnvironmentSettings.Builder().with_configuration(chosen).build()
    )
    for statement in statements:
        result = table.execute_sql(statement)
        if result.get_job_client() is not None:
            result.wait()


def main() -> None:
    """Run the file that the command line names."""
    parser = argparse.ArgumentParser(description="Run a Flink SQL file.")
    parser.add_argument("sql", type=Path)
    parser.add_argument("values", nargs="*", metavar="NAME=VALUE")
    parser.add_argument("--jar", type=Path, action="append", default=[])
    given = parser.parse_intermixed_args()
    values = dict(one.partition("=")[::2] for one in given.values)
    try:
        sql = filled(given.sql.read_text(encoding="utf-8"), values)
    except Unfilled as reason:
        parser.error(str(reason))
    run(sql, [one.resolve() for one in given.jar])


if __name__ == "__main__":
    main()
