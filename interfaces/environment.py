"""What a call is told by its environment; light, for help imports it."""

DB = "PREMIUM_DB"
AS = "PREMIUM_AS"
BROKER = "KAFKA_BOOTSTRAP_SERVERS"
TOPICS = "PREMIUM_TOPICS"
WAIT_MS = 5_000
"""How long a read waits for the position it was asked for."""


class Unset(ValueError):
    """A setting is missing or unreadable; the message says how to give it."""
