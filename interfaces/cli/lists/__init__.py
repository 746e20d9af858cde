"""One way to ask for every list, and to write it."""
