"""What every test may use."""

import gc

from hypothesis import settings

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
