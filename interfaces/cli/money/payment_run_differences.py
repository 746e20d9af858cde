"""Where a confirmation file and a payment run do not agree."""

from collections.abc import Sequence
from dataclasses import dataclass

from interfaces.cli import account_state, printing
from interfaces.cli.money.payment_run_files import Confirmed
from interfaces.cli.session import Session
from ledger.events import PaymentRunProposed, RunItem
from ledger.money import pounds
from ledger.recorded import account_parts


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One way in which a confirmation file and a payment run do not agree."""

    body: str
    disbursement: str
    line: int | None  # Of the file; None where the file does not have it.
    says: str


def compared(
    session: Session, fact: PaymentRunProposed, rows: Sequence[Confirmed]
) -> tuple[list[tuple[Confirmed, RunItem]], int, list[Difference]]:
    """What is to be recorded as paid, how much is recorded already, what differs."""
    items: dict[tuple[str, str], RunItem] = {
        (account_parts(one.account)[2], one.disbursement): one for one in fact.items
    }
    seen: dict[tuple[str, str], Confirmed] = {}
    pay, paid, differences = [], 0, []
    for row in rows:
        key = (row.body, row.disbursement)
        first, says = seen.setdefault(key, row), ""
        item = items.get(key)
        if first is not row:
            says = f"stands on line {first.line} already: one payment each"
        elif item is None:
            says = f"is not in payment run {fact.run}"
        elif item.amount_pence != row.amount_pence:
            says = (
                f"{pounds(row.amount_pence)} is confirmed and "
                f"{pounds(item.amount_pence)} was approved"
            )
        else:
            account = account_state.account(session, item.account)
            made = account.disbursements[item.disbursement].paid
            if made is None:
                pay.append((row, item))
            elif (made.reference, made.value_date) == (row.reference, row.value_date):
                paid += 1
            else:
                says = f"was paid on {made.value_date} as {made.reference}"
        if says:
            differences.append(
                Difference(body=key[0], disbursement=key[1], line=row.line, says=says)
            )
    for key, item in items.items():
        request = account_state.account(session, item.account).disbursements[
            item.disbursement
        ]
        if key not in seen and request.paid is None:
            says = f"is {request.state}, and the file does not confirm it"
            differences.append(
                Difference(body=key[0], disbursement=key[1], line=None, says=says)
            )
    return pay, paid, differences


def by_body(difference: Difference) -> tuple[str, str, int]:
    """The order in which differences are listed."""
    return difference.body, difference.disbursement, difference.line or 0


def print_differences(session: Session, differences: Sequence[Difference]) -> None:
    """Print each difference in a line of a table."""
    title = session.titled(f"Differences: {len(differences)}")
    columns = "body, disbursement, line as #line, says as what"
    printing.listing(session, title, columns, differences)
