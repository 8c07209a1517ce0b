"""An edition as one zip file, or as the files of a folder that were sent: its texts by name, in and out. Nothing is
unpacked to disk, and only so much is read.
"""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import PurePosixPath

from policy.complaints import Complaints, EditionError
from policy.gathering import PLAN, add_supplements

LARGEST = 4 << 20  # bytes of a zip; a folder of ours is a tenth of that unpacked
_UNPACKED = 8 << 20
MOST_FILES = 1000
"""An edition of ours has a tenth of them."""
_NOISE = ("__MACOSX/", ".DS_Store")


def read_archive(data: bytes, called: str) -> dict[str, str]:
    """The files of a zipped edition, with the supplements that it does not bring itself. `called` stands in complaints.

    Raises EditionError: no zip, too large, a name that leads elsewhere, anything that is not a YAML text.
    """
    if len(data) > LARGEST:
        raise EditionError([f"{called}:1: larger than {LARGEST >> 20} MB; an edition is far smaller"])
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            packed = _named(archive.infolist(), called)
            texts = {name: _text(archive, info, f"{called}/{name}") for name, info in packed.items()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise EditionError([f"{called}:1: cannot be read as a zip file ({error}); zip it anew"]) from error
    return _with_supplements(texts)


def read_sent(sent: Sequence[tuple[str, bytes]]) -> dict[str, str]:
    """The same for the files of a folder as a browser sends them: each with its path, `2025/schemes/x.yaml`."""
    infos = [zipfile.ZipInfo(name) for name, _ in sent]
    contents = {}
    for info, (_, data) in zip(infos, sent, strict=True):
        info.file_size, contents[info.filename] = len(data), data
    named = _named(infos, "folder")
    return _with_supplements({name: _decoded(contents[info.filename], name) for name, info in named.items()})


def _with_supplements(texts: Mapping[str, str]) -> dict[str, str]:
    complaints = Complaints()
    files = add_supplements({**texts}, complaints)
    complaints.raise_if_any()
    return {name: text for name, text in files.items() if text is not None}


def write_archive(files: Mapping[str, str]) -> bytes:
    """The files as a zip; the same files give the same bytes."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _named(packed: Sequence[zipfile.ZipInfo], called: str) -> dict[str, zipfile.ZipInfo]:
    """What is packed by its name below the folder that holds the plan: many zip a folder as a whole."""
    infos = [each for each in packed if not each.is_dir() and not _is_noise(each.filename)]
    complaints = list(_complaints(infos, called))
    if complaints:
        raise EditionError(complaints)
    plans = [PurePosixPath(each.filename) for each in infos if PurePosixPath(each.filename).name == PLAN]
    if not plans:
        raise EditionError([f"{called}:1: there is no {PLAN} in it; zip the folder of an edition"])
    top = min(plans, key=lambda path: len(path.parts)).parent
    strays = [each.filename for each in infos if top not in PurePosixPath(each.filename).parents]
    if strays:
        raise EditionError(
            [f"{called}/{strays[0]}:1: lies beside the edition's folder; zip that folder alone"]
        )
    return {PurePosixPath(each.filename).relative_to(top).as_posix(): each for each in infos}


def _is_noise(name: str) -> bool:
    return name.startswith(_NOISE[0]) or PurePosixPath(name).name == _NOISE[1]


def _complaints(infos: list[zipfile.ZipInfo], called: str) -> Iterator[str]:
    if len(infos) > MOST_FILES or sum(each.file_size for each in infos) > _UNPACKED:
        yield f"{called}:1: more than {MOST_FILES} files or {_UNPACKED >> 20} MB; an edition is far smaller"
        return
    seen = set()
    for each in infos:
        path = PurePosixPath(each.filename)
        if leads_out(each.filename):
            yield f"{called}:1: '{each.filename}' leads out of the zip; remove it"
        elif path.suffix != ".yaml":
            yield f"{called}/{each.filename}:1: not a .yaml file; an edition holds nothing else, remove it"
        elif path in seen:
            yield f"{called}/{each.filename}:1: is in the zip twice; keep one"
        seen.add(path)


def leads_out(name: str) -> bool:
    """Whether a file's name could lead out of the folder that it is written to one day."""
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name


def _text(archive: zipfile.ZipFile, info: zipfile.ZipInfo, called: str) -> str:
    with archive.open(info) as packed:
        return _decoded(packed.read(info.file_size), called)  # never more than its head said, as was counted


def _decoded(data: bytes, called: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EditionError(
            [f"{called}:1: cannot be read as UTF-8 text ({error}); save it as UTF-8"]
        ) from error
