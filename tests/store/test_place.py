"""Where a ledger lies, as people write it."""

from pathlib import Path

import pytest

from ledger.store.contract import Unavailable
from ledger.store.place import place_of


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://",
        "postgres://h",
        "postgresql://u@h/d",
        "postgresql://u:p%40ss@h:5433/d?sslmode=require",
        "postgresql://u:a:b@h/d",
        "postgresql://h1:5432,h2/d",
        "postgresql://u@[::1]:5432/d",
        "postgresql://?host=/tmp/x&dbname=d&user=me%40x",
        "postgresql://u@%2Ftmp%2Fx/d",
    ],
)
def test_an_address_is_taken_as_it_is(text: str):
    assert place_of(text) == text


@pytest.mark.parametrize(
    "text",
    ["l.db", "./a/l.db", "/a//l.db", "a?b#c%20.db", "postgres.db", "me@x.db", "C:l.db"],
)
def test_anything_else_names_a_file(text: str):
    assert place_of(text) == Path(text)


@pytest.mark.parametrize(
    "text",
    [
        "postgres//u:secret@h/d",
        "postgresql:/u:secret@h/d",
        "postgresqll://u:secret@h/d",
        "Postgresql://u:secret@h/d",
        " postgresql://u:secret@h/d",
        "https://u:secret@h/d",
        "u:secret@h/d",
        "host=h password=secret",
        "host=h PASSWORD = secret",
        "postgresql://u:sec@secret@h/d",
        "postgresql://u:sec/secret@h/d",
        "postgresql://u:sec?secret@h/d",
        "postgresql://u:sec#secret@h/d",
        "postgresql://u:sec secret@h/d",
        "postgresql://u:sec%secret@h/d",
        "postgresql://u:secret",
        "postgresql://h:secret/d",
        "postgresql://[secret/d",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_and_not_shown(text: str):
    with pytest.raises(Unavailable) as refused:
        place_of(text)
    assert "secret" not in str(refused.value)
    assert "postgresql://USER@HOST/DATABASE" in str(refused.value)


def test_a_file_that_is_there_may_have_any_name(tmp_path: Path):
    odd = tmp_path / "a:b@c.db"
    odd.touch()
    assert place_of(str(odd)) == odd
