"""Words that ask: balances, trail, explain, trace, totals, diff and others."""
