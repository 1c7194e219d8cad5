"""/soan/quy-tac: a trainer reads what a rule wants, without an account and without a script."""

from __future__ import annotations

import pytest

from lms.content.rule_guide import rule_texts
from lms.content.rule_guide.examples import example_problem
from tests.web.checking_client import CheckingClient
from tests.web.page_texts import text_of

INDEX = "/soan/quy-tac"


def test_the_index_links_every_rule_by_its_group(lan: CheckingClient):
    page = lan.page(INDEX)
    links = {link.get("href").removeprefix(f"{INDEX}/") for link in page.xpath("//main//details//a")}
    assert links == set(rule_texts())
    assert [text_of(summary).rpartition(" (")[0] for summary in page.xpath("//summary")] == list(
        dict.fromkeys(text.group for text in rule_texts().values())
    )


@pytest.mark.parametrize("rule", ["near-arrow", "stale", "missing-file", "unused-ignore", "path-fails"])
def test_a_rule_page_has_the_text_the_examples_and_the_checkers_sentence(lan: CheckingClient, rule):
    text, found = rule_texts()[rule], example_problem(rule)
    page = lan.page(f"{INDEX}/{rule}")
    said = text_of(page.xpath("//main")[0])
    assert text_of(page.xpath("//h1")[0]) == text.title
    assert text.explanation in said and found.sentence in said
    examples = [example.text_content() for example in page.xpath("//pre")]
    assert examples == ([text.bad, text.good] if text.bad else [])


def test_the_line_that_the_checker_means_is_marked(lan: CheckingClient):
    [marked] = lan.page(f"{INDEX}/near-arrow").xpath("//mark")
    assert marked.text_content() == "- [nút] Gọi cho con → Xong"


def test_no_page_exists_for_another_rule_and_the_nearest_is_proposed(lan: CheckingClient):
    answer = lan.get(f"{INDEX}/near-arow")
    assert answer.status_code == 404
    assert f'href="{INDEX}/near-arrow"' in answer.text
    assert lan.get(f"{INDEX}/{'x' * 300}").status_code == 404


@pytest.mark.parametrize("typed", ["near-arrow", " near-arrow "])
def test_the_name_of_a_rule_leads_straight_to_its_page(lan: CheckingClient, typed):
    answer = lan.get(INDEX, query_string={"tim": typed})
    assert (answer.status_code, answer.location) == (303, f"{INDEX}/near-arrow")


def test_a_word_finds_rules_without_tone_marks_and_nothing_found_proposes_one(lan: CheckingClient):
    found = lan.page(f"{INDEX}?tim=mui+ten")
    links = {link.get("href") for link in found.xpath("//main//details//a")}
    assert f"{INDEX}/near-arrow" in links and len(links) < 40
    assert not found.xpath("//details[not(@open)]")
    assert lan.page(f"{INDEX}?tim=zzzzqq").xpath("//p[@role='status']/a")
