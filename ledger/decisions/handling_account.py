"""Handlings of an account's commands, from its opening to what is left of it."""

from collections.abc import Callable
from typing import Any

from ledger.decisions import accounts, corrections, recoveries, representations, terms
from ledger.decisions.assessments import judging
from ledger.decisions.awards import confirming, proposing
from ledger.decisions.disbursements import endings, requests, runs
from ledger.decisions.handling import (
    Handling,
    body_of,
    of_account,
    results_of,
    rules_of,
)
from ledger.decisions.spending import leftover, recording
from ledger.decisions.withholdings import keeping, letting_go
from ledger.premium.account import PremiumAccount
from ledger.recorded import (
    account_parts,
    payment_reference_stream,
    payment_run_stream,
    result_stream,
)
from ledger.request import Asked, Decision, States

Run = runs.ProposePaymentRun | runs.ApprovePaymentRun | runs.ClosePaymentRun


def _open_account(c: accounts.OpenAccount, a: Asked, s: States) -> Decision:
    body = account_parts(c.account)[2]
    population = s.records(result_stream(c.population, body, c.as_at.isoformat()))
    rules = rules_of(s, c.account, a)
    return accounts.open_account(
        c,
        s.account(c.account),
        a,
        body=body_of(s, c.account),
        rules=rules,
        population=population,
    )


def _agree_terms(c: terms.AgreeTerms, a: Asked, s: States) -> Decision:
    rules = rules_of(s, c.account, a)
    return terms.agree_terms(
        c, s.account(c.account), a, body=body_of(s, c.account), rules=rules
    )


def _assess_indicator(c: judging.AssessIndicator, a: Asked, s: States) -> Decision:
    rules, results = rules_of(s, c.account, a), results_of(s, c.account)
    return judging.assess_indicator(c, s.account(c.account), rules, results, a)


def _assess_gate(c: judging.AssessGate, a: Asked, s: States) -> Decision:
    rules, results = rules_of(s, c.account, a), results_of(s, c.account)
    return judging.assess_gate(c, s.account(c.account), rules, results, a)


def _propose_award(c: proposing.ProposeAward, a: Asked, s: States) -> Decision:
    return proposing.propose_award(
        c, s.account(c.account), rules_of(s, c.account, a), a
    )


def _pay(c: requests.PayDisbursement, a: Asked, s: States) -> Decision:
    normal = requests.normal_reference(c.reference)
    taken = s.records(payment_reference_stream(normal))
    return requests.pay_disbursement(c, s.account(c.account), taken, a)


def _record_spending(c: recording.RecordSpending, a: Asked, s: States) -> Decision:
    return recording.record_spending(
        c, s.account(c.account), rules_of(s, c.account, a), a
    )


def _correct_population(
    c: corrections.CorrectPopulation, a: Asked, s: States
) -> Decision:
    body = account_parts(c.account)[2]
    population = s.records(result_stream(c.population, body, c.as_at.isoformat()))
    return corrections.correct_population(
        c,
        s.account(c.account),
        a,
        rules=rules_of(s, c.account, a),
        population=population,
    )


def _set_off(c: recoveries.SetOffDebt, a: Asked, s: States) -> Decision:
    return recoveries.set_off_debt(c, s.account(c.account), s.account(c.against), a)


def _pass_on(c: recording.PassOn, a: Asked, s: States) -> Decision:
    return recording.pass_on(c, s.account(c.account), rules_of(s, c.account, a), a)


def _correct_spending(c: leftover.CorrectSpending, a: Asked, s: States) -> Decision:
    rules = rules_of(s, c.account, a)
    return leftover.correct_spending(c, s.account(c.account), rules, a)


def _of_run(c: Run) -> str:
    return payment_run_stream(c.scheme, c.scheme_year, c.run)


def _propose_run(c: runs.ProposePaymentRun, a: Asked, s: States) -> Decision:
    return runs.propose_payment_run(c, s.records(_of_run(c)), s.account, a)


def _approve_run(c: runs.ApprovePaymentRun, a: Asked, s: States) -> Decision:
    return runs.approve_payment_run(c, s.records(_of_run(c)), s.account, a)


def _close_run(c: runs.ClosePaymentRun, a: Asked, s: States) -> Decision:
    return runs.close_payment_run(c, s.records(_of_run(c)), s.account)


Decider = Callable[[Any, PremiumAccount, Asked], Decision]


def _alone(command: type, decider: Decider) -> Handling:
    """The handling of a command that is decided on its account alone."""

    def decide(c: Any, a: Asked, s: States) -> Decision:
        return decider(c, s.account(c.account), a)

    return Handling(command, of_account, decide)


HANDLINGS: tuple[Handling, ...] = (
    Handling(accounts.OpenAccount, of_account, _open_account),
    Handling(corrections.CorrectPopulation, of_account, _correct_population),
    Handling(terms.AgreeTerms, of_account, _agree_terms),
    _alone(corrections.RebaseTarget, corrections.rebase_target),
    Handling(judging.AssessIndicator, of_account, _assess_indicator),
    Handling(judging.AssessGate, of_account, _assess_gate),
    Handling(proposing.ProposeAward, of_account, _propose_award),
    _alone(proposing.ConfirmAward, confirming.confirm_award),
    _alone(proposing.RefuseAward, confirming.refuse_award),
    _alone(representations.MakeRepresentation, representations.make_representation),
    _alone(representations.DecideRepresentation, representations.decide_representation),
    _alone(keeping.ProposeWithholding, keeping.propose_withholding),
    _alone(keeping.DecideWithholding, keeping.decide_withholding),
    _alone(keeping.RefuseWithholding, keeping.refuse_withholding),
    _alone(letting_go.VaryWithholding, letting_go.vary_withholding),
    _alone(letting_go.ReleaseWithholding, letting_go.release_withholding),
    _alone(recoveries.OrderRecovery, recoveries.order_recovery),
    _alone(recoveries.ReceiveRecovery, recoveries.receive_recovery),
    Handling(recoveries.SetOffDebt, of_account, _set_off),
    _alone(requests.RequestDisbursement, requests.request_disbursement),
    _alone(requests.ApproveDisbursement, requests.approve_disbursement),
    _alone(requests.RefuseDisbursement, requests.refuse_disbursement),
    Handling(requests.PayDisbursement, of_account, _pay),
    _alone(endings.WithdrawDisbursement, endings.withdraw_disbursement),
    _alone(endings.ExpireDisbursement, endings.expire_disbursement),
    _alone(endings.ReturnDisbursement, endings.return_disbursement),
    _alone(endings.ConfirmReceipt, endings.confirm_receipt),
    _alone(endings.DisputeReceipt, endings.dispute_receipt),
    Handling(runs.ProposePaymentRun, _of_run, _propose_run),
    Handling(runs.ApprovePaymentRun, _of_run, _approve_run),
    Handling(runs.ClosePaymentRun, _of_run, _close_run),
    Handling(recording.RecordSpending, of_account, _record_spending),
    Handling(recording.PassOn, of_account, _pass_on),
    Handling(leftover.CorrectSpending, of_account, _correct_spending),
    _alone(leftover.DeclareUnspent, leftover.declare_unspent),
    _alone(leftover.Lapse, leftover.lapse),
    _alone(leftover.AssertBalance, leftover.assert_balance),
)
"""Commands on accounts, in the order of an account's life."""
