"""What leaves the ledger for other people's programs, and the relay that sends it."""
