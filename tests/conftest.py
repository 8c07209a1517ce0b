"""What every test may use."""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.kept_warm import compiled_once

pytest_plugins = ["tests.databases", "tests.botapi.fixtures"]

# The same examples every time and no stop-watch: a run on a busy machine tells about the code, not about the machine.
# `make slow` looks at more of them (--hypothesis-profile=thorough).
settings.register_profile("house", deadline=None, derandomize=True, max_examples=30)
settings.register_profile("thorough", deadline=None, derandomize=True, max_examples=100)
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """Thousands of tests stay to the end: whoever collects garbage amid them need not look them through each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    with compiled_once():
        yield


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: a quarter of the time a test waits for a server, a clock or a child."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + cores // 2
