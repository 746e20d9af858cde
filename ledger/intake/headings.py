"""Which column of a published list is what: by its heading, or as somebody says.

The headings were gathered from lists of NHS bodies (data/SOURCES.md, S17). One that is
not among them is not guessed at: a mapping says what it is.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from ledger.excerpts import printable
from ledger.intake.printed import Order
from ledger.intake.table import UnreadableSheet, nearest
from ledger.values import value

ROLES: Mapping[str, str] = {
    "date": (
        "datepaid paiddate paymentdate datepayment paydate date datepaidonstatement "
        "transactiondate datetransaction transdate cleareddate cleardate datecleared "
        "checkdate chequedate posteddate postingdate accountingdate gldate inputdate "
        "settlementdate clearingdate invoicepaiddate valuedate effectivedate "
        "invoicedate invdate dateinvoice"
    ),
    "amount": (
        "amount amounts apamount apamounts amountpaid paidamount paymentamount payment "
        "paymentvalue transactionamount transactionvalue distributionamount "
        "invoicedistributionamount lineamount linevalue invoicelineamount "
        "invoicelinevalue sumamount suminvoicedistributionamount amountpublished "
        "grossamount amountgross amountinclvat amountincvat amountincludingvat gross "
        "totalgrossvalue analysedgross analysedamount netamount nettamount apnetamount "
        "amountnet amountexvat amountexclvat netvalue nettvalue invoicelineamountnet "
        "net value spend spending total totalamount totalvalue totvalue finaltotal "
        "sumapamount amountnetvat aptotalpaymentamount totalpaymentamount "
        "totallinespend invoiceamount "
        "invoicevalue billingamount headeramount baseamount"
    ),
    "supplier": (
        "supplier suppliername namesupplier suppkuer supplicer suppname supplierpayee "
        "suplier payee payeename paidto vendor vendorname merchant merchantname "
        "beneficiary beneficiaryname creditor creditorname tradingpartner "
        "customersupplier customerorsupplier customersupplierdescription"
    ),
    "transaction_number": (
        "transactionnumber transactionno transactionnum transaction transactionnumbers "
        "transactionsnumber transactionid transactionref transactionreference "
        "transactionrefnumber transationnumber tranactionnumber trasnsactionnumber "
        "transctionno transactio transno transref tranref trxreference "
        "paymenttransactionnumber invoicetransactionnumber paymentnumber "
        "paymentreference paymentref referencenumber referenceno refno reference "
        "transactionreferencenumber documentnumber uniqueid ourreference "
        "vouchernumber voucherno voucher apinvoicenumber invoicenumber invoiceno "
        "invoicenum invoiceid "
        "invoicereference purchaseinvoicenumber purchaseinvoiceno"
    ),
    "expense_area": (
        "expensearea expensesarea expsensearea ensearea expenseaarea "
        "expenditurearea expenseareapublished expense area costcentre costcentrename "
        "costcentredescription"
    ),
    "expense_type": (
        "expensetype expensestype expensetypes expenesetype expensetypet expenseatype "
        "expendituretype expensetypepublished accountdescription subjectivedescription"
    ),
    "entity": (
        "entity entityname entitiy enitity entitity entitly nameentity ccg ccgname "
        "nhsbody body bodyname organisation organisationname organization nhsccg"
    ),
}
"""What a column is -> headings as `_key` writes them, the one that counts first."""

NEEDED = ("date", "amount")
_RANKS = {
    role: {key: rank for rank, key in enumerate(keys.split())}
    for role, keys in ROLES.items()
}
_KNOWN = {key for ranks in _RANKS.values() for key in ranks}
_UNSAID = {"gbp", "sterling", "in", "of", "the", "pounds", "s", "bacs", "irrecoverable"}
_SHORT = {
    **dict.fromkeys(("no", "num", "nr"), "number"),
    **dict.fromkeys(("inc", "including", "inclusive"), "incl"),
    **dict.fromkeys(("ex", "exc", "excluding", "exclusive"), "excl"),
    "amt": "amount",
    "ref": "reference",
    "trans": "transaction",
    "inv": "invoice",
}
_FARTHEST = 40
"""So many rows from the top the headings are looked for."""


@value
class Layout:
    """How somebody says that a list is laid out; what is not said is found."""

    columns: Mapping[str, str | int]  # Role -> heading, or place from 1.
    header: int | None = None  # The line of the headings; 0: there are none.
    separator: str | None = None
    encoding: str | None = None
    dates: Order | None = None
    decimal: str = "."


@value
class Header:
    """The headings of a list, and the place of each column that is read."""

    at: int  # Rows before it; -1 where there are no headings.
    places: Mapping[str, int]  # Role -> place from 0.
    headings: tuple[str, ...]  # As published.

    def named(self, role: str) -> str:
        """The heading of a column as published, for people."""
        place = self.places[role]
        given = self.headings[place] if place < len(self.headings) else ""
        return f"{printable(given)!r}" if given else f"no. {place + 1}"

    @property
    def unread(self) -> tuple[str, ...]:
        """The headings of columns that are not read."""
        read = set(self.places.values())
        return tuple(
            printable(one)
            for at, one in enumerate(self.headings)
            if one and at not in read
        )


def _key(heading: str) -> str:
    """The normal form of a heading; `Amount in Sterling (£)` is `amount`."""
    normal = unicodedata.normalize("NFKC", heading).casefold()
    found = re.findall(r"[a-z0-9]+", re.sub("[ïÂâ»¿\ufffd£]", " ", normal))
    words = [word for word in found if word not in _UNSAID]
    if not words:
        return "amount" if "£" in normal else ""
    as_written = "".join(words)
    if as_written in _KNOWN:
        return as_written
    return "".join(_SHORT.get(word, word) for word in words)


def header_of(rows: Sequence[tuple[int, list[str]]], said: Layout | None) -> Header:
    """The headings of a list, wherever among its first rows.

    Raises:
        UnreadableSheet: Names the columns that are missing and those found.
    """
    if said is not None and said.header == 0:
        return _placed(-1, (), said)
    best: tuple[int, int, Header] | None = None
    for at, (line, cells) in enumerate(rows[:_FARTHEST]):
        if said is not None and said.header not in (None, line):
            continue
        header = _placed(at, tuple(cells), said)
        if all(role in header.places for role in NEEDED):
            _alone(header, rows, said)
            return header
        if best is None or len(header.places) > best[0]:
            best = (len(header.places), line, header)
    if best is None and said is None:
        raise UnreadableSheet(1, "the file is empty: its first line names the columns")
    if best is None:
        raise UnreadableSheet(1, "there is no row where the mapping says: check header")
    _, line, header = best
    missing = [role for role in NEEDED if role not in header.places]
    found = [printable(one) for one in header.headings if one]
    near = [
        f"is {printable(given)} meant as {role}?"
        for role in missing
        if (given := nearest(role, [one.casefold() for one in found], 60))
    ]
    says = f"columns missing: {', '.join(missing)}; found: {', '.join(found) or 'none'}"
    raise UnreadableSheet(
        line, "; ".join((says, *near, "--mapping says which is which"))
    )


def _placed(at: int, headings: tuple[str, ...], said: Layout | None) -> Header:
    keys = [_key(one) for one in headings]
    places: dict[str, int] = {}
    for role, ranks in _RANKS.items():
        there = [place for place, key in enumerate(keys) if key in ranks]
        if there:
            places[role] = min(there, key=lambda place: (ranks[keys[place]], place))
    if said is not None and said.columns:
        places = {}
        for role, column in said.columns.items():
            if isinstance(column, int):
                places[role] = column - 1
            elif _plain(column) in (plain := [_plain(one) for one in headings]):
                places[role] = plain.index(_plain(column))
    return Header(at=at, places=places, headings=headings)


def _plain(heading: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", heading).casefold().split())


def _alone(
    header: Header, rows: Sequence[tuple[int, list[str]]], said: Layout | None
) -> None:
    """Stop where two columns of one heading hold different values."""
    if said is not None and said.columns:
        return
    keys = [_key(one) for one in header.headings]
    for role in NEEDED:
        first = header.places[role]
        for other in range(first + 1, len(keys)):
            if keys[other] == keys[first] and any(
                other < len(cells) and cells[other] and cells[other] != cells[first]
                for _, cells in rows[header.at + 1 :]
            ):
                raise UnreadableSheet(
                    rows[header.at][0],
                    f"columns {first + 1} and {other + 1} are both {role}, and differ: "
                    "--mapping says which is meant",
                )
