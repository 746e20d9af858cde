"""Words for money: payments, spending, recoveries, what is left, periods."""
