"""One annotation as tables for a terminal or for plain text, 80 columns wide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from roleclf.records import Annotation, Coverage, FoundSkill, Reason
from roleclf.text import clean

if TYPE_CHECKING:
    from roleclf.batch import Suggestion

__all__ = ["show_annotation", "show_skills", "show_suggestions"]

_KINDS: Final = (("tool", "Tools"), ("skill", "Skills"))
_NEEDS: Final = ("required", "preferred", "mentioned")
_N_REASONS: Final = 10
_N_WORDS: Final = 3
_DUTY: Final = ".responsibility."
_BAR_WIDTH: Final = 24
_TERM_WIDTH: Final = 22
_COUNTS_WIDTH: Final = 29
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def show_annotation(annotation: Annotation, title: str) -> None:
    """Print role, reasons, skills and profile; `title` is the posting's."""
    console = _console()
    _show_verdict(console, annotation, title)
    _show_reasons(console, annotation, title)
    _show_skills(console, annotation.skills)
    _show_profile(console, annotation.profile)


def show_skills(annotation: Annotation) -> None:
    """Print the skills and tools, grouped by kind and need."""
    console = _console()
    _show_skills(console, annotation.skills)
    if not annotation.skills:
        console.print("no skills found")


def show_suggestions(suggestions: Sequence[Suggestion]) -> None:
    """Print the terms that the lexicon lacks, each with its first context."""
    console = _console()
    table = _table("Term", "Postings", "Places", "Lists", "Context")
    for column in table.columns[1:4]:
        column.justify, column.no_wrap = "right", True
    term, *_, context = table.columns
    term.max_width, context.no_wrap = _TERM_WIDTH, True
    width = max(console.width - _COUNTS_WIDTH - _TERM_WIDTH, _TERM_WIDTH)
    for s in suggestions:
        counts = (f"{s.postings:,}", f"{s.occurrences:,}", f"{s.in_lists:.0%}")
        shown = _about(s.term, "".join(s.contexts[:1]), width)
        table.add_row(_text(s.term), *counts, _text(shown))
    if suggestions:
        console.print(table)


def _about(term: str, context: str, width: int) -> str:
    """Return the part of `context` with `term` in its middle."""
    at = max(context.casefold().find(term.casefold()), 0)
    middle = at - (width - len(term)) // 2
    start = max(min(middle, len(context) - width), 0)
    return context[start : start + width].strip()


def _show_verdict(console: Console, annotation: Annotation, title: str) -> None:
    sure = "sure" if annotation.sure else "not sure"
    role = f"{annotation.role}, {annotation.confidence:.2f}, {sure}"
    second = f"{annotation.second_role}, {annotation.second_confidence or 0:.2f}"
    apart = "title and duties disagree" if annotation.mismatch else None
    grid = _table("", "")
    for name, value in (
        ("Role", role if annotation.role else "none"),
        ("Second role", second if annotation.second_role else None),
        ("Title says", annotation.title_role or _silence(title)),
        ("Duties say", annotation.duties_role or _silence(annotation.text)),
        ("Mismatch", apart),
        ("Language", annotation.language),
        ("Problem", annotation.problem),
    ):
        if value is not None:
            grid.add_row(Text(name, "bold"), _text(value))
    console.print(grid)


def _silence(text: str) -> str:
    """Return what a field says that speaks for no role; its words may be reasons."""
    return "nothing clear" if text.strip() else "nothing"


def _show_reasons(console: Console, annotation: Annotation, title: str) -> None:
    if not annotation.reasons:
        return
    table = _table("Why", "Weight", "Words")
    table.columns[1].justify = "right"
    text_by_where = {"title": clean(title), "description": annotation.text}
    for reason in annotation.reasons[:_N_REASONS]:
        words = _words(reason, text_by_where[reason.where])
        name = f"{reason.role}: {_feature(reason)}"
        table.add_row(_text(name), f"{reason.weight:+.2f}", _text(words))
    console.print(table)


def _feature(reason: Reason) -> str:
    """Return a feature as people read it: a duty by its name, not its concept id.

    And with whose duty it is, where it speaks for another role too.
    """
    owner, is_duty, name = reason.feature.partition(_DUTY)
    if not is_duty:
        return reason.feature
    whose = "" if owner == reason.role else f" ({owner}'s)"
    return f"to {name.replace('_', ' ')}{whose}"


def _words(reason: Reason, text: str) -> str:
    """Return the first few different words at the spans, and where they stand."""
    words = dict.fromkeys(text[start:end] for start, end in reason.spans)
    quoted = ", ".join(f'"{word}"' for word in list(words)[:_N_WORDS])
    return f"{quoted} ({reason.where})" if quoted else f"({reason.where})"


def _show_skills(console: Console, skills: Sequence[FoundSkill]) -> None:
    for kind, heading in _KINDS:
        names_by_need = {
            need: [s.name for s in skills if (s.kind, s.need) == (kind, need)]
            for need in _NEEDS
        }
        if not any(names_by_need.values()):
            continue
        table = _table(heading, "")
        for need, names in names_by_need.items():
            if names:
                table.add_row(need, _text(", ".join(names)))
        console.print(table)


def _show_profile(console: Console, profile: Iterable[Coverage]) -> None:
    # A terminal that is not of UTF-8 may have no blocks.
    block = "█" if console.encoding.startswith("utf") else "#"
    table = _table("Profile", "Coverage", "", "Matched")
    table.columns[3].justify = "right"
    for coverage in sorted(profile, key=lambda c: -c.coverage):
        bar = block * round(coverage.coverage * _BAR_WIDTH)
        share = f"{coverage.coverage:.2f}"
        table.add_row(coverage.role, share, bar, str(len(coverage.matched)))
    if table.row_count:
        console.print(table)


def _console() -> Console:
    # Nothing here has emoji by their names, and the list of these takes time to load.
    return Console(highlight=False, emoji=False)


def _table(*headings: str) -> Table:
    table = Table(*headings, box=None, show_header=any(headings), pad_edge=False)
    table.columns[0].min_width = 12
    return table


def _text(value: str) -> Text:
    """Return `value` as it is: no markup, and nothing that moves a cursor."""
    return Text(_CONTROLS.sub(" ", value))
