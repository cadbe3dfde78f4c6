"""Find a model folder, and check its files against the manifest before use.

The manifest has a SHA-256 of every file. A folder holds arrays, JSON and lists, or the
graph of an encoder, and nothing that can run.
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
from roleclf.model.layout import ENCODER, LINEAR, MANIFEST, SETTINGS, FolderLayout

__all__ = [
    "Files",
    "installed_encoder",
    "parse_settings",
    "read_files",
    "read_manifest",
    "read_settings",
    "shipped_encoder",
    "shipped_model",
    "verify_model",
    "write_manifest",
    "write_settings",
]

# The content of each file of a folder, by name.
Files = dict[str, FileBytes]


def shipped_model() -> Path:
    """Return the folder of the model inside the package, or beside its source."""
    return _shipped("roleclf-en")


def shipped_encoder() -> Path:
    """Return the folder of the encoder that `--reader careful` asks."""
    return _shipped("roleclf-careful-en")


def installed_encoder() -> Path | None:
    """Return the folder of the encoder that roleclf ships, None if there is none."""
    folder = shipped_encoder()
    return folder if (folder / MANIFEST).is_file() else None


def read_manifest(
    path: str | Path | None = None, layout: FolderLayout | None = None
) -> dict[str, Any]:
    """Return what a model folder says of itself.

    Parameters
    ----------
    path : str, Path or None
        The shipped model by default.
    layout : FolderLayout or None
        The kind of folder that it must be; any by default.

    Raises
    ------
    ModelError
        If there is no readable manifest of this kind and format.
    """
    folder = _folder(path)
    asked = layout or LINEAR
    manifest = _read_json(folder, MANIFEST, asked)
    found = _layout_of(manifest) or asked
    if layout not in (None, found):
        problem = f"is of a folder of kind {found.kind}, not {layout.kind}"
        raise ModelError(folder / MANIFEST, problem, layout.mend)
    if not (isinstance(manifest, dict) and manifest.get("format") == found.format):
        problem = f"is not of format {found.format}, the one this version reads"
        raise ModelError(folder / MANIFEST, problem, found.mend)
    if not isinstance(manifest.get("files"), dict):
        raise ModelError(folder / MANIFEST, "lists no files", found.mend)
    return manifest


def read_settings(path: str | Path | None = None) -> dict[str, Any]:
    """Return the settings of a model: roles, `threshold`, heads and whatever is small.

    Of an encoder, see `EncoderSettings`.

    Raises
    ------
    ModelError
        If they cannot be read.
    """
    settings: dict[str, Any] = _read_json(_folder(path), SETTINGS, LINEAR)
    return settings


def parse_settings(
    folder: Path, files: Files, layout: FolderLayout = LINEAR
) -> dict[str, Any]:
    """Return the settings from the files of a folder that has been read."""
    content = files[SETTINGS].tobytes()
    settings: dict[str, Any] = _parse_json(folder / SETTINGS, content, layout)
    return settings


def verify_model(path: str | Path | None = None) -> dict[str, Any]:
    """Check every file of a model folder against its manifest, and return that.

    The folder is a linear model's or an encoder's.

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


def read_files(folder: Path, layout: FolderLayout = LINEAR) -> Files:
    """Return every file of a model folder, each checked as `verify_model` does."""
    return dict(_verified_files(folder, read_manifest(folder, layout)))


def write_settings(folder: Path, settings: Mapping[str, Any]) -> None:
    """Write the settings of a model into its folder."""
    _write_json(folder / SETTINGS, settings)


def write_manifest(
    folder: Path, about: Mapping[str, Any], layout: FolderLayout = LINEAR
) -> None:
    """Write the manifest: format, `about`, and the SHA-256 of all other files."""
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in _data_files(folder, layout)
    }
    # A manifest without a kind is a linear model's: there was no other.
    kind = {} if layout == LINEAR else {"kind": layout.kind}
    manifest = {"format": layout.format, **kind, **about, "files": files}
    _write_json(folder / MANIFEST, manifest)


def _shipped(name: str) -> Path:
    package = Path(__file__).parents[1]
    inside = package / "models" / name
    # An editable install runs from the source tree, where models/ stands beside src/.
    return inside if inside.exists() else package.parents[1] / "models" / name


def _layout_of(manifest: Any) -> FolderLayout | None:
    """Return the layout of a folder with this manifest; None if it is none of ours."""
    kind = manifest.get("kind", LINEAR.kind) if isinstance(manifest, dict) else None
    return next((known for known in (LINEAR, ENCODER) if known.kind == kind), None)


def _folder(path: str | Path | None) -> Path:
    return Path(path) if path is not None else shipped_model()


def _verified_files(
    folder: Path, manifest: Mapping[str, Any]
) -> Iterator[tuple[str, FileBytes]]:
    """Yield name and content of each file that is as the manifest says."""
    layout = _layout_of(manifest) or LINEAR
    present = {file.name for file in _data_files(folder, layout)}
    for name in sorted(layout.required | set(manifest["files"]) | present):
        if name not in present:
            raise ModelError(folder / name, "is missing", layout.mend)
        # Read once: what is used later is what was checked.
        content = np.fromfile(folder / name, np.uint8)
        if hashlib.sha256(content.data).hexdigest() != manifest["files"].get(name):
            problem = "is not what the manifest says"
            raise ModelError(folder / name, problem, layout.mend)
        yield name, content


def _data_files(folder: Path, layout: FolderLayout) -> list[Path]:
    names = layout.required | layout.optional
    return sorted(folder / name for name in names if (folder / name).is_file())


def _read_json(folder: Path, name: str, layout: FolderLayout) -> Any:
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise ModelError(folder, f"holds no {name}", layout.mend) from error
    return _parse_json(folder / name, content, layout)


def _parse_json(path: Path, content: bytes, layout: FolderLayout) -> Any:
    try:
        return json.loads(content.decode())
    except ValueError as error:
        raise ModelError(path, "is not JSON", layout.mend) from error


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
