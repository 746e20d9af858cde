"""What a sentence says of money is what the legs of its fact did."""

import re
from pathlib import Path

from ledger import events
from ledger.money import pounds
from ledger.postings import OVERPAID, PAYABLE, POTENTIAL, legs
from ledger.recorded import Recorded
from ledger.service import Ledger
from projections.story.sentences.every import sentence
from projections.story.words import Lookup
from tests.projections.test_trail import Beside
from tests.worlds.simulated import worked

AMOUNT = re.compile(r"£[\d,]+\.\d\d")
LOOKUP = Lookup(Beside(()))


def _sums(recorded: Recorded) -> dict[str, int]:
    sums: dict[str, int] = {}
    for leg in legs(recorded.fact, recorded.meta.effective_on):
        sums[leg.account] = sums.get(leg.account, 0) + leg.pence
    return {account: pence for account, pence in sums.items() if pence}


def test_each_amount_of_a_confirmation_is_its_total_or_a_sum_of_its_legs(
    tmp_path: Path,
):
    with Ledger.open(worked(tmp_path, groups=14, years=3)) as ledger:
        records = list(ledger.read(0, ledger.head()))
    confirmed = [one for one in records if isinstance(one.fact, events.AwardConfirmed)]
    debts = 0
    for one in confirmed:
        assert isinstance(one.fact, events.AwardConfirmed)
        total, *said = AMOUNT.findall(sentence(one.fact, LOOKUP))
        sums = _sums(one)
        assert total == pounds(one.fact.total_pence)
        assert sorted(said) == sorted(pounds(abs(pence)) for pence in sums.values())
        debts += sums.get(OVERPAID, 0) < 0
    assert len(confirmed) > 14
    assert debts


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
