"""Rules as data: rulebooks, and the pure engine that applies them."""
