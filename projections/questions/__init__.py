"""Questions that read views and log: where pence went, what would move, and others."""
