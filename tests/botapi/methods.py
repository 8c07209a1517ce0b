"""The table of methods (methods.yaml), and the check of a call against it: names, types, what is required."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from tests.botapi.refusals import bad_request, violation
from tests.written import written

Json: TypeAlias = Any
Parameters: TypeAlias = dict[str, Any]

TABLE: dict[str, Any] = written((Path(__file__).parent / "methods.yaml").read_text(encoding="utf-8"))
METHODS: dict[str, dict[str, str]] = TABLE["methods"]
OBJECTS: dict[str, dict[str, str]] = TABLE["objects"]
UNIONS: dict[str, dict[str, str]] = TABLE["unions"]
UPDATE_KINDS = frozenset(TABLE["updates"])
SAID_OTHERWISE = {"chat_id": "chat_id is empty", "text": "message text is empty"}
INTEGER = re.compile(r"-?\d{1,19}")
BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    required: bool
    types: tuple[str, ...]


def fields(table: Mapping[str, str]) -> dict[str, Field]:
    read = [
        Field(name.removesuffix("!"), name.endswith("!"), tuple(types.split(" | ")))
        for name, types in table.items()
    ]
    return {field.name: field for field in read}


METHOD_FIELDS = {method: fields(table) for method, table in METHODS.items()}
OBJECT_FIELDS = {name: fields(table) for name, table in OBJECTS.items()}


def parameters_of(method: str, given: Mapping[str, Json], uploads: Mapping[str, Upload]) -> Parameters:
    """Return what the call says, as Python values; raises ApiError, as a violation where a name or a type is wrong."""
    table = METHOD_FIELDS[method]
    everything = {**given, **{name: upload for name, upload in uploads.items() if name in table}}
    unknown = sorted(everything.keys() - table.keys())
    if unknown:
        raise violation(f"{method} has no parameter {', '.join(unknown)} here")
    for field in table.values():
        if field.required and field.name not in everything:
            raise violation(SAID_OTHERWISE.get(field.name, f'parameter "{field.name}" is required'))
    if everything.get("chat_id") == "":
        raise bad_request("chat_id is empty")
    return {name: _parameter(value, table[name], uploads) for name, value in everything.items()}


def _parameter(value: Json, field: Field, uploads: Mapping[str, Upload]) -> Json:
    if "InputFile" in field.types:
        return _file(value, uploads)
    if isinstance(value, str) and "String" not in field.types:
        value = _unfolded(value, field)
    elif isinstance(value, str) and "Integer" in field.types and INTEGER.fullmatch(value):
        value = int(value)
    _check(value, field.types, field.name)
    return value


def _file(value: Json, uploads: Mapping[str, Upload]) -> Json:
    if isinstance(value, str) and value.startswith("attach://"):
        name = value.removeprefix("attach://")
        if name not in uploads:
            raise violation(f"nothing is attached as {name}")
        return uploads[name]
    if not isinstance(value, str | Upload):
        raise violation("a file is an upload or a string")
    return value


def _unfolded(text: str, field: Field) -> Json:
    """What a form's text says where something else than text is due."""
    if field.types == ("Integer",):
        return int(text) if INTEGER.fullmatch(text) else text
    if field.types == ("Boolean",):
        return BOOLEANS.get(text.lower(), text)
    try:
        return json.loads(text)
    except ValueError:
        raise violation(f"can't parse {field.name} JSON object") from None


def _check(value: Json, types: tuple[str, ...], place: str) -> None:
    """Raise a violation unless the value is of one of the types."""
    complaints = {each: _complaint(value, each, place) for each in types}
    if None not in complaints.values():
        meant = (
            each
            for each in types
            if isinstance(value, dict) and value.keys() & OBJECT_FIELDS.get(each, {}).keys()
        )
        raise violation(str(complaints[next(meant, types[0])]))


def _complaint(value: Json, kind: str, place: str) -> str | None:
    if kind.startswith("Array of "):
        return _array_complaint(value, kind.removeprefix("Array of "), place)
    if kind in UNIONS:
        chosen = UNIONS[kind].get(str(value.get("type"))) if isinstance(value, dict) else None
        return f"{place} is no {kind}" if chosen is None else _complaint(value, chosen, place)
    if kind in OBJECT_FIELDS:
        return _object_complaint(value, kind, place)
    fits = {
        "String": isinstance(value, str),
        "Boolean": isinstance(value, bool),
        "Integer": isinstance(value, int) and not isinstance(value, bool),
    }
    return None if fits[kind] else f"{place} is no {kind}"


def _array_complaint(value: Json, kind: str, place: str) -> str | None:
    if not isinstance(value, list):
        return f"{place} is no Array"
    found = (_complaint(each, kind, f"{place}[{number}]") for number, each in enumerate(value))
    return next((each for each in found if each is not None), None)


def _object_complaint(value: Json, kind: str, place: str) -> str | None:
    if not isinstance(value, dict):
        return f"{place} is no {kind}"
    table = OBJECT_FIELDS[kind]
    for name, field in table.items():
        if field.required and name not in value:
            return f"{place}.{name} of {kind} is missing"
    for name, each in value.items():
        if name not in table:
            return f"{kind} in {place} has no field {name} here"
        complaints = [_complaint(each, kind_of, f"{place}.{name}") for kind_of in table[name].types]
        if None not in complaints:
            return complaints[0]
    return None
