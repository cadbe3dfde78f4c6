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


def show_model(manifest: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    """Print the roles and languages of a model, its training data, and its scores.

    Parameters
    ----------
    manifest, settings : mapping
        As `read_manifest` and `read_settings` return them.
    """
    console = Console(highlight=False)
    console.print(Text(str(manifest.get("model", settings["name"])), "bold"))
    facts = _table("", "")
    for name, value in _facts(manifest, settings):
        facts.add_row(Text(name, "bold"), Text(value))
    console.print(facts)
    scores = manifest.get("scores", {})
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
