"""What a bank or another ledger says stood in accounts, on which day."""

import re

from ledger.decisions.closing import AssertBalance
from ledger.events import AccountId, DocumentId
from ledger.intake import cells
from ledger.intake.layout import Layout
from ledger.intake.table import Row
from ledger.money import exact_text
from ledger.postings import (
    COMMITTED,
    DISALLOWED,
    FUNDING,
    HELD,
    IN_TRANSIT,
    MAY_BE_NEGATIVE,
    NOT_EARNED,
    OVERPAID,
    OWN_FUNDS,
    PAYABLE,
    POTENTIAL,
    RECOVERED,
    RETURNED,
    SET_OFF,
    SETTLED,
)
from ledger.recorded import account_id

SCHEME = "quality-premium"
"""The scheme meant where the file names none."""

_WHOLE = (
    *(FUNDING, POTENTIAL, NOT_EARNED, PAYABLE, COMMITTED, OVERPAID, SETTLED),
    *(IN_TRANSIT, HELD, DISALLOWED, OWN_FUNDS, RETURNED, RECOVERED, SET_OFF),
)
_NAMED = re.compile(
    r"premium:(reduced|withheld):[^:\s]+|group:spent:[^:\s]+:[^:\s]+"
    r"|group:passed-on:[^:\s]+"
)
"""Accounts that end with a name: of a clause, a ground, a purpose and a payee."""


def read_balance(row: Row, document: DocumentId) -> AssertBalance:
    """Read one balance; `amount_gbp` is exact, below zero only for a debt."""
    given = row.given("scheme")
    scheme = cells.word(row, "scheme") if given else SCHEME
    return AssertBalance(
        account=_account(row, scheme),
        of=_of(row),
        on=cells.day(row, "on"),
        pence=_pence(row),
        says=cells.one_of(row, "says", ("bank", "ledger")),  # type: ignore[arg-type]
        document=document,
    )


def _account(row: Row, scheme: str) -> AccountId:
    return account_id(
        scheme, cells.year(row, "scheme_year"), cells.code(row, "ods_code")
    )


def _of(row: Row) -> str:
    given = row.given("account")
    if given not in _WHOLE and not _NAMED.fullmatch(given):
        row.fault(
            "account",
            f"is not an account of a premium: write one of {', '.join(_WHOLE)}, or a "
            "name such as group:spent:a:payee as premium balances shows it",
        )
    return given


def _pence(row: Row) -> int:
    """Whole pence of an amount in pounds."""
    pounds = cells.number(row, "amount_gbp")
    if pounds is None:
        row.fault("amount_gbp", "is empty: write the balance in pounds, or no row")
        return 0
    if (pounds * 100).denominator != 1:
        row.fault("amount_gbp", "is finer than a penny: write two decimals")
        return 0
    if pounds < 0 and row.given("account") not in MAY_BE_NEGATIVE:
        write = exact_text(-pounds)
        row.fault(
            "amount_gbp",
            f"is below zero, which that account never is: write {write}",
        )
    return (pounds * 100).numerator


LAYOUTS = (
    Layout(
        name="balances",
        required=("ods_code", "scheme_year", "account", "on", "amount_gbp", "says"),
        optional=("scheme",),
        also={"body": "ods_code", "date": "on"},
        read=read_balance,
        key=lambda one: (one.account, one.of, one.on.isoformat(), one.says),
        key_column="amount_gbp",
        fields={"account": "ods_code", "of": "account"},
    ),
)
