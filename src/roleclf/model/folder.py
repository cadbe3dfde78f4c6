"""Find a model folder, and check its files against the manifest before use.

The manifest has a SHA-256 of every file. A folder holds arrays, JSON and lists, and
nothing that can run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from roleclf.errors import ModelError
from roleclf.model.array_files import FileBytes
from roleclf.model.layout import (
    FORMAT,
    MANIFEST,
    MEND,
    OPTIONAL_FILES,
    REQUIRED_FILES,
    SETTINGS,
)

__all__ = [
    "Files",
    "parse_settings",
    "read_files",
    "read_manifest",
    "read_settings",
    "shipped_model",
    "verify_model",
    "write_manifest",
    "write_settings",
]

# The content of each file of a folder, by name.
Files = dict[str, FileBytes]


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
    folder = _folder(path)
    manifest = _read_json(folder, MANIFEST)
    if not (isinstance(manifest, dict) and manifest.get("format") == FORMAT):
        problem = f"is not of format {FORMAT}, the one this version reads"
        raise ModelError(folder / MANIFEST, problem, MEND)
    if not isinstance(manifest.get("files"), dict):
        raise ModelError(folder / MANIFEST, "lists no files", MEND)
    return manifest


def read_settings(path: str | Path | None = None) -> dict[str, Any]:
    """Return the settings of a model: roles, `threshold`, heads and whatever is small.

    Raises
    ------
    ModelError
        If they cannot be read.
    """
    settings: dict[str, Any] = _read_json(_folder(path), SETTINGS)
    return settings


def parse_settings(folder: Path, files: Files) -> dict[str, Any]:
    """Return the settings from the files of a folder that has been read."""
    content = files[SETTINGS].tobytes()
    settings: dict[str, Any] = _parse_json(folder / SETTINGS, content)
    return settings


def verify_model(path: str | Path | None = None) -> dict[str, Any]:
    """Check every file of a model folder against its manifest, and return that.

    Raises
    ------
    ModelError
        If a file is missing, unknown or changed.
    """
    folder = _folder(path)
    manifest = read_manifest(folder)
    for _ in _verified_files(folder, manifest):
        pass
    return manifest


def read_files(folder: Path) -> Files:
    """Return every file of a model folder, each checked as `verify_model` does."""
    return dict(_verified_files(folder, read_manifest(folder)))


def write_settings(folder: Path, settings: Mapping[str, Any]) -> None:
    """Write the settings of a model into its folder."""
    _write_json(folder / SETTINGS, settings)


def write_manifest(folder: Path, about: Mapping[str, Any]) -> None:
    """Write the manifest: format, `about`, and the SHA-256 of all other files."""
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in _data_files(folder)
    }
    _write_json(folder / MANIFEST, {"format": FORMAT, **about, "files": files})


def _folder(path: str | Path | None) -> Path:
    return Path(path) if path is not None else shipped_model()


def _verified_files(
    folder: Path, manifest: Mapping[str, Any]
) -> Iterator[tuple[str, FileBytes]]:
    """Yield name and content of each file that is as the manifest says."""
    present = {file.name for file in _data_files(folder)}
    for name in sorted(REQUIRED_FILES | set(manifest["files"]) | present):
        if name not in present:
            raise ModelError(folder / name, "is missing", MEND)
        # Read once: what is used later is what was checked.
        content = np.fromfile(folder / name, np.uint8)
        if hashlib.sha256(content.data).hexdigest() != manifest["files"].get(name):
            raise ModelError(folder / name, "is not what the manifest says", MEND)
        yield name, content


def _data_files(folder: Path) -> list[Path]:
    names = REQUIRED_FILES | OPTIONAL_FILES
    return sorted(folder / name for name in names if (folder / name).is_file())


def _read_json(folder: Path, name: str) -> Any:
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise ModelError(folder, f"holds no {name}", MEND) from error
    return _parse_json(folder / name, content)


def _parse_json(path: Path, content: bytes) -> Any:
    try:
        return json.loads(content.decode())
    except ValueError as error:
        raise ModelError(path, "is not JSON", MEND) from error


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
