"""Write the model card, CARD.md, from the manifest of a model folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from roleclf.model import read_manifest

__all__ = ["write_card"]

_USE: Final = """\
## Use

For saying which data role a posting really is, one posting or a table of them, and
for seeing why. English was labelled by reading; Spanish, Portuguese, Italian, German,
Dutch and French were learned from titles alone. The classes are data scientist, ML
engineer, MLOps engineer, data engineer, DataOps engineer and `other`.

Not for judging people: neither for screening applicants nor for pay, rank or
performance. It reads what an employer wrote about a job, and nothing else.

## How it works

Linear experts: one for the words and pairs of words of the text, one for the duties
that its sentences state, one for the title; and a small head that weighs text and
title. What reads the text never sees the words that name professions, so it cannot
look for the title in the text.

## Limits

- The labelled postings were chosen to be hard and are mixed otherwise than a job
  board: probabilities assume the mix below. `--prior` gives another.
- Labels come from a language model that read each posting with a written guide.
- Texts in other languages, and those under twenty words, are judged by their title
  alone; the row says so.
"""


def write_card(folder: Path) -> None:
    """Write CARD.md into a model folder."""
    manifest = read_manifest(folder)
    lines = [*_head(manifest), _USE, *_scores(manifest["scores"]), *_data(manifest)]
    (folder / "CARD.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _head(manifest: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {manifest['model']}"
    yield ""
    yield "Written by `roleclf train` from `manifest.json`; do not edit by hand."
    yield ""


def _scores(scores: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield "## Scores"
    yield ""
    yield "Held-out postings are of other companies than those learned from; postings"
    yield "on which two readers disagreed are left out. Intervals: 95 %, bootstrap."
    yield ""
    yield "| | n | macro-F1 | accuracy | surest 80 % | calibration error |"
    yield "|---|---|---|---|---|---|"
    for name, values in scores.items():
        low, high = values["macro_f1_95"]
        surest = values["accuracy_of_surest_80_percent"]
        yield (
            f"| {name} | {values['n']} "
            f"| {values['macro_f1']:.3f} ({low:.3f}-{high:.3f}) "
            f"| {values['accuracy']:.3f} | {surest:.3f} "
            f"| {values['calibration_error']:.3f} |"
        )
    yield ""
    yield from _f1_by_role(scores)


def _f1_by_role(scores: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    roles = list(next(iter(scores.values()))["f1_by_role"])
    yield "F1 by role:"
    yield ""
    yield f"| | {' | '.join(roles)} |"
    yield "|---" * (len(roles) + 1) + "|"
    for name, values in scores.items():
        cells = " | ".join(f"{values['f1_by_role'][role]:.3f}" for role in roles)
        yield f"| {name} | {cells} |"
    yield ""


def _data(manifest: Mapping[str, Any]) -> Iterator[str]:
    yield "## Data"
    yield ""
    for name, data in manifest["data"].items():
        yield f"- {name}: `{data['file']}`, SHA-256 `{data['sha256']}`"
    counts = ", ".join(f"{role} {n}" for role, n in manifest["roles"].items())
    yield f"- labelled postings: {counts}"
    prior = ", ".join(f"{role} {p:.2f}" for role, p in manifest["prior"].items())
    yield f"- mix of roles that probabilities assume: {prior}"
    yield f"- seed {manifest['seed']}; " + ", ".join(
        f"{name} {number}" for name, number in manifest["made with"].items()
    )
