"""Whatever the bytes, reading ends in requests or in errors."""

from hypothesis import example, given
from hypothesis import strategies as st

from ledger.intake.files import KINDS, Intake
from tests.intake.fault_examples import (
    BODY,
    CLAIM,
    DERIVED,
    FAULTS,
    PERIOD,
    POPULATION,
    PRACTICE,
    RESULT,
    SUCCESSION,
)
from tests.intake.given import read

HEADERS = [BODY, SUCCESSION, PRACTICE, POPULATION, DERIVED, RESULT, PERIOD, CLAIM]
WRITING = st.text(alphabet='X01Zé9,.;"\n\r\t -/%£²\0\x85\u2028')
ODD = ["", "x", "9" * 30, "٣", "²", "2013-٠4-01", "9999-12-31", "..", "2200000 / 25"]
CELL = st.sampled_from(
    [*ODD, "X01", "0", "1", "-1", "1.5", "2013-04-01", "2013-14", "percent", "inferred"]
)


@given(
    kind=st.sampled_from(list(KINDS)),
    content=st.binary()
    | st.builds(
        lambda head, rest: (head + rest).encode(), st.sampled_from(HEADERS), WRITING
    ),
)
@example(kind="bodies", content=BODY.encode() + b'"' + b"x" * 200_000)
@example(kind="bodies", content=BODY.encode() + b"x" * 200_000)
def test_no_bytes_make_reading_fail(kind: str, content: bytes):
    intake = read(kind, content)
    assert bool(intake.errors) != bool(intake.requests)


@given(header=st.sampled_from(HEADERS), cells=st.lists(CELL, min_size=12, max_size=24))
def test_no_cells_make_reading_fail(header: str, cells: list[str]):
    width = header.count(",") + 1
    rows = [cells[at : at + width] for at in range(0, len(cells), width)]
    content = header + "".join(",".join(row) + "\n" for row in rows)
    for kind in KINDS:
        intake = read(kind, content)
        assert bool(intake.errors) != bool(intake.requests)


def changed(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    """A content with some bytes put in the place of others, one change at a time."""
    for place, length, new in changes:
        at = place % (len(content) + 1)
        content = content[:at] + new + content[at + length :]
    return content


CHANGE = st.tuples(
    st.integers(0, 400),
    st.integers(0, 4),
    st.sampled_from(
        [b"", b",", b'"', b"\n", b".", b"-", b"0", b"9", b"z", b" ", b"\xe9"]
    ),
)


@given(
    what=st.sampled_from(list(FAULTS)),
    changes=st.lists(CHANGE, min_size=1, max_size=4),
)
def test_no_slip_in_a_file_makes_reading_fail(
    what: str, changes: list[tuple[int, int, bytes]]
):
    kind, content = FAULTS[what]
    encoded = content if isinstance(content, bytes) else content.encode()
    intake = read(kind, changed(encoded, changes))
    assert bool(intake.errors) != bool(intake.requests)


def table(content: str | bytes) -> list[list[str]]:
    """The cells of a file that splits at every comma; otherwise none."""
    if isinstance(content, bytes) or '"' in content:
        return []
    rows = [line.split(",") for line in content.splitlines()]
    even = len({len(row) for row in rows}) == 1 and len(rows[0]) > 1
    return rows if even else []


TABLES = {what: fault for what, fault in FAULTS.items() if table(fault[1])}


@given(data=st.data(), what=st.sampled_from(list(TABLES)))
def test_the_order_of_columns_changes_nothing_but_the_order_of_errors(
    data: st.DataObject, what: str
):
    kind, content = TABLES[what]
    rows = table(content)
    order = data.draw(st.permutations(range(len(rows[0]))))
    moved = "".join(",".join(row[at] for at in order) + "\n" for row in rows)

    def where(intake: Intake) -> list[tuple[int, str, str]]:
        return sorted((one.row, one.field, one.value) for one in intake.errors)

    assert where(read(kind, moved)) == where(read(kind, content))
