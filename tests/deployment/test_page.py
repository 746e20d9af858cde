"""docs/deployment.md says what the files say."""

import re

from tests.deployment.composed import ENV, HOUSE, STEPS, TEXT, services

PAGE = (HOUSE / "docs" / "deployment.md").read_text(encoding="utf-8")


def test_the_environment_file_it_shows_names_every_variable():
    [shown] = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
    assert shown.split() == [f"{name}=" for name in ENV]
    assert re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE) == list(ENV)


def test_the_services_it_lists_are_those_that_run():
    listed = re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE)
    assert sorted(listed) == sorted(set(services()) - STEPS)
    assert all(f"`{step}`" in PAGE for step in STEPS)


def test_every_file_and_page_it_names_is_there():
    for link in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (HOUSE / "docs" / link).exists(), link
    for path in re.findall(r"`((?:consumers|deploy|tests)/[\w/.]+)`", PAGE):
        assert (HOUSE / path).exists(), path


def test_every_word_for_docker_names_a_service_of_the_file():
    for line in re.findall(r"^docker compose run (.+)$", PAGE, re.MULTILINE):
        words = [one for one in line.split() if not one.startswith("-")]
        service = next(one for one in words if "=" not in one)
        assert service in services(), line
    for name in re.findall(r"--scale (\w+)=", PAGE):
        assert name in services()
    assert "name: premium-ledger" in TEXT
