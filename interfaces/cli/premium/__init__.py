"""Words for one body's premium: account, award, withholding, representation."""
