"""A group's year carried out in memory, up to where a test wants it."""

from datetime import date

from ledger.decisions.accounts import OpenAccount
from ledger.decisions.assessments.judging import AssessGate, AssessIndicator, gate_tests
from ledger.decisions.awards.confirming import ConfirmAward
from ledger.decisions.awards.proposing import ProposeAward
from ledger.decisions.disbursements.requests import (
    ApproveDisbursement,
    PayDisbursement,
    RequestDisbursement,
)
from ledger.decisions.terms import AgreeTerms
from ledger.events import AgreedTarget, AgreedTest, Fact, PartyId, PartyRegistered
from ledger.money import exact
from tests.decisions.given import ACCOUNT, GROUND, RULEBOOK, YEAR, Book, results

OPEN = OpenAccount(
    account=ACCOUNT, population="population.registered.gp-list", as_at=date(2013, 4, 1)
)
TERMS = AgreeTerms(
    account=ACCOUNT,
    agreed_on=date(2013, 6, 1),
    agreed_by=(PartyId("X01"), PartyId("area-team")),
    tests=(
        AgreedTest(
            measure="local-1",
            title="Emergency readmissions within 30 days",
            indicator="readmissions",
            period=YEAR,
            comparison="at-most",
            threshold=exact("11.9"),
        ),
        AgreedTest(
            measure="local-2",
            title="Dementia diagnosis rate",
            indicator="dementia-diagnosis",
            period=YEAR,
            comparison="at-least",
            threshold=exact("67"),
        ),
        AgreedTest(
            measure="local-3",
            title="Carers known to their practice",
            indicator="carers-registered",
            period=YEAR,
            comparison="at-least",
            threshold=exact("1200"),
        ),
    ),
    targets=(AgreedTarget(clause="infection.c-difficile", target=exact("30")),),
)
MEASURES = tuple(measure.id for measure in RULEBOOK.measures)
GATES = tuple(gate_tests(RULEBOOK))


KNOWN = (
    PartyRegistered(party=PartyId("ana"), kind="person"),
    PartyRegistered(party=PartyId("bob"), kind="person"),
    PartyRegistered(party=PartyId("cleo"), kind="person"),
    PartyRegistered(party=PartyId("p"), kind="organisation"),
    PartyRegistered(party=PartyId("q:r"), kind="organisation"),
)
"""Who acts and is paid is known from the beginning: commands record their own."""


def opened(*more: Fact) -> Book:
    """The account open on 88,000 heads, its terms agreed, and more facts told."""
    book = Book()
    for fact in (*GROUND, *more, *KNOWN):
        book.tell(fact)
    book.do(OPEN, on=date(2013, 4, 1))
    book.do(TERMS, on=date(2013, 6, 1))
    return book


def assessed(**changed: str) -> Book:
    """Everything assessed on results that meet each test, but for those changed."""
    book = opened(*results(**changed))
    for measure in MEASURES:
        book.do(AssessIndicator(account=ACCOUNT, measure=measure))
    for gate in GATES:
        book.do(AssessGate(account=ACCOUNT, gate=gate))
    return book


def awarded(**changed: str) -> Book:
    """The award proposed and confirmed on 1 October 2014."""
    book = assessed(**changed)
    book.do(ProposeAward(account=ACCOUNT))
    book.do(ConfirmAward(account=ACCOUNT, determination=1))
    return book


def requested(pence: int, name: str = "d1", on: date = date(2014, 10, 1)) -> Book:
    """A request on the full award of £440,000."""
    book = awarded()
    book.do(ask_for(pence, name), on=on)
    return book


def paid(pence: int, on: date = date(2014, 11, 3)) -> Book:
    """A request approved and paid."""
    book = requested(pence)
    pay(book, "d1", "REF 1", on)
    return book


def ask_for(pence: int, name: str = "d1") -> RequestDisbursement:
    return RequestDisbursement(account=ACCOUNT, disbursement=name, amount_pence=pence)


def pay(book: Book, name: str, reference: str, on: date) -> None:
    """Approve and pay one request."""
    book.do(ApproveDisbursement(account=ACCOUNT, disbursement=name), on=on)
    book.do(
        PayDisbursement(
            account=ACCOUNT,
            disbursement=name,
            reference=reference,
            kind="allocation-adjustment",
            value_date=on,
        ),
        on=on,
    )
