"""Certifying a body's money in a payment year: prepared, and approved by another.

The payer certifies: it keeps the books, has the bank's figures and closes the year. The
body's own word of its money is its declaration of what is unspent, and its statement.
"""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from ledger.calendar import SchemeYear, last_day
from ledger.decisions.fields import Body
from ledger.decisions.handling import Accounts, any_account, on_stream
from ledger.decisions.preconditions import (
    AccountNotOpen,
    DateRunsBackwards,
    OtherBody,
    SamePerson,
    before,
    other_body,
    same_person,
)
from ledger.events import (
    AccountId,
    BodyCode,
    CertificateApproved,
    CertificatePrepared,
    CertifiedPremium,
)
from ledger.limits import Counted
from ledger.money import Pence, pounds
from ledger.premium.payment_years import certified, differences
from ledger.recorded import Recorded, certificate_stream
from ledger.request import Asked, Decision
from ledger.values import value


@value
class PrepareCertificate:
    """Put a body's money in a payment year forward to be certified, as it stands."""

    NAME: ClassVar[str] = "prepare-certificate"

    body: Body
    payment_year: SchemeYear
    """The year in which money moved, such as 2014-15: from 1 April to 31 March."""
    premiums: Annotated[tuple[CertifiedPremium, ...], Field(min_length=1)]
    """Every premium of the body, with its figures as they were looked at."""


@value
class ApproveCertificate:
    """Approve what another person prepared, as long as its figures stand."""

    NAME: ClassVar[str] = "approve-certificate"

    body: Body
    payment_year: SchemeYear
    """The year in which money moved, such as 2014-15: from 1 April to 31 March."""
    preparation: Counted
    """The number of what was prepared and looked at."""


@value
class FiguresChanged:
    """A figure is not the one that the ledger has now."""

    NAME: ClassVar[str] = "figures-changed"

    account: AccountId
    line: str
    stated_pence: Pence | None
    stands_pence: Pence | None

    def __str__(self) -> str:
        return (
            f"{self.account}, {self.line}: {_says(self.stated_pence)} is stated, and "
            f"the ledger has {_says(self.stands_pence)}: look again, and prepare again"
        )


@value
class NoSuchPreparation:
    """What is to be approved is not what was prepared last."""

    NAME: ClassVar[str] = "no-such-preparation"

    body: BodyCode
    payment_year: str
    preparation: int
    prepared: int  # The latest; 0: none is.

    def __str__(self) -> str:
        latest = f"preparation {self.prepared} is the latest"
        return (
            f"preparation {self.preparation} of {self.body} in {self.payment_year}: "
            f"{latest if self.prepared else 'none is prepared'}"
        )


REFUSALS = (
    DateRunsBackwards,
    OtherBody,
    AccountNotOpen,
    NoSuchPreparation,
    SamePerson,
    FiguresChanged,
)


def prepare_certificate(
    command: PrepareCertificate,
    certificate: Sequence[Recorded],
    asked: Asked,
    *,
    accounts: Accounts,
) -> Decision:
    """Decide whether figures are put forward: of a year that is over, and as they are.

    The same figures again add nothing; others take the place of those before.

    Args:
        certificate: The records of the body's payment year.
        accounts: Where the state of any account is found.

    Source: DESIGN 5 (every sum of the same legs); ADR 0027.
    """
    last = last_day(command.payment_year)
    if early := before(
        asked.effective_on, last, "a certificate", "the year's last day"
    ):
        return early
    stated = {one.account: one for one in command.premiums}
    for account_id in sorted(stated):
        if other := other_body(command.body, account_id):
            return other
        if accounts(account_id).opened is None:
            return AccountNotOpen(account=account_id)
    if changed := _changed(command.premiums, command.payment_year, accounts):
        return changed
    premiums = tuple(stated[account] for account in sorted(stated))
    _, before_it = latest(certificate)
    if before_it is not None and before_it.premiums == premiums:
        return ()
    number = 1 if before_it is None else before_it.preparation + 1
    return (
        CertificatePrepared(
            body=command.body,
            payment_year=command.payment_year,
            preparation=number,
            premiums=premiums,
        ),
    )


def approve_certificate(
    command: ApproveCertificate,
    certificate: Sequence[Recorded],
    asked: Asked,
    *,
    accounts: Accounts,
) -> Decision:
    """Decide whether what was prepared is approved: by another, as it still stands.

    Args:
        certificate: The records of the body's payment year.
        accounts: Where the state of any account is found.
    """
    recorded, prepared = latest(certificate)
    if recorded is None or prepared is None:
        return _not_prepared(command, 0)
    if prepared.preparation != command.preparation:
        return _not_prepared(command, prepared.preparation)
    what = f"prepared {command.preparation}"
    if no := same_person(asked, recorded.meta.actor, what, "approve"):
        return no
    approved = CertificateApproved(
        body=command.body,
        payment_year=command.payment_year,
        preparation=command.preparation,
    )
    if any(one.fact == approved for one in certificate):
        return ()
    follows = recorded.meta.effective_on
    if early := before(asked.effective_on, follows, "an approval", "its preparation"):
        return early
    return _changed(prepared.premiums, command.payment_year, accounts) or (approved,)


def latest(
    certificate: Sequence[Recorded],
) -> tuple[Recorded | None, CertificatePrepared | None]:
    """What was prepared last, and its record; None where nothing was."""
    for one in reversed(certificate):
        if isinstance(one.fact, CertificatePrepared):
            return one, one.fact
    return None, None


def _changed(
    premiums: Sequence[CertifiedPremium], payment_year: str, accounts: Accounts
) -> FiguresChanged | None:
    """The first figure that is not the ledger's."""
    for one in premiums:
        stands = certified(accounts(one.account), payment_year)
        for found in differences(one, stands):
            return FiguresChanged(
                account=found.account,
                line=found.line,
                stated_pence=found.certified_pence,
                stands_pence=found.stands_pence,
            )
    return None


def _not_prepared(command: ApproveCertificate, prepared: int) -> NoSuchPreparation:
    return NoSuchPreparation(
        body=command.body,
        payment_year=command.payment_year,
        preparation=command.preparation,
        prepared=prepared,
    )


def _says(pence: int | None) -> str:
    return "nothing" if pence is None else pounds(pence)


def _stream(command: PrepareCertificate | ApproveCertificate) -> str:
    return certificate_stream(command.body, command.payment_year)


HANDLES = (
    on_stream(
        PrepareCertificate,
        prepare_certificate,
        _stream,
        by="analyst",
        records=CertificatePrepared,
        accounts=any_account,
    ),
    on_stream(
        ApproveCertificate,
        approve_certificate,
        _stream,
        by="approver",
        records=CertificateApproved,
        accounts=any_account,
        not_who=("prepared it",),
    ),
)
