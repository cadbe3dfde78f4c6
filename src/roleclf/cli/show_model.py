"""Print the metadata and scores of a model as tables, 80 columns wide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["show_model"]

_SURE_TEXT: Final = "confidence from {threshold:.3f}, and no problem{aim}"
_AIM_TEXT: Final = (
    "; set so that {accuracy:.0%} of such answers were right on postings that it had "
    "not learned from"
)

_ENCODER_TEXT: Final = (
    "{name}: with --reader careful it reads again what is below {unsure_below:.2f}"
)
_READS_TEXT: Final = (
    "{max_pieces} word pieces of postings for which the model's confidence is below "
    "{unsure_below:.2f}"
)
_COUNTS_TEXT: Final = (
    "{encoder_weight:g} to the model's {linear_weight:g}, temperature {temperature:g}"
)


def show_model(about: Mapping[str, Any]) -> None:
    """Print what a model or an encoder knows and learned from, and its scores.

    Parameters
    ----------
    about : mapping
        As `read_manifest` returns it, with `settings` as `read_settings` returns them,
        and `encoder`, the same of an encoder beside the model, if there is one.
    """
    settings = about["settings"]
    console = Console(highlight=False)
    console.print(Text(str(about.get("model", settings["name"])), "bold"))
    facts = _table("", "")
    is_encoder = "mixture" in settings
    for name, value in (_encoder_facts if is_encoder else _facts)(about, settings):
        facts.add_row(Text(name, "bold"), Text(value))
    console.print(facts)
    scores = about.get("scores", {})
    if scores:
        console.print(_score_table(scores))
        console.print(_role_table(scores))


def _facts(
    manifest: Mapping[str, Any], settings: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    counts = manifest.get("roles", {})
    yield "Roles", ", ".join(settings["roles"])
    yield "Languages", ", ".join(settings["languages"])
    accuracy = manifest.get("parameters", {}).get("sure_accuracy")
    aim = _AIM_TEXT.format(accuracy=accuracy) if accuracy else ""
    yield "Sure", _SURE_TEXT.format(threshold=settings["threshold"], aim=aim)
    for name, data in manifest.get("data", {}).items():
        postings = f", {sum(counts.values()):,} labelled" if name == "corpus" else ""
        yield name.capitalize(), f"{data['file']}{postings}"
    if counts:
        yield "Labels", ", ".join(f"{role} {n:,}" for role, n in counts.items())
    if "encoder" in manifest:
        encoder = manifest["encoder"]["settings"]
        yield "Encoder", _ENCODER_TEXT.format(**encoder)
    yield from _origin(manifest)


def _encoder_facts(
    manifest: Mapping[str, Any], settings: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    yield "Roles", ", ".join(settings["roles"])
    yield "Sure", _SURE_TEXT.format(threshold=settings["threshold"], aim="")
    yield "Reads", _READS_TEXT.format(**settings)
    yield "Counts", _COUNTS_TEXT.format(**settings["mixture"])
    if "base" in manifest:
        yield "Base", manifest["base"]
    yield from _origin(manifest)


def _origin(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    made_with = manifest.get("made with", {})
    if made_with:
        yield "Made with", ", ".join(f"{name} {v}" for name, v in made_with.items())
    yield "Files", f"{len(manifest['files'])}; roleclf model verify checks them"


def _score_table(scores: Mapping[str, Mapping[str, Any]]) -> Table:
    headings = ("Postings", "Macro-F1 (95 %)", "Accuracy", "Surest 80 %", "Calibration")
    table = _table("Scores", *headings)
    for column in table.columns[1:]:
        column.no_wrap = True
    for name, values in scores.items():
        low, high = values["macro_f1_95"]
        table.add_row(
            name,
            f"{values['n']:,}",
            f"{values['macro_f1']:.3f} ({low:.3f}-{high:.3f})",
            f"{values['accuracy']:.3f}",
            f"{values['accuracy_of_surest_80_percent']:.3f}",
            f"{values['calibration_error']:.3f}",
        )
    return table


def _role_table(scores: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table("F1", *scores)
    for role in next(iter(scores.values()))["f1_by_role"]:
        values = [entry["f1_by_role"].get(role) for entry in scores.values()]
        table.add_row(role, *("" if v is None else f"{v:.3f}" for v in values))
    return table


def _table(*headings: str) -> Table:
    table = Table(*headings, box=None, show_header=any(headings), pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right" if any(headings) else "left"
    return table
