"""The read side: what follows from what was recorded. One file a view."""
