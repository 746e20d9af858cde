"""Everything twice, and killed anywhere: the files end as if nothing had been."""

from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import frictionless
import pytest

from consumers.loop import run_once
from consumers.open_files.job import JOB, publish
from consumers.results import folder as folders
from consumers.results.folder import Files
from consumers.results.results import Results
from tests.consumers.given import Played, twice_in_another_order, years
from tests.consumers.happening import Happening, takes
from tests.consumers.open_files.reading import FEB, a_year, everything, sees


def test_what_comes_twice_is_published_once(
    results: Results, beside: Results, told: Happening, tmp_path: Path
) -> None:
    a_year(told)
    sees(beside, told, tmp_path / "once")
    sees(results, told, tmp_path / "twice", twice=True)
    takes(results, told.messages)
    publish(results.db, tmp_path / "twice")
    assert everything(tmp_path / "twice") == everything(tmp_path / "once")


@pytest.mark.parametrize("size", [1, 3])
def test_published_after_every_batch_it_ends_as_published_once(
    beside: Results, told: Happening, tmp_path: Path, size: int
) -> None:
    a_year(told)
    for begin in range(0, len(told.messages), size):
        takes(beside, told.messages[begin : begin + size])
        publish(beside.db, tmp_path / "often")
    publish(beside.db, tmp_path / "once")
    assert everything(tmp_path / "often") == everything(tmp_path / "once")


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", ["before", "beside", "some", "files"])
def test_killed_between_a_commit_and_its_files_the_next_start_writes_them(
    beside: Results,
    told: Happening,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at: str,
) -> None:
    folder = tmp_path / "open"
    told.spends("s1", 30_000_00, FEB)
    told.spends("s2", 30_000_00, date(2016, 3, 1))
    sees(beside, told, folder)
    a_year(told)
    takes(beside, told.messages)

    def killed(*_: object) -> None:
        raise Killed

    def killed_behind_one(self: Path, target: Path) -> None:
        monkeypatch.undo()
        self.replace(target)
        monkeypatch.setattr(Path, "replace", killed)

    match at:
        case "before":
            monkeypatch.setattr(Files, "is_behind", killed)
        case "beside":
            monkeypatch.setattr(Files, "finish", killed)
        case "some":
            monkeypatch.setattr(Path, "replace", killed_behind_one)
        case "files":
            monkeypatch.setattr(folders, "_replace", killed)
    with pytest.raises(Killed):
        publish(beside.db, folder)
    monkeypatch.undo()
    publish(beside.db, folder)
    publish(beside.db, tmp_path / "fresh")
    assert everything(folder) == everything(tmp_path / "fresh")
    for package in folder.rglob("datapackage.json"):
        assert frictionless.validate(str(package)).valid


@pytest.mark.parametrize("seed", range(4))
def test_in_any_order_twice_and_killed_at_random_it_ends_the_same(
    beside: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    random = Random(seed)
    with closing(Results(str(tmp_path / "plain.db"), JOB)) as plain:
        played = Played(years().messages, plain.begins, 2_000)
        while run_once(played, plain).messages:
            pass
        publish(plain.db, tmp_path / "plain")

    left = 0  # Steps until the process is killed.

    def dies(step: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*args: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return step(*args, **named)

        return stepped

    for where, step in (
        *((Files, "is_behind"), (Files, "write"), (Files, "finish")),
        *((Path, "replace"), (folders, "_replace")),
    ):
        monkeypatch.setattr(where, step, dies(getattr(where, step)))
    killed = 0
    messages = twice_in_another_order(years().messages, random)
    played = Played(messages, beside.begins, 300)
    while run_once(played, beside).messages:
        left = random.choice((1, 3, 9, 27, 0))
        try:
            publish(beside.db, tmp_path / "killed")
        except Killed:
            killed += 1
    left = 0
    publish(beside.db, tmp_path / "killed")
    assert killed > 2
    assert everything(tmp_path / "killed") == everything(tmp_path / "plain")
