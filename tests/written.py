"""YAML that tests are written in, by the fast reader where that can."""

from typing import Any

import yaml

_Fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def written(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_Fast)  # noqa: S506  a safe loader, either way
    except yaml.YAMLError:  # half a character, as some people send, is refused by the fast one only
        return yaml.safe_load(text)
