"""Published figures, and whether what is recorded gives them. Never evidence."""
