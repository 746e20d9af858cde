"""Publishing rules, and which version a day's decision uses."""

from datetime import date

from ledger.decisions.rulebooks import (
    PublishRulebook,
    VersionNotNext,
    VersionTaken,
    in_force,
)
from ledger.rules.rulebook import canonical, content_hash
from tests.decisions.given import OPENED, RULEBOOK, RULES, Book, given

CHANGED = RULEBOOK.model_copy(update={"title": "Changed"})
SECOND = RULEBOOK.model_copy(update={"version": 2, "applies_from": date(2013, 9, 1)})


def test_a_rulebook_is_published_whole():
    given(OPENED).when(PublishRulebook(rulebook=RULEBOOK)).then(RULES)


def test_publishing_the_same_rules_again_adds_nothing():
    given(OPENED, RULES).when(PublishRulebook(rulebook=RULEBOOK)).then_nothing()


def test_a_published_version_never_changes_its_content():
    (
        given(OPENED, RULES)
        .when(PublishRulebook(rulebook=CHANGED))
        .then_refused(
            VersionTaken(
                version=1,
                recorded_hash=RULES.content_hash,
                given_hash=content_hash(canonical(CHANGED)),
            )
        )
    )


def test_the_next_version_follows_and_no_other():
    third = RULEBOOK.model_copy(update={"version": 3})
    given(OPENED, RULES).when(PublishRulebook(rulebook=SECOND)).then_recorded()
    given(OPENED, RULES).when(PublishRulebook(rulebook=third)).then_refused(
        VersionNotNext(version=3, next=2)
    )


def test_a_decision_uses_the_version_that_applies_on_its_day():
    book = Book()
    for fact in (OPENED, RULES):
        book.tell(fact)
    book.do(PublishRulebook(rulebook=SECOND))
    stream = book.records("rulebook/quality-premium/2013-14")

    def version_on(day: date) -> int | None:
        rules = in_force(stream, day)
        return None if rules is None else rules.rulebook.version

    assert version_on(date(2013, 3, 31)) is None
    assert version_on(date(2013, 4, 1)) == 1
    assert version_on(date(2013, 8, 31)) == 1
    assert version_on(date(2013, 9, 1)) == 2
