"""Groups and providers, and which body succeeded which."""

from collections.abc import Sequence

from ledger.decisions.bodies import RegisterBody
from ledger.decisions.successions import SucceedBody
from ledger.events import DocumentId
from ledger.intake import cells
from ledger.intake.layout import Layout
from ledger.intake.table import Row


def read_body(row: Row, document: DocumentId) -> RegisterBody:
    """Read one group, or a provider where the column `kind` says so."""
    opened_on = cells.optional_day(row, "open_date")
    closed_on = cells.optional_day(row, "close_date")
    if opened_on and closed_on and closed_on < opened_on:
        row.fault("close_date", f"comes before open_date, {opened_on}: check both")
    if row.given("kind"):
        cells.one_of(row, "kind", ("group", "provider"))
    return RegisterBody(
        body=cells.code(row, "ods_code"),
        kind="provider" if row.given("kind") == "provider" else "group",
        name=cells.text(row, "name"),
        opened_on=opened_on,
        closed_on=closed_on,
        ons_code=cells.optional_code(row, "ons_code"),
        area_team=cells.optional_code(row, "area_team_code"),
        region=cells.optional_text(row, "region_2013"),
        document=document,
    )


def read_succession(row: Row, document: DocumentId) -> SucceedBody:
    """Read which body succeeded another, and on which day."""
    body = cells.code(row, "predecessor_code")
    successor = cells.code(row, "successor_code")
    if body and body == successor:
        row.fault("successor_code", "is the predecessor itself: check both")
    on = cells.day(row, "date")
    return SucceedBody(body=body, successor=successor, on=on, document=document)


def _count(bodies: Sequence[RegisterBody]) -> dict[str, int]:
    groups = sum(body.kind == "group" for body in bodies)
    providers = len(bodies) - groups
    return {"groups": groups} | ({"providers": providers} if providers else {})


BODIES = Layout(
    name="groups",
    required=("ods_code", "ons_code", "name", "open_date"),
    optional=("kind", "close_date", "area_team_code", "region_2013"),
    also={"region": "region_2013", "area_team": "area_team_code"},
    read=read_body,
    key=lambda command: (command.body,),
    key_column="ods_code",
    count=_count,
    fields={"area_team": "area_team_code", "region": "region_2013"},
)
SUCCESSIONS = Layout(
    name="successions",
    required=("predecessor_code", "successor_code", "date"),
    read=read_succession,
    key=lambda command: (command.body,),
    key_column="predecessor_code",
)
LAYOUTS = (BODIES, SUCCESSIONS)
