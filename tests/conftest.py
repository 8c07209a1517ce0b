"""What every test may use."""

from hypothesis import settings

pytest_plugins = ["tests.databases", "tests.botapi.fixtures"]

# The same examples every time and no stop-watch: a run on a busy machine tells about the code, not about the machine.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
