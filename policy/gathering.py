"""The files of an edition: what lies in its folder, and the supplements that its plan names under `with`."""

import re
from collections.abc import Iterator
from pathlib import Path

from policy.complaints import Complaints, EditionError
from policy.sources import parse

PLAN, WITH = "plan.yaml", "with"
NAME = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*")


def read_folder(folder: Path) -> dict[str, str]:
    """Every file of an edition below the folder, as `schemes/x.yaml` -> its text; a supplement's as `with/national/x/y.yaml`.

    Raises EditionError where the folder is not there, or a file is no YAML file or not UTF-8.
    """
    complaints = Complaints()
    files = gather_files(folder, complaints)
    complaints.raise_if_any()
    return {name: text for name, text in files.items() if text is not None}


def gather_files(folder: Path, complaints: Complaints) -> dict[str, str | None]:
    """The same, complaining instead of raising; None stands for a file that cannot be read."""
    if not folder.is_dir():
        raise EditionError([f"{folder}: no such folder; name the folder of an edition"])
    return add_supplements(dict(_read(folder, complaints)), complaints, folder)


def add_supplements(
    files: dict[str, str | None], complaints: Complaints, folder: Path | None = None
) -> dict[str, str | None]:
    """The files with those of every supplement that the plan names and that is not among them: an edition as it was
    exported brings its own. They lie beside the `folder` the files come from, or come with the product.
    """
    for name, line in _supplements(files.get(PLAN) or ""):
        if any(file.startswith(f"{WITH}/{name}/") for file in files):
            continue
        found = next((each for each in _places(folder, name) if each.is_dir()), None)
        if found is None:
            said = f"no folder for the supplement '{name}'; make it or correct the name"
            complaints.add(PLAN if folder is None else f"{folder}/{PLAN}", line, said)
        else:
            files |= {f"{WITH}/{name}/{file}": text for file, text in _read(found, complaints)}
    return files


def _read(folder: Path, complaints: Complaints) -> Iterator[tuple[str, str | None]]:
    for path in sorted(folder.rglob("[!.]*")):
        if path.is_dir():
            continue
        name = path.relative_to(folder).as_posix()
        if path.suffix != ".yaml":
            complaints.add(
                str(path), 1, "not a .yaml file; an edition holds nothing else, rename or remove it"
            )
            continue
        try:
            yield name, path.read_text(encoding="utf-8-sig")
        except (UnicodeDecodeError, OSError) as error:
            complaints.add(str(path), 1, f"cannot be read as UTF-8 text ({error}); save it as UTF-8")
            yield name, None


def _supplements(plan: str) -> Iterator[tuple[str, int]]:
    """The names under `with` and their lines; what is wrong with the plan is complained of when it is read."""
    root = parse(plan, PLAN, Complaints())
    if root is None or not root.is_mapping:
        return
    named = root.entries().get("with")
    for item in named.items() if named is not None and named.is_list else ():
        name = item.text()
        if NAME.fullmatch(name):
            yield name, item.line


def _places(folder: Path | None, name: str) -> tuple[Path, ...]:
    """Beside the edition's province, or among those that come with the product."""
    shipped = Path(__file__).parent / name
    return (shipped,) if folder is None else (folder.resolve().parent.parent / name, shipped)


def shown_as(prefix: str, name: str) -> str:
    """A file as complaints name it: a supplement's by where it really lies."""
    if not prefix or not name.startswith(f"{WITH}/"):
        return f"{prefix}{name}"
    if (Path(prefix) / name).is_file():
        return f"{prefix}{name}"
    found = (each for each in _places(Path(prefix), name.removeprefix(f"{WITH}/")) if each.is_file())
    return str(next(found, f"{prefix}{name}"))
