"""docker-compose.yml, read as Docker Compose reads it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

HOUSE = Path(__file__).parents[2]
TEXT = (HOUSE / "docker-compose.yml").read_text(encoding="utf-8")
AS_WRITTEN: dict[str, Any] = yaml.safe_load(TEXT)
ENV = {
    "POSTGRES_PASSWORD": "owners-secret",
    "PREMIUM_SERVICE_PASSWORD": "services-secret",
    "PREMIUM_CONSUMER_PASSWORD": "consumers-secret",
    "PREMIUM_NAME": "Simulated quality premium",
    "PREMIUM_ORIGIN": "simulated",
    "PREMIUM_BEGINS_ON": "2026-04-01",
    "PREMIUM_OPERATOR": "operator-1",
    "PREMIUM_INBOUND": "inbound-service",
}
"""Everything that `.env` must say."""

STEPS = {"migrate", "opened", "topics"}
"""Those that end; the others run."""

_PLACE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<how>[-?])(?P<rest>[^}]*))?\}")


def interpolated(env: Mapping[str, str]) -> dict[str, Any]:
    """The whole file with its variables replaced.

    Raises:
        KeyError: Where one is required and not set.
    """

    def value(place: re.Match[str]) -> str:
        name = place["name"]
        if env.get(name):
            return env[name]
        if place["how"] == "-":
            return place["rest"]
        raise KeyError(name)

    found: dict[str, Any] = yaml.safe_load(_PLACE.sub(value, TEXT))
    return found


def services() -> dict[str, Any]:
    """Service -> what is said of it."""
    found: dict[str, Any] = interpolated(ENV)["services"]
    return found


def ours() -> dict[str, Any]:
    """The services that run our image."""
    return {
        name: one
        for name, one in services().items()
        if one["image"].startswith("premium-ledger:")
    }
