"""What the ledger costs, beside named peers measured in the same run."""
