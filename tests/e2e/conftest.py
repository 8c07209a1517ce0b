"""The browser tests need what only `make e2e` installs; elsewhere they are not even read."""

from importlib.util import find_spec

import pytest

if find_spec("playwright") is None:
    collect_ignore_glob = ["test_*.py"]
else:
    from tests.e2e.fixtures import (  # noqa: F401  fixtures are found by being here
        browser,
        cable,
        own_server,
        ready_database,
        server,
        windows,
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything beside this file drives a browser."""
    for item in items:
        if "tests/e2e/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
