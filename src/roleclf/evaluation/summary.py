"""Show an evaluation as a few lines of at most 80 characters, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

__all__ = ["evaluation_text"]

_SEEN_IN_TRAINING: Final = (
    "the model learned from this very file: the figures flatter it"
)
_MOST_IDS: Final = 3
_MOST_PAIRS: Final = 3


def evaluation_text(evaluation: Mapping[str, Any]) -> str:
    """Return the summary of what `evaluate_model` returned."""
    blocks = (_head, _views, _roles, _findings)
    return "\n\n".join("\n".join(block(evaluation)) for block in blocks)


def _head(evaluation: Mapping[str, Any]) -> Iterator[str]:
    name, corpus = evaluation["model"]["name"], evaluation["corpus"]["file"]
    yield f"{name} on {corpus}: {evaluation['n']:,} labelled postings"
    if evaluation["unlabelled"]:
        yield f"{evaluation['unlabelled']:,} postings without a label are left out"
    if evaluation["seen"]:
        yield _SEEN_IN_TRAINING


def _views(evaluation: Mapping[str, Any]) -> Iterator[str]:
    yield f"{'':<18}{'n':>7}   {'macro-F1':<22}{'accuracy':<21}".rstrip()
    for name in ("strict", "clear", "lenient"):
        view = evaluation[name]
        if view is not None:
            macro_f1 = _with_interval(view, "macro_f1") if "macro_f1" in view else ""
            accuracy = _with_interval(view, "accuracy")
            yield f"{name:<18}{view['n']:>7,}   {macro_f1:<22}{accuracy}"


def _roles(evaluation: Mapping[str, Any]) -> Iterator[str]:
    strict = evaluation["strict"]
    yield f"{'role':<18}{'n':>7}{'precision':>12}{'recall':>9}{'F1':>8}"
    for role, n_postings in strict["n_by_role"].items():
        precision, recall, f1 = (
            strict[f"{name}_by_role"][role] for name in ("precision", "recall", "f1")
        )
        yield f"{role:<18}{n_postings:>7,}{precision:>12.3f}{recall:>9.3f}{f1:>8.3f}"


def _findings(evaluation: Mapping[str, Any]) -> Iterator[str]:
    strict, sure = evaluation["strict"], evaluation["sure"]
    right = "" if sure["accuracy"] is None else f", {sure['accuracy']:.3f} right"
    threshold = evaluation["model"]["threshold"]
    for name, value in (
        (f"sure, from {threshold:.3f}", f"{sure['n']:,}, {sure['share']:.1%}{right}"),
        ("surest 80%", f"{strict['accuracy_of_surest_80_percent']:.3f} right"),
        ("calibration error", f"{strict['calibration_error']:.3f}"),
        ("second role", _precision_and_recall(evaluation["second_role"]["pair"])),
        ("mismatch", _precision_and_recall(evaluation["mismatch"])),
        ("unanswered", f"{strict['unanswered']:,}" if strict["unanswered"] else ""),
    ):
        if value:
            yield f"{name:<18} {value}"
    for pair in evaluation["confusions"][:_MOST_PAIRS]:
        yield f"{'confused':<18} {pair['label']} as {pair['role']}: {pair['n']:,}"
    for problem, ids in evaluation["problems"].items():
        yield f"{'problem':<18} {problem}: {len(ids):,} ({_first_ids(ids)})"


def _with_interval(view: Mapping[str, Any], name: str) -> str:
    low, high = view[f"{name}_95"]
    return f"{view[name]:.3f} ({low:.3f}-{high:.3f})"


def _precision_and_recall(counts: Mapping[str, Any]) -> str:
    """Return precision and recall with the counts behind them."""
    shown = [
        f"{name} {counts['right']:,}/{counts[of]:,} = {counts[name]:.3f}"
        for name, of in (("precision", "given"), ("recall", "wanted"))
        if counts[name] is not None
    ]
    return ", ".join(shown) or "none given, none wanted"


def _first_ids(ids: Sequence[str]) -> str:
    more = ", ..." if len(ids) > _MOST_IDS else ""
    return ", ".join(ids[:_MOST_IDS]) + more
