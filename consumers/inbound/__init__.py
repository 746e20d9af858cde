"""Results and payment confirmations from other programs, brought to the ledger."""
