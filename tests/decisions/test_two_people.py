"""Where two people are meant, one person in any spelling of their id is refused."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from interfaces.cli.manual import two_people
from ledger.decisions.awards.confirming import ConfirmAward, RefuseAward
from ledger.decisions.awards.proposing import ProposeAward
from ledger.decisions.certificates import ApproveCertificate, PrepareCertificate
from ledger.decisions.disbursements.receipts import ConfirmReceipt
from ledger.decisions.disbursements.requests import (
    ApproveDisbursement,
    PayDisbursement,
    RefuseDisbursement,
)
from ledger.decisions.disbursements.runs import (
    ApprovePaymentRun,
    ProposePaymentRun,
    RunRequest,
)
from ledger.decisions.every import HANDLES
from ledger.decisions.preconditions import SamePerson
from ledger.decisions.representations import DecideRepresentation, MakeRepresentation
from ledger.decisions.withholdings.keeping import RefuseWithholding
from ledger.events import BodyCode, PartyId, PaymentRunProposed
from ledger.premium.payment_years import certified
from ledger.request import By
from tests.decisions.given import (
    ACCOUNT,
    ANALYST,
    APPROVER,
    OFFICER,
    Book,
    Given,
    usual,
)
from tests.decisions.right import (
    DECIDE,
    DECIDE_MORE,
    LAPSE,
    ORDER,
    REASON,
    REFUSE_LAPSE,
    REFUSE_MORE,
    REFUSE_ORDER,
    RELEASE,
    determine_anew,
    keep_back,
    lapsed,
    more,
    to_lapse,
    to_recover,
    vary,
    withheld,
)
from tests.decisions.year import assessed, awarded, requested
from tests.decisions.year import paid as received

SECOND_ANALYST = By(role="analyst", party=PartyId("ada"))
WITHHOLDING: dict[str, Any] = {"account": ACCOUNT, "withholding": "w1"}
REQUEST: dict[str, Any] = {"account": ACCOUNT, "disbursement": "d1"}
RUN: dict[str, Any] = {"scheme": "quality-premium", "scheme_year": "2013-14", "run": 1}
CERTIFICATE: dict[str, Any] = {"body": BodyCode("X01"), "payment_year": "2013-14"}
PAY = PayDisbursement(
    **REQUEST, reference="QP-1", kind="cash", value_date=date(2014, 11, 3)
)
ON = date(2014, 11, 3)


def award_proposed() -> Book:
    book = assessed()
    book.do(ProposeAward(account=ACCOUNT))
    return book


def withholding_proposed() -> Book:
    book = awarded()
    book.do(keep_back(5))
    return book


def more_proposed() -> Book:
    book = withheld(awarded(), 5)
    book.do(more(6), by=SECOND_ANALYST)
    return book


def representation_made() -> Book:
    book = withheld(awarded(), 5)
    book.do(
        MakeRepresentation(
            account=ACCOUNT,
            representation="r1",
            about="withholding",
            subject="w1",
            grounds=REASON,
        )
    )
    return book


def spoken_against(book: Book) -> Book:
    """A representation against the first determination."""
    book.do(
        MakeRepresentation(
            account=ACCOUNT,
            representation="r1",
            about="award",
            subject="1",
            grounds=REASON,
        )
    )
    return book


def lapse_proposed() -> Book:
    book = paid()
    book.do(to_lapse(5), on=ON)
    return book


def recovery_proposed() -> Book:
    """All of the award is paid; £110,000 of it goes, and is to come back."""
    book = received(440_000_00)
    determine_anew(book, "red-1", "74.83", "constitution.red-1", ON)
    book.do(to_recover(5), on=ON)
    return book


def approved() -> Book:
    book = requested(5)
    book.do(ApproveDisbursement(**REQUEST))
    return book


def paid() -> Book:
    book = approved()
    book.do(PAY, on=ON)
    return book


def run_proposed() -> Book:
    book = requested(5)
    book.do(ProposePaymentRun(**RUN, requests=(RunRequest(**REQUEST),)))
    return book


def run_approved() -> Book:
    book = run_proposed()
    book.do(approval(book))
    return book


def approval(book: Book) -> ApprovePaymentRun:
    """The approval of the list that was put forward."""
    [recorded] = book.records("payment-run/quality-premium/2013-14/1")
    fact = recorded.fact
    assert isinstance(fact, PaymentRunProposed)
    return ApprovePaymentRun(
        **RUN, list_hash=fact.list_hash, total_pence=fact.total_pence
    )


def award_refused() -> Book:
    book = award_proposed()
    book.do(RefuseAward(account=ACCOUNT, determination=1, reason=REASON))
    return book


def lapse_decided() -> Book:
    book = paid()
    lapsed(book, to_lapse(5), ON)
    return book


def lapse_refused() -> Book:
    book = lapse_proposed()
    book.do(REFUSE_LAPSE, on=ON)
    return book


def recovery_ordered() -> Book:
    book = recovery_proposed()
    book.do(ORDER, on=ON)
    return book


def recovery_refused() -> Book:
    book = recovery_proposed()
    book.do(REFUSE_ORDER, on=ON)
    return book


def certificate_prepared() -> Book:
    book = paid()
    premium = certified(book.account(ACCOUNT), "2013-14")
    book.do(PrepareCertificate(**CERTIFICATE, premiums=(premium,)))
    return book


ANSWER = DecideRepresentation(
    account=ACCOUNT, representation="r1", outcome="dismissed", reason=REASON
)
TWO_PEOPLE = Path(__file__).parents[2] / "docs" / "two-people.md"

RULES: dict[str, tuple[Callable[[], Book], Any, By]] = {
    "who proposed an award confirms it": (
        award_proposed,
        ConfirmAward(account=ACCOUNT, determination=1),
        ANALYST,
    ),
    "who proposed an award refuses it": (
        award_proposed,
        RefuseAward(account=ACCOUNT, determination=1, reason=REASON),
        ANALYST,
    ),
    "who proposed a withholding decides it": (withholding_proposed, DECIDE, ANALYST),
    "who proposed a withholding refuses it": (
        withholding_proposed,
        RefuseWithholding(**WITHHOLDING, reason=REASON),
        ANALYST,
    ),
    "who proposed a withholding varies it": (
        lambda: withheld(awarded(), 5),
        vary(4),
        ANALYST,
    ),
    "who proposed a withholding releases it": (
        lambda: withheld(awarded(), 5),
        RELEASE,
        ANALYST,
    ),
    "who proposed more withheld decides it": (
        more_proposed,
        DECIDE_MORE,
        SECOND_ANALYST,
    ),
    "who proposed more withheld refuses it": (
        more_proposed,
        REFUSE_MORE,
        SECOND_ANALYST,
    ),
    "who proposed a withholding decides more of it": (
        more_proposed,
        DECIDE_MORE,
        ANALYST,
    ),
    "who proposed a withholding refuses more of it": (
        more_proposed,
        REFUSE_MORE,
        ANALYST,
    ),
    "who made a representation answers it": (representation_made, ANSWER, OFFICER),
    "who proposed what it disputes answers it": (representation_made, ANSWER, ANALYST),
    "who decided what it disputes answers it": (representation_made, ANSWER, APPROVER),
    "who proposed an award hears what is said against it": (
        lambda: spoken_against(award_proposed()),
        ANSWER,
        ANALYST,
    ),
    "who confirmed an award hears what is said against it": (
        lambda: spoken_against(awarded()),
        ANSWER,
        APPROVER,
    ),
    "who refused an award hears what is said against it": (
        lambda: spoken_against(award_refused()),
        ANSWER,
        APPROVER,
    ),
    "who asked for money approves it": (
        lambda: requested(5),
        ApproveDisbursement(**REQUEST),
        OFFICER,
    ),
    "who asked for money refuses it": (
        lambda: requested(5),
        RefuseDisbursement(**REQUEST, reason=REASON),
        OFFICER,
    ),
    "who approved money pays it": (approved, PAY, APPROVER),
    "who approved a run pays a request in it": (run_approved, PAY, APPROVER),
    "who paid confirms the receipt": (
        paid,
        ConfirmReceipt(account=ACCOUNT, receipt="d1", received_on=ON),
        ANALYST,
    ),
    "who proposed a run approves it": (run_proposed, approval, ANALYST),
    "who asked for money in a run approves it": (run_proposed, approval, OFFICER),
    "who proposed a lapse decides it": (lapse_proposed, LAPSE, ANALYST),
    "who proposed a lapse refuses it": (lapse_proposed, REFUSE_LAPSE, ANALYST),
    "who proposed a recovery orders it": (recovery_proposed, ORDER, ANALYST),
    "who proposed a recovery refuses it": (recovery_proposed, REFUSE_ORDER, ANALYST),
    "who prepared a certificate approves it": (
        certificate_prepared,
        ApproveCertificate(**CERTIFICATE, preparation=1),
        ANALYST,
    ),
}
"""Who does what twice -> what stood before, the command, and that person."""


@pytest.mark.parametrize("spell", [str, str.upper, str.title])
@pytest.mark.parametrize("rule", RULES)
def test_one_person_is_refused_in_any_spelling(rule: str, spell: Callable[[str], str]):
    ground, command, person = RULES[rule]
    book = ground()
    if callable(command):
        command = command(book)
    by = _as(command, PartyId(spell(person.party)))
    decision = book.ask(command, by, ON)
    assert isinstance(decision, SamePerson), decision
    assert decision.person == person.party


@pytest.mark.parametrize(
    ("ground", "command"),
    [
        (awarded, ConfirmAward(account=ACCOUNT, determination=1)),
        (award_refused, RefuseAward(account=ACCOUNT, determination=1, reason=REASON)),
        (lambda: withheld(awarded(), 5), DECIDE),
        (lambda: withheld(awarded(), 5), vary(5)),
        (lapse_decided, LAPSE),
        (lapse_refused, REFUSE_LAPSE),
        (recovery_ordered, ORDER),
        (recovery_refused, REFUSE_ORDER),
    ],
)
def test_it_is_so_already_is_no_answer_for_who_could_not_have_done_it(
    ground: Callable[[], Book], command: Any
):
    told = Given(book=ground())
    told.when(command, _as(command, PartyId("zoe"))).then_nothing()
    told.when(command, _as(command, ANALYST.party))
    assert isinstance(told.decision, SamePerson)


def test_the_page_is_of_the_commands_and_each_of_its_rules_is_tried_here():
    assert TWO_PEOPLE.read_text(encoding="utf-8") == two_people(), "make manual"
    stated = {
        handles.command: len(handles.not_who)
        for handles in HANDLES.values()
        if handles.not_who
    }
    tried: Counter[type] = Counter()
    for ground, command, _ in RULES.values():
        tried[type(command(ground()) if callable(command) else command)] += 1
    assert tried.keys() == stated.keys()
    assert all(tried[command] >= rules for command, rules in stated.items())


@pytest.mark.parametrize("rule", RULES)
def test_another_person_may(rule: str):
    ground, command, _ = RULES[rule]
    book = ground()
    if callable(command):
        command = command(book)
    Given(book=book).when(command, _as(command, PartyId("zoe")), ON).then_recorded()


@pytest.mark.parametrize(
    ("ground", "hand"),
    [
        (withholding_proposed, RefuseWithholding(**WITHHOLDING, reason=REASON)),
        (lambda: withheld(awarded(), 5), vary(4)),
        (lambda: withheld(awarded(), 5), RELEASE),
        (lambda: withheld(awarded(), 5), more(6)),
        (more_proposed, REFUSE_MORE),
        (more_proposed, DECIDE_MORE),
    ],
)
def test_who_had_any_hand_in_a_withholding_does_not_hear_what_is_said_against_it(
    ground: Callable[[], Book], hand: Any
):
    book = ground()
    eve = PartyId("eve")
    book.do(hand, by=_as(hand, eve), on=ON)
    book.do(
        MakeRepresentation(
            account=ACCOUNT,
            representation="r1",
            about="withholding",
            subject="w1",
            grounds=REASON,
        ),
        on=ON,
    )
    told = Given(book=book)
    told.when(ANSWER, _as(ANSWER, eve), ON)
    assert isinstance(told.decision, SamePerson)
    told.when(ANSWER, _as(ANSWER, PartyId("zoe")), ON).then_recorded()


def _as(command: Any, party: PartyId) -> By:
    """A person in the role, and for the body, that the command takes."""
    usually = usual(command)
    return By(role=usually.role, party=party, on_behalf_of=usually.on_behalf_of)
