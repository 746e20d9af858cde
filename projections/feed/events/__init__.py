"""The public form of each fact: the events that leave the ledger."""
