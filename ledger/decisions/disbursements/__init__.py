"""Money from payer to body: asked for, approved, paid, received; alone or in runs."""
