"""The write side: what may be decided, what was decided, and where it is kept."""
