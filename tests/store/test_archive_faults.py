"""An archive with one fault and every digest made again: refused there, or one like it.

Who makes digests again can also write what never was; that is for a checkpoint to
find. Here no line may break what reads it.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ledger.proof import leaf_hash, row_digest
from ledger.service import Ledger
from ledger.store.archive.read import Damaged
from ledger.store.archive.write import line_of
from tests.projections.real import ledger_with_a_year
from tests.store.test_archive import exported
from tests.worlds.single_faults import OneFault, json_text, one_fault


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The lines of a whole year's archive, but for the end."""
    with ledger_with_a_year(tmp_path_factory.mktemp("year") / "l.db") as ledger:
        return [json.loads(one) for one in exported(ledger).splitlines()[:-1]]


def digested(line: dict[str, Any]) -> None:
    """Have a line's own digests fit what it now says, as far as it can be said."""
    [(kind, row)] = line.items()
    try:
        match kind:
            case "record":
                where = (row["stream"], row["version"], row["topic"])
                row["leaf"] = leaf_hash(*where, row["state"].encode()).hex()
            case "text" | "party":
                prose = row["text" if kind == "text" else "name"]
                salted = bytes.fromhex(row["salt"]) + prose.encode()
                row["commitment"] = sha256(salted).hexdigest()
                row["digest"] = row_digest([v for k, v in row.items() if k != "digest"])
            case "command":
                row["digest"] = row_digest([v for k, v in row.items() if k != "digest"])
    except (KeyError, TypeError, ValueError, AttributeError):
        pass  # It is at fault where nothing can be made again.


def archive(lines: Sequence[dict[str, Any]], written: Sequence[bytes]) -> list[bytes]:
    """The lines as they are written, with the digests of header and end made again."""
    leaves = sha256()
    for line in lines:
        row = line.get("record") if isinstance(line, dict) else None
        leaf = row.get("leaf") if isinstance(row, dict) else None
        if isinstance(leaf, str):
            with suppress(ValueError):
                leaves.update(bytes.fromhex(leaf))
    header = line_of({**lines[0], "leaves": leaves.hexdigest()})
    whole = [header, *written[1:]]
    digest = sha256(b"".join(whole)).hexdigest()
    return [*whole, line_of({"end": {"lines": len(whole), "sha256": digest}})]


def is_taken(content: Sequence[bytes], folder: Path) -> Damaged | None:
    """What is said of an archive; None if the ledger that it makes gives it back."""
    folder.mkdir(exist_ok=True)
    path = folder / "l.db"
    for old in folder.glob("l.db*"):
        old.unlink()
    with Ledger.open(path, create=True) as ledger:
        try:
            ledger.fill(content)
        except Damaged as damaged:
            assert (ledger.head(), ledger.texts(0, 9)) == (0, [])
            return damaged
        assert exported(ledger) == b"".join(content)
    return None


def test_one_without_a_fault_is_taken(lines: list[dict[str, Any]], tmp_path: Path):
    written = [line_of(one) for one in lines]
    assert is_taken(archive(lines, written), tmp_path) is None


@settings(derandomize=True, database=None, phases=[Phase.generate])
@given(data=st.data())
def test_a_line_with_one_fault_is_refused_there_or_is_one_like_another(
    lines: list[dict[str, Any]],
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
):
    number = data.draw(st.integers(1, len(lines) - 1))
    line = json.loads(json.dumps(lines[number]))
    is_within = "record" in line and data.draw(st.booleans())
    if is_within:  # Within the fact that a record holds as text.
        faulty: OneFault = data.draw(one_fault(json.loads(line["record"]["state"])))
        line["record"]["state"] = json_text(faulty.whole)
    else:
        faulty = data.draw(one_fault(line))
        line = deepcopy(faulty.whole)
    if isinstance(line, dict) and len(line) == 1 and isinstance(lines[number], dict):
        digested_if_whole(line)
    try:
        text = line_of(line)
    except (TypeError, ValueError):
        text = json_text(line).encode("utf-8", "surrogatepass") + b"\n"
    made = [*lines[:number], line, *lines[number + 1 :]]
    written = [line_of(one) for one in lines]
    written[number] = text
    content = archive([one if isinstance(one, dict) else {} for one in made], written)
    damaged = is_taken(content, tmp_path_factory.getbasetemp() / "faults")
    if damaged is not None:
        # What does not follow what stands before it is said where it was noticed.
        assert damaged.line in {1, number + 1} or "from this line" in damaged.why
        assert damaged.why.isprintable()
        assert len(damaged.why) < 600


def digested_if_whole(line: dict[str, Any]) -> None:
    """Make digests again where a row is still an object."""
    if isinstance(next(iter(line.values())), dict):
        digested(line)
