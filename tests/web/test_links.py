"""An owner's links to reports of several firms, and addresses that no report has."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

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
    assert host.posts("/report/share", no=number).status_code == 422
    assert host.posts(f"/report/share/{number[:3000]}/revoke").status_code == 422


def test_the_address_of_the_form_opened_again_shows_the_report(browser: TestClient) -> None:
    found = browser.get("/report/share", follow_redirects=False)
    assert (found.status_code, found.headers["location"]) == (303, "/report#share")
