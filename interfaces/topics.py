"""Where the topics are, and how one logs in there."""

from collections.abc import Mapping

from interfaces.environment import BROKER, TOPICS, Unset
from projections.feed.topics import Broker

_SECURITY = (
    *("security_protocol", "sasl_mechanism", "sasl_plain_username"),
    *("sasl_plain_password", "ssl_cafile", "ssl_certfile", "ssl_keyfile"),
)


def broker(
    environment: Mapping[str, str], given: str | None = None, prefix: str | None = None
) -> Broker:
    """The Kafka brokers, and what the topics are called there.

    How to log in is read from the environment alone: KAFKA_SECURITY_PROTOCOL,
    KAFKA_SASL_MECHANISM and so on; no password stands in a command line.

    Raises:
        Unset: If no broker is named.
    """
    bootstrap = given if given is not None else environment.get(BROKER)
    if not bootstrap:
        raise Unset(f"no broker is named: give --broker HOST:PORT, or set {BROKER}")
    security = {
        name: environment[f"KAFKA_{name.upper()}"]
        for name in _SECURITY
        if f"KAFKA_{name.upper()}" in environment
    }
    named = prefix if prefix is not None else environment.get(TOPICS, "premium")
    return Broker(bootstrap, named, security)
