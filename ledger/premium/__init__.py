"""One body's premium for one scheme year: its state, how facts change it, draws."""
