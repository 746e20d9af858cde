"""The catalogue of indicators: what is about money is decided there."""

import pytest

from ledger.rules.catalogue import indicators, named, of_finance
from ledger.rules.rulebook import packaged, packaged_names


@pytest.mark.parametrize("name", packaged_names())
def test_every_indicator_of_a_packaged_rulebook_is_defined(name: str):
    content = packaged(name).model_dump()
    assert {*named([content["measures"], content["gates"]])} <= indicators().keys()


def test_what_is_about_money_is_told_by_its_definition_or_its_name():
    assert of_finance("finance.within-resource-limit")
    assert of_finance("finance.not-catalogued")
    assert not of_finance("pyll-amenable")
    assert not of_finance("financial-advice-given")


def test_a_definition_says_what_is_counted():
    assert all(len(one.definition.split()) > 3 for one in indicators().values())
