"""Which facts each view applies: the same ones in memory and in tables, on one page."""

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.events import EVENTS, AccountOpened, BodyCode, BodyRegistered, Fact
from ledger.recorded import Recorded, stream_of
from projections.story.sentences.every import SENTENCES, sentence
from projections.story.words import Lookup
from projections.views.every import VIEWS
from projections.views.view import View, account_of
from tests.projections.test_trail import Beside
from tests.test_golden_facts import EXAMPLES, META

GOLDEN = Path(__file__).parents[1] / "golden" / "views.txt"

GROUP = BodyRegistered(body=BodyCode("X01"), kind="group", name="Group")
BY_FACT: dict[type, Any] = {type(fact): fact for fact in (*EXAMPLES, GROUP)}


def told(fact: Fact) -> tuple[Recorded, ...]:
    """A fact as recorded, behind the opening of its account."""
    opened = BY_FACT[AccountOpened]
    if (account := account_of(fact)) is not None:
        opened = replace(opened, account=account)
    facts = (fact,) if isinstance(fact, AccountOpened) else (opened, fact)
    return tuple(
        Recorded(position=at, stream=stream_of(one), version=at, meta=META, fact=one)
        for at, one in enumerate(facts, start=1)
    )


def rows_of_plain(view: View, records: tuple[Recorded, ...]) -> Any:
    plain = view.plain()
    for recorded in records:
        plain.apply(recorded)
    return {name: sorted(rows) for name, rows in plain.rows().items()}


def rows_of_tables(view: View, records: tuple[Recorded, ...]) -> Any:
    db = sqlite3.connect(":memory:")
    for table in view.tables:
        db.execute(table.definition())
    for recorded in records:
        view.apply_batch(db, (recorded,))
    rows = {
        table.name: sorted(db.execute(f"SELECT * FROM {table.name}").fetchall())
        for table in view.tables
    }
    db.close()
    return rows


def applied(form: Any, view: View) -> frozenset[type]:
    """The facts that change what one form of a view holds."""
    return frozenset(
        kind
        for kind, fact in BY_FACT.items()
        if form(view, told(fact)) != form(view, told(fact)[:-1])
    )


def page(views: Mapping[str, frozenset[type]]) -> str:
    lines = []
    for kind in EVENTS:
        names = [name for name, facts in views.items() if kind in facts]
        lines.append(f"{kind.TOPIC}: {' '.join(names) or '-'}\n")
    return "".join(lines)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_both_forms_of_a_view_apply_the_same_facts(view: View):
    assert applied(rows_of_plain, view) == applied(rows_of_tables, view)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_both_forms_of_a_view_hold_the_same_of_each_fact(view: View):
    for fact in BY_FACT.values():
        records = told(fact)
        assert rows_of_plain(view, records) == rows_of_tables(view, records)


def test_the_facts_that_each_view_applies_are_those_of_the_page():
    """A new fact changes one line of the page, which people review."""
    views = {view.name: applied(rows_of_plain, view) for view in VIEWS}
    views["sentence"] = frozenset(SENTENCES)
    assert page(views) == GOLDEN.read_text(encoding="utf-8")


def test_every_fact_there_is_has_a_sentence():
    assert set(SENTENCES) == set(EVENTS) == set(BY_FACT)
    lookup = Lookup(Beside(()))
    for fact in BY_FACT.values():
        assert sentence(fact, lookup).endswith(".")


def test_a_fact_without_a_sentence_is_our_bug_and_not_the_ledgers(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.delitem(SENTENCES, BodyRegistered)
    with pytest.raises(RuntimeError, match="a bug of ours"):
        sentence(GROUP, Lookup(Beside(())))


def test_a_fact_that_one_form_alone_applies_is_found():
    [trail] = [view for view in VIEWS if view.name == "trail"]
    [journal] = [view for view in VIEWS if view.name == "journal"]
    mixed = View("mixed", trail.tables, journal.plain, trail.apply_batch)
    assert applied(rows_of_plain, mixed) != applied(rows_of_tables, mixed)
