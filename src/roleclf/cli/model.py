"""`roleclf model` and `roleclf train`: show, check and train a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from roleclf.cli.options import AS_JSON, echo_json
from roleclf.errors import needs_extra

__all__ = ["model_group", "train_command"]

_INPUT_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_MODEL_PATH: Final = click.argument(
    "path", metavar="[PATH]", required=False, type=click.Path(path_type=Path)
)


@click.group("model")
def model_group() -> None:
    """Look at a model folder; the shipped one by default."""


@model_group.command("info")
@_MODEL_PATH
@AS_JSON
def info_command(path: Path | None, as_json: bool) -> None:
    """Print what a model says of itself: what it knows, learned from, and scores.

    JSON holds everything: the confusion matrices, parameters and files too.

    \b
    roleclf model info
    roleclf model info my-model/ --json
    """  # noqa: D301
    # Imported here: it imports numpy, which `roleclf --help` does without.
    from roleclf.model import installed_encoder

    about = _about(path)
    encoder = installed_encoder() if path is None else None
    if encoder is not None:
        about["encoder"] = _about(encoder)
    if as_json:
        echo_json(about)
    else:
        # Imported here: it imports rich, which --json and --help do without.
        from roleclf.cli.show_model import show_model

        show_model(about)


@model_group.command("verify")
@_MODEL_PATH
def verify_command(path: Path | None) -> None:
    """Check that every file of a model is as its manifest says.

    \b
    roleclf model verify my-model/
    """  # noqa: D301
    # As above.
    from roleclf.model import installed_encoder, verify_model

    name_by_path = {path: str(path or "the shipped model")}
    if path is None and (encoder := installed_encoder()):
        name_by_path[encoder] = "the encoder of --reader careful"
    for folder, name in name_by_path.items():
        verify_model(folder)
        click.echo(f"{name}: every file is as the manifest says")


def _about(path: Path | None) -> dict[str, Any]:
    """Return the manifest of a model folder with its settings."""
    from roleclf.model import read_manifest, read_settings  # here: as above

    return {**read_manifest(path), "settings": read_settings(path)}


@click.command("train")
@click.argument("corpus", type=_INPUT_FILE)
@click.option(
    "-o",
    "--output",
    metavar="MODEL_DIR",
    type=click.Path(path_type=Path),
    required=True,
    help="Model folder to write.",
)
@click.option(
    "--labels",
    metavar="FILE",
    type=_INPUT_FILE,
    multiple=True,
    help="Roles by id, as JSON Lines, where CORPUS has none; may be repeated.",
)
@click.option(
    "--unlabelled",
    metavar="FILE",
    type=_INPUT_FILE,
    help="More postings, without roles.",
)
@click.option(
    "--written",
    metavar="FILE",
    type=_INPUT_FILE,
    multiple=True,
    help="Written postings with roles, to learn words from; may be repeated.",
)
@click.option(
    "--held-out",
    metavar="FILE",
    type=_INPUT_FILE,
    help="Labelled postings to score on.",
)
@click.option(
    "--taxonomy",
    metavar="PATH",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of a taxonomy of your own; the shipped one by default.",
)
@click.option(
    "--seed",
    metavar="N",
    type=int,
    default=0,
    show_default=True,
    help="What chance begins with.",
)
def train_command(
    corpus: Path,
    output: Path,
    labels: tuple[Path, ...],
    unlabelled: Path | None,
    written: tuple[Path, ...],
    held_out: Path | None,
    taxonomy: Path | None,
    seed: int,
) -> None:
    """Learn a model from labelled postings.

    CORPUS is a table (CSV, JSON Lines or Parquet) with title, description and role.
    The same corpus and seed give the same model.

    \b
    roleclf train postings.csv -o my-model/ --seed 7
    roleclf classify jobs.csv -o labelled.csv --model my-model/
    """  # noqa: D301
    # Imported here: it imports scikit-learn, which other commands do without.
    with needs_extra("roleclf train", "train"):
        from roleclf.training import train_model

    report = train_model(
        corpus,
        output,
        labels=labels,
        unlabelled=unlabelled,
        written=written,
        held_out=held_out,
        taxonomy=taxonomy,
        seed=seed,
        report=lambda message: click.echo(message, err=True),
    )
    click.echo(str(report))
