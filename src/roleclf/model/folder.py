"""The folder that a model is kept in: arrays and JSON, nothing that can run.

Its manifest has a sum of every file, which is checked before use.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.duties import DutyPatterns, DutyTables
from roleclf.errors import ModelError
from roleclf.matching import WordList
from roleclf.model.experts import FIELD_BY_EXPERT, Expert, Spaces
from roleclf.model.features import DOT_ORDER, DutySpace, FeatureSpace
from roleclf.model.files import Content, Lines, array_in, arrays_in

if TYPE_CHECKING:
    from roleclf.taxonomy import Skill

__all__ = [
    "FORMAT",
    "MEND",
    "experts_in",
    "read_files",
    "read_lexicon",
    "read_manifest",
    "read_settings",
    "settings_in",
    "shipped_model",
    "spaces_in",
    "verify",
    "write_folder",
    "write_lexicon",
]

Files = dict[str, Content]

FORMAT: Final = 2
MEND: Final = "train it again, or give another folder with --model"
_MANIFEST: Final = "manifest.json"
_SETTINGS: Final = "model.json"
_DUTIES: Final = "duties.npz"
_LEXICON: Final = "skills.csv"
_WORDY: Final = ("text", "title")
_OF_WORDS: Final = ("words", "parts", "shift")
_ARRAYS: Final = tuple(
    (expert, array, kind)
    for expert in FIELD_BY_EXPERT
    for array, kind in (
        ("words", np.uint64),
        ("parts", np.int32),
        ("shift", np.int32),
        ("idf", np.float32),
        ("weights", np.float32),
    )
    if expert in _WORDY or array not in _OF_WORDS
)


def shipped_model() -> Path:
    """Return the folder of the model inside the package, or beside its source."""
    package = Path(__file__).parents[1]
    inside = package / "models" / "roleclf-en"
    # An editable install runs from the source tree, where models/ stands beside src/.
    return inside if inside.exists() else package.parents[1] / "models" / "roleclf-en"


def read_manifest(path: str | Path | None = None) -> dict[str, Any]:
    """Return what a model folder says of itself.

    Raises
    ------
    ModelError
        If there is no readable manifest of this format.
    """
    folder = Path(path) if path is not None else shipped_model()
    manifest = _read_json(folder, _MANIFEST)
    if not (isinstance(manifest, dict) and manifest.get("format") == FORMAT):
        problem = f"is not of format {FORMAT}, the one this version reads"
        raise ModelError(folder / _MANIFEST, problem, MEND)
    if not isinstance(manifest.get("files"), dict):
        raise ModelError(folder / _MANIFEST, "lists no files", MEND)
    return manifest


def read_settings(path: str | Path | None = None) -> dict[str, Any]:
    """Return what a model decides by beside its weights: roles, `threshold`, heads.

    Raises
    ------
    ModelError
        If they cannot be read.
    """
    folder = Path(path) if path is not None else shipped_model()
    settings: dict[str, Any] = _read_json(folder, _SETTINGS)
    return settings


def settings_in(folder: Path, files: Files) -> dict[str, Any]:
    """Return the same from the files of a folder."""
    settings: dict[str, Any] = _json(folder / _SETTINGS, files[_SETTINGS].tobytes())
    return settings


def verify(path: str | Path | None = None) -> dict[str, Any]:
    """Check every file of a model folder against its manifest, and return that.

    Raises
    ------
    ModelError
        If a file is missing, unknown or changed.
    """
    folder = Path(path) if path is not None else shipped_model()
    manifest = read_manifest(folder)
    for _ in _verified(folder, manifest):
        pass
    return manifest


def read_files(folder: Path) -> Files:
    """Return every file of a model folder, checked as `verify` does."""
    return dict(_verified(folder, read_manifest(folder)))


def write_folder(
    folder: Path,
    spaces: Spaces,
    experts: Mapping[str, Expert],
    settings: Mapping[str, Any],
    about: Mapping[str, Any],
) -> None:
    """Write a model into `folder`; `about` goes into the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array, kind in _ARRAYS:
        values = np.asarray(_array(name, array, spaces, experts), kind, order="C")
        np.save(folder / f"{name}_{array}.npy", values, allow_pickle=False)
    for name in _WORDY:
        names = "\n".join(getattr(spaces, name).names) + "\n"
        (folder / f"{name}_names.txt").write_text(names, encoding="utf-8")
    tables: dict[str, Any] = spaces.duties.patterns.tables.arrays()
    np.savez(folder / _DUTIES, allow_pickle=False, **tables)
    _write_json(folder / _SETTINGS, settings)
    files = {path.name: _sha256(path) for path in _data_files(folder)}
    _write_json(folder / _MANIFEST, {"format": FORMAT, **about, "files": files})


def write_lexicon(folder: Path, skills: Mapping[str, Skill] | None) -> None:
    """Write the lexicon that belongs to a model; None if it is the shipped one."""
    folder.mkdir(parents=True, exist_ok=True)
    if skills is None:
        (folder / _LEXICON).unlink(missing_ok=True)
    else:
        from roleclf.taxonomy import skills_to_csv  # here: a first answer has no use

        (folder / _LEXICON).write_text(skills_to_csv(skills), encoding="utf-8")


def read_lexicon(folder: Path) -> dict[str, Skill] | None:
    """Return what `write_lexicon` wrote."""
    path = folder / _LEXICON
    if not path.is_file():
        return None
    from roleclf.taxonomy import read_skills  # here, as above

    return read_skills(path)


def spaces_in(files: Files, duties: tuple[str, ...]) -> Spaces:
    """Return the features of each kind of evidence; `duties` are concept ids."""
    # First, and the file let go: all else is then made in the memory that it had.
    tables = DutyTables.of(duties, arrays_in(files.pop(_DUTIES)))
    wordy = {}
    for name in _WORDY:
        words, parts, shift, idf = (
            array_in(files[f"{name}_{array}.npy"]) for array in (*_OF_WORDS, "idf")
        )
        names = Lines(files[f"{name}_names.txt"])
        wordy[name] = FeatureSpace(WordList(words), parts, shift, idf, names)
    idf = array_in(files["duties_idf.npy"])
    return Spaces(wordy["text"], DutySpace(DutyPatterns(tables), idf), wordy["title"])


def experts_in(
    files: Files, intercepts: Mapping[str, list[float]]
) -> dict[str, Expert]:
    """Return the experts by name."""
    return {
        name: Expert(np.asarray(weights, order=DOT_ORDER), np.array(intercept))
        for name, intercept in intercepts.items()
        for weights in [array_in(files[f"{name}_weights.npy"])]
    }


def _verified(
    folder: Path, manifest: Mapping[str, Any]
) -> Iterator[tuple[str, Content]]:
    """Yield name and content of each file that is as the manifest says."""
    present = {file.name for file in _data_files(folder)}
    for name in sorted(_required() | set(manifest["files"]) | present):
        if name not in present:
            raise ModelError(folder / name, "is missing", MEND)
        content = np.fromfile(folder / name, np.uint8)
        if hashlib.sha256(content.data).hexdigest() != manifest["files"].get(name):
            raise ModelError(folder / name, "is not what the manifest says", MEND)
        yield name, content


def _required() -> set[str]:
    arrays = {f"{expert}_{array}.npy" for expert, array, _ in _ARRAYS}
    return arrays | {f"{name}_names.txt" for name in _WORDY} | {_SETTINGS, _DUTIES}


def _data_files(folder: Path) -> list[Path]:
    names = _required() | {_LEXICON}
    return sorted(folder / name for name in names if (folder / name).is_file())


def _read_json(folder: Path, name: str) -> Any:
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise ModelError(folder, f"holds no {name}", MEND) from error
    return _json(folder / name, content)


def _json(path: Path, content: bytes) -> Any:
    try:
        return json.loads(content.decode())
    except ValueError as error:
        raise ModelError(path, "is not JSON", MEND) from error


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def _array(
    name: str, array: str, spaces: Spaces, experts: Mapping[str, Expert]
) -> npt.NDArray[Any]:
    if array == "weights":
        return experts[name].weights
    space = getattr(spaces, name)
    return np.asarray(space.words.hashes if array == "words" else getattr(space, array))
