"""What a sentence says of money is what the legs of its fact did."""

from collections.abc import Iterator

import pytest

from ledger import events
from ledger.money import pounds
from ledger.postings import OVERPAID, PAYABLE, POTENTIAL, legs
from ledger.recorded import Recorded
from ledger.service import Ledger
from projections.story.sentences.every import sentence
from tests.projections.said import AMOUNT, LOOKUP, assert_said, net
from tests.worlds.simulated import worked


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Recorded]]:
    path = worked(tmp_path_factory.mktemp("years"), groups=14, years=3)
    with Ledger.open(path) as ledger:
        yield list(ledger.read(0, ledger.head()))


def test_each_amount_of_a_confirmation_is_its_total_or_a_sum_of_its_legs(
    years: list[Recorded],
):
    confirmed = [one for one in years if isinstance(one.fact, events.AwardConfirmed)]
    debts = 0
    for one in confirmed:
        assert isinstance(one.fact, events.AwardConfirmed)
        total, *said = AMOUNT.findall(sentence(one.fact, LOOKUP))
        sums = net(one)
        assert total == pounds(one.fact.total_pence)
        assert sorted(said) == sorted(pounds(abs(pence)) for pence in sums.values())
        debts += sums.get(OVERPAID, 0) < 0
    assert len(confirmed) > 14
    assert debts


def test_each_amount_that_is_said_is_moved_and_each_that_is_moved_is_said(
    years: list[Recorded],
):
    moved = [one for one in years if legs(one.fact, one.meta.effective_on)]
    for one in moved:
        assert_said(one)
    kinds = {type(one.fact) for one in moved}
    assert len(kinds) > 17


def test_a_lower_award_after_payment_says_the_debt_and_not_that_it_became_payable():
    slices = (events.Slice(measure="m", pence=236_293_12),)
    fact = events.AwardConfirmed(
        account=events.AccountId("quality-premium/2013-14/X01"),
        determination=2,
        proposal=events.RecordId("account/quality-premium/2013-14/X01@9"),
        total_pence=707_679_38,
        moves=(
            events.Move(source=OVERPAID, target="premium:not-earned", slices=slices),
        ),
    )
    assert sentence(fact, LOOKUP) == (
        "Determination 2 was confirmed at £707,679.38: £236,293.12 had been paid "
        "beyond it as a debt and £236,293.12 was not earned."
    )


def test_what_a_first_confirmation_makes_payable_is_said_of_payable_alone():
    slices = (events.Slice(measure="m", pence=1),)
    fact = events.AwardConfirmed(
        account=events.AccountId("quality-premium/2013-14/X01"),
        determination=1,
        proposal=events.RecordId("account/quality-premium/2013-14/X01@9"),
        total_pence=1,
        moves=(events.Move(source=POTENTIAL, target=PAYABLE, slices=slices),),
    )
    assert sentence(fact, LOOKUP) == (
        "Determination 1 was confirmed at £0.01: £0.01 was decided on and £0.01 "
        "became payable."
    )
