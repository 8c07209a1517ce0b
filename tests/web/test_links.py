"""An owner's links to reports of several firms, and addresses that no report has."""

import re
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from flows.editions import HENAN
from models.edition import publish_files, published
from tests.web.test_report import Owner


@pytest.fixture
def host(application: FastAPI, browser: TestClient) -> Owner:
    someone = Owner(application.state.database, browser)
    someone.says("要报告")
    return someone


def test_a_link_to_another_firms_report_is_taken_back_too(host: Owner, browser: TestClient) -> None:
    first = host.report.id
    link = host.shares(first, "yes")
    host.says("换一家企业")
    for words in ("新的企业", "郑州"):
        host.says(words)
    number = re.findall(r"/report/share/(\d+)/revoke", host.gets(f"/report?no={first}").text)[0]
    taken = host.client.post(
        f"/report/share/{number}/revoke",
        data={"form_token": host.visitor.form_token},
        headers={"Cookie": f"ladder={host.visitor.secret}"},
        follow_redirects=False,
    )
    assert taken.headers["location"] == f"/report?no={first}#share"
    assert browser.get(link).status_code == 404


@pytest.mark.parametrize("number", [str(2**63), "9" * 25, "0", "-1", "9" * 4000])
def test_a_number_that_no_row_has_is_refused(host: Owner, number: str) -> None:
    assert host.gets(f"/report?no={number[:3000]}").status_code == 422
    assert host.gets(f"/report.pdf?no={number[:3000]}").status_code == 422
    assert host.posts("/report/share", no=number, tap="t").status_code == 422
    assert host.posts(f"/report/share/{number[:3000]}/revoke").status_code == 422


def test_a_form_sent_twice_makes_one_link(host: Owner) -> None:
    form: dict[str, str | int] = {"no": host.report.id, "tap": "one", "with_figures": "yes"}
    links = [re.findall(r"/s/[\w-]{43}", host.posts("/report/share", **form).text) for _ in range(2)]
    assert links[0] == links[1] != []
    assert len(re.findall(r"/report/share/\d+/revoke", host.gets("/report").text)) == 1


def test_the_address_of_the_form_opened_again_shows_the_report(browser: TestClient) -> None:
    found = browser.get("/report/share", follow_redirects=False)
    assert (found.status_code, found.headers["location"]) == (303, "/report#share")


def test_a_report_says_that_answers_or_the_rules_changed_after_it(
    application: FastAPI, host: Owner, browser: TestClient
) -> None:
    link = host.shares(host.report.id, "no")
    assert "在此之后" not in browser.get(link).text
    database = application.state.database
    current = database.read(lambda c: published(c, HENAN))
    renamed = {name: f"{text}\n" for name, text in current.content.items()}
    database.turn(lambda c: publish_files(c, HENAN, renamed, current.effective_from, datetime.now(UTC)))
    assert "规定在此之后换了新版" in browser.get(link).text
    assert "规定在此之后换了新版" in host.gets("/report").text
    for words in ("改营业收入", "13亿"):
        host.says(words)
    assert "答复在此之后改过" in browser.get(link).text
