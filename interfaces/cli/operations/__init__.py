"""Words that keep a ledger running: follow, verify, status, backup, run."""
