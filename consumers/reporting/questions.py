"""What analysts ask, as views."""

STANDING = """
CREATE VIEW standing AS
SELECT premiums.scheme, premiums.scheme_year, premiums.payment_year, premiums.body,
    bodies.name, balances.premium, balances.account,
    CAST(SUM(balances.pence) AS BIGINT) AS pence,
    MAX(balances.position) AS position
FROM balances JOIN premiums USING (premium)
LEFT JOIN bodies ON bodies.body = premiums.body
GROUP BY premiums.scheme, premiums.scheme_year, premiums.payment_year, premiums.body,
    bodies.name, balances.premium, balances.account
"""
WATERFALL = """
CREATE VIEW waterfall AS
SELECT scheme, scheme_year, payment_year, maximum_pence, potential_pence,
    not_earned_pence, reduced_pence, withheld_pence, payable_pence, committed_pence,
    paid_out_pence, -returned_pence AS came_back_returned_pence,
    -recovered_pence AS came_back_recovered_pence, set_off_pence,
    overpaid_pence AS debt_outstanding_pence,
    returned_pence + recovered_pence + settled_pence AS handed_back_not_used_pence,
    maximum_pence - potential_pence - not_earned_pence - reduced_pence
        - withheld_pence - payable_pence - committed_pence - paid_out_pence
        - set_off_pence - overpaid_pence - settled_pence AS difference_pence
FROM (
    SELECT scheme, scheme_year, payment_year,
        CAST(-SUM(CASE WHEN account = 'board:funding' THEN pence ELSE 0 END)
            AS BIGINT) AS maximum_pence,
        CAST(SUM(CASE WHEN account = 'premium:potential' THEN pence ELSE 0 END)
            AS BIGINT) AS potential_pence,
        CAST(SUM(CASE WHEN account = 'premium:not-earned' THEN pence ELSE 0 END)
            AS BIGINT) AS not_earned_pence,
        CAST(SUM(CASE WHEN account LIKE 'premium:reduced:%' THEN pence ELSE 0 END)
            AS BIGINT) AS reduced_pence,
        CAST(SUM(CASE WHEN account LIKE 'premium:withheld:%' THEN pence ELSE 0 END)
            AS BIGINT) AS withheld_pence,
        CAST(SUM(CASE WHEN account = 'premium:payable' THEN pence ELSE 0 END)
            AS BIGINT) AS payable_pence,
        CAST(SUM(CASE WHEN account = 'premium:committed' THEN pence ELSE 0 END)
            AS BIGINT) AS committed_pence,
        CAST(SUM(CASE WHEN account LIKE 'group:%' OR account IN
            ('board:in-transit', 'board:returned', 'board:recovered')
            THEN pence ELSE 0 END) AS BIGINT) AS paid_out_pence,
        CAST(SUM(CASE WHEN account = 'board:returned' THEN pence ELSE 0 END)
            AS BIGINT) AS returned_pence,
        CAST(SUM(CASE WHEN account = 'board:recovered' THEN pence ELSE 0 END)
            AS BIGINT) AS recovered_pence,
        CAST(SUM(CASE WHEN account = 'board:set-off' THEN pence ELSE 0 END)
            AS BIGINT) AS set_off_pence,
        CAST(SUM(CASE WHEN account = 'premium:overpaid' THEN pence ELSE 0 END)
            AS BIGINT) AS overpaid_pence,
        CAST(SUM(CASE WHEN account = 'premium:settled' THEN pence ELSE 0 END)
            AS BIGINT) AS settled_pence
    FROM standing GROUP BY scheme, scheme_year, payment_year
) AS sums
"""
UNSPENT = """
CREATE VIEW unspent AS
SELECT scheme, scheme_year, payment_year, body, name, pence AS held_pence
FROM standing WHERE account = 'group:held' AND pence <> 0
"""
REGISTER = """
CREATE VIEW payment_register AS
SELECT premiums.scheme, premiums.scheme_year, premiums.payment_year, premiums.body,
    bodies.name, payments.disbursement, payments.state, payments.amount_pence,
    payments.paid_on, payments.reference, payments.kind, payments.run,
    payments.receipt_state
FROM payments JOIN premiums USING (premium)
LEFT JOIN bodies ON bodies.body = premiums.body
"""
USES = """
CREATE VIEW uses AS
SELECT premiums.scheme, premiums.scheme_year, premiums.payment_year, premiums.body,
    bodies.name, spending.spending, spending.kind, spending.purpose, spending.payee,
    payees.name AS payee_name, spending.amount_pence,
    spending.credited_pence, spending.spent_on, spending.reference,
    spending.corrections
FROM spending JOIN premiums USING (premium)
LEFT JOIN bodies ON bodies.body = premiums.body
LEFT JOIN bodies AS payees ON payees.body = spending.payee
"""

PRIOR_PERIOD = """
CREATE VIEW prior_period AS
SELECT postings.premium, postings.account, postings.measure, postings.pence,
    postings.effective_on, postings.recorded_at, postings.event,
    MIN(closes.through) AS closed_through, postings.position
FROM postings JOIN closes ON closes.position < postings.position
    AND closes.through >= postings.effective_on
GROUP BY postings.position, postings.leg, postings.premium, postings.account,
    postings.measure, postings.pence, postings.effective_on, postings.recorded_at,
    postings.event
"""
"""As `ledger/periods.py` says it: closes run on, so the first is the earliest."""

VIEWS = (STANDING, WATERFALL, UNSPENT, REGISTER, USES, PRIOR_PERIOD)
"""In the order in which they are made."""
