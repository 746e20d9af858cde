"""Opening a ledger, and who may give which command."""

from datetime import date
from pathlib import Path

import pytest

from ledger.decisions.bodies import RegisterBody
from ledger.decisions.every import HANDLES, VersionChanged
from ledger.decisions.opening import (
    LedgerNotOpen,
    LedgerOpenedOtherwise,
    MadeForOtherLedger,
    OpenLedger,
)
from ledger.decisions.roles import ROLES, NotYourBody, RoleMayNot, refuses
from ledger.events import BodyCode, LedgerOpened, PartyId
from ledger.request import By
from tests.decisions.given import ACCOUNT, OFFICER, OPENED, Given, given
from tests.decisions.year import OPEN, ask_for, awarded

GOLDEN = Path(__file__).parents[1] / "golden" / "roles.txt"
SPEC = OpenLedger(name="Spec", origin="simulated")


def test_a_new_ledger_opens():
    given().when(SPEC).then(LedgerOpened(name="Spec", origin="simulated"))


def test_opening_it_again_the_same_way_adds_nothing():
    given(OPENED).when(SPEC).then_nothing()


def test_a_simulated_ledger_never_becomes_real():
    (
        given(OPENED)
        .when(OpenLedger(name="Spec", origin="real"))
        .then_refused(LedgerOpenedOtherwise(name="Spec", origin="simulated"))
    )


REGISTER = RegisterBody(body=BodyCode("X09"), kind="group", name="Invented")


def test_what_was_made_for_simulated_ledgers_is_refused_by_a_real_one():
    real = LedgerOpened(name="England", origin="real")
    (
        given(real)
        .when(REGISTER, origin="simulated")
        .then_refused(MadeForOtherLedger(made_for="simulated", origin="real"))
    )
    given(OPENED).when(REGISTER, origin="simulated").then_recorded()


def test_what_was_made_for_real_ledgers_is_refused_by_a_simulated_one():
    (
        given(OPENED)
        .when(REGISTER, origin="real")
        .then_refused(MadeForOtherLedger(made_for="real", origin="simulated"))
    )


def test_what_says_nothing_of_its_ledger_is_for_either():
    real = LedgerOpened(name="England", origin="real")
    for opened in (real, OPENED):
        given(opened).when(REGISTER).then_recorded()


def test_nothing_is_recorded_before_the_ledger_is_open():
    given().when(OPEN).then_refused(LedgerNotOpen())


def test_the_page_of_roles_says_who_may_give_each_command():
    width = max(map(len, HANDLES))
    lines = [f"{name:<{width}}  {', '.join(one.by)}\n" for name, one in HANDLES.items()]
    assert "".join(lines) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("command", "role"),
    [(c, r) for c, one in HANDLES.items() for r in ROLES if r not in one.by],
)
def test_a_role_outside_the_table_may_not(command: str, role: str):
    by = By(role=role, party=PartyId("p"), on_behalf_of=BodyCode("X01"))
    allowed = HANDLES[command].by
    assert refuses(by, command, allowed, {BodyCode("X01"): None}) == RoleMayNot(
        role=role, command=command, allowed=allowed
    )


def test_an_auditor_changes_nothing():
    (
        given(OPENED)
        .when(OPEN, By(role="auditor", party=PartyId("ida")))
        .then_refused(
            RoleMayNot(role="auditor", command="open-account", allowed=("analyst",))
        )
    )


def test_a_finance_officer_acts_for_the_accounts_body_only():
    other = By(
        role="finance-officer", party=PartyId("cleo"), on_behalf_of=BodyCode("X02")
    )
    when = Given(book=awarded())
    when.when(ask_for(1), other).then_refused(
        NotYourBody(acts_for=BodyCode("X02"), body=BodyCode("X01"))
    )
    when.when(ask_for(1), OFFICER).then_recorded()


def test_a_finance_officer_says_for_whom():
    nobody = By(role="finance-officer", party=PartyId("cleo"))
    (
        Given(book=awarded())
        .when(ask_for(1), nobody)
        .then_refused(NotYourBody(acts_for=None, body=BodyCode("X01")))
    )


def test_only_if_unchanged_is_refused_after_a_change_and_not_before():
    book = awarded()
    version = book.account(ACCOUNT).version
    Given(book=book).when(ask_for(1), if_version=version).then_recorded()
    Given(book=book).when(ask_for(1), if_version=version - 1).then_refused(
        VersionChanged(
            stream=f"account/{ACCOUNT}", version=version, if_version=version - 1
        )
    )


def test_only_if_unchanged_speaks_of_any_commands_stream():
    given(OPENED).when(SPEC, if_version=1, on=date(2013, 4, 1)).then_nothing()
    given(OPENED).when(SPEC, if_version=0).then_refused(
        VersionChanged(stream="ledger", version=1, if_version=0)
    )
