"""Handlings of an account's commands, from its opening to what is left of it."""

from collections.abc import Callable
from typing import Any

from ledger.account import PremiumAccount
from ledger.decisions import (
    accounts,
    assessments,
    awards,
    confirmations,
    corrections,
    disbursements,
    ends,
    letting_go,
    payment_runs,
    recoveries,
    representations,
    spending,
    terms,
    unspent,
    withholdings,
)
from ledger.handling import (
    Handling,
    body_of,
    of_account,
    results_of,
    rules_of,
)
from ledger.recorded import (
    account_parts,
    payment_reference_stream,
    payment_run_stream,
    result_stream,
)
from ledger.request import Asked, Decision, States

Run = (
    payment_runs.ProposePaymentRun
    | payment_runs.ApprovePaymentRun
    | payment_runs.ClosePaymentRun
)


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


def _assess_indicator(c: assessments.AssessIndicator, a: Asked, s: States) -> Decision:
    rules, results = rules_of(s, c.account, a), results_of(s, c.account)
    return assessments.assess_indicator(c, s.account(c.account), rules, results, a)


def _assess_gate(c: assessments.AssessGate, a: Asked, s: States) -> Decision:
    rules, results = rules_of(s, c.account, a), results_of(s, c.account)
    return assessments.assess_gate(c, s.account(c.account), rules, results, a)


def _propose_award(c: awards.ProposeAward, a: Asked, s: States) -> Decision:
    return awards.propose_award(c, s.account(c.account), rules_of(s, c.account, a), a)


def _pay(c: disbursements.PayDisbursement, a: Asked, s: States) -> Decision:
    normal = disbursements.normal_reference(c.reference)
    taken = s.records(payment_reference_stream(normal))
    return disbursements.pay_disbursement(c, s.account(c.account), taken, a)


def _record_spending(c: spending.RecordSpending, a: Asked, s: States) -> Decision:
    return spending.record_spending(
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


def _pass_on(c: spending.PassOn, a: Asked, s: States) -> Decision:
    return spending.pass_on(c, s.account(c.account), rules_of(s, c.account, a), a)


def _correct_spending(c: unspent.CorrectSpending, a: Asked, s: States) -> Decision:
    rules = rules_of(s, c.account, a)
    return unspent.correct_spending(c, s.account(c.account), rules, a)


def _of_run(c: Run) -> str:
    return payment_run_stream(c.scheme, c.scheme_year, c.run)


def _propose_run(c: payment_runs.ProposePaymentRun, a: Asked, s: States) -> Decision:
    return payment_runs.propose_payment_run(c, s.records(_of_run(c)), s.account, a)


def _approve_run(c: payment_runs.ApprovePaymentRun, a: Asked, s: States) -> Decision:
    return payment_runs.approve_payment_run(c, s.records(_of_run(c)), s.account, a)


def _close_run(c: payment_runs.ClosePaymentRun, a: Asked, s: States) -> Decision:
    return payment_runs.close_payment_run(c, s.records(_of_run(c)), s.account)


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
    Handling(assessments.AssessIndicator, of_account, _assess_indicator),
    Handling(assessments.AssessGate, of_account, _assess_gate),
    Handling(awards.ProposeAward, of_account, _propose_award),
    _alone(awards.ConfirmAward, confirmations.confirm_award),
    _alone(awards.RefuseAward, confirmations.refuse_award),
    _alone(representations.MakeRepresentation, representations.make_representation),
    _alone(representations.DecideRepresentation, representations.decide_representation),
    _alone(withholdings.ProposeWithholding, withholdings.propose_withholding),
    _alone(withholdings.DecideWithholding, withholdings.decide_withholding),
    _alone(withholdings.RefuseWithholding, withholdings.refuse_withholding),
    _alone(letting_go.VaryWithholding, letting_go.vary_withholding),
    _alone(letting_go.ReleaseWithholding, letting_go.release_withholding),
    _alone(recoveries.OrderRecovery, recoveries.order_recovery),
    _alone(recoveries.ReceiveRecovery, recoveries.receive_recovery),
    Handling(recoveries.SetOffDebt, of_account, _set_off),
    _alone(disbursements.RequestDisbursement, disbursements.request_disbursement),
    _alone(disbursements.ApproveDisbursement, disbursements.approve_disbursement),
    _alone(disbursements.RefuseDisbursement, disbursements.refuse_disbursement),
    Handling(disbursements.PayDisbursement, of_account, _pay),
    _alone(ends.WithdrawDisbursement, ends.withdraw_disbursement),
    _alone(ends.ExpireDisbursement, ends.expire_disbursement),
    _alone(ends.ReturnDisbursement, ends.return_disbursement),
    _alone(ends.ConfirmReceipt, ends.confirm_receipt),
    _alone(ends.DisputeReceipt, ends.dispute_receipt),
    Handling(payment_runs.ProposePaymentRun, _of_run, _propose_run),
    Handling(payment_runs.ApprovePaymentRun, _of_run, _approve_run),
    Handling(payment_runs.ClosePaymentRun, _of_run, _close_run),
    Handling(spending.RecordSpending, of_account, _record_spending),
    Handling(spending.PassOn, of_account, _pass_on),
    Handling(unspent.CorrectSpending, of_account, _correct_spending),
    _alone(unspent.DeclareUnspent, unspent.declare_unspent),
    _alone(unspent.Lapse, unspent.lapse),
    _alone(unspent.AssertBalance, unspent.assert_balance),
)
"""Commands on accounts, in the order of an account's life."""
