"""Print an annotation, skills or suggested terms as tables, 80 columns wide."""

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

_HEADING_BY_KIND: Final = {"tool": "Tools", "skill": "Skills"}
_NEEDS: Final = ("required", "preferred", "mentioned")
_MAX_REASONS: Final = 10
_MAX_WORDS: Final = 3
_DUTY_INFIX: Final = ".responsibility."
_BAR_WIDTH: Final = 24
_TERM_WIDTH: Final = 22
# Width of the three columns of numbers, and of the blanks between all columns.
_COUNTS_WIDTH: Final = 29
# An encoder gives no reasons.
_ENCODER: Final = "{0.encoder_role} (the reasons below are the fast reader's)"
_CONTROL_CHARACTERS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def show_annotation(annotation: Annotation, title: str) -> None:
    """Print role, reasons, skills and profile of a posting with this title."""
    console = _console()
    _show_role(console, annotation, title)
    _show_reasons(console, annotation, title)
    _show_skills(console, annotation.skills)
    _show_profile(console, annotation.profile)


def show_skills(annotation: Annotation) -> None:
    """Print the skills and tools of a posting, grouped by kind and need."""
    console = _console()
    _show_skills(console, annotation.skills)
    if not annotation.skills:
        console.print("no skills found")


def show_suggestions(suggestions: Sequence[Suggestion]) -> None:
    """Print terms that the lexicon lacks, with counts and one context each."""
    console = _console()
    table = _table("Term", "Postings", "Places", "Lists", "Context")
    for column in table.columns[1:4]:
        column.justify, column.no_wrap = "right", True
    term, *_, context = table.columns
    term.max_width, context.no_wrap = _TERM_WIDTH, True
    width = max(console.width - _COUNTS_WIDTH - _TERM_WIDTH, _TERM_WIDTH)
    for s in suggestions:
        counts = (f"{s.postings:,}", f"{s.occurrences:,}", f"{s.in_lists:.0%}")
        excerpt = _excerpt(s.term, "".join(s.contexts[:1]), width)
        table.add_row(_text(s.term), *counts, _text(excerpt))
    if suggestions:
        console.print(table)


def _excerpt(term: str, context: str, width: int) -> str:
    """Return `width` characters of `context`, with `term` in the middle if possible."""
    term_start = max(context.casefold().find(term.casefold()), 0)
    centred = term_start - (width - len(term)) // 2
    start = max(min(centred, len(context) - width), 0)
    return context[start : start + width].strip()


def _show_role(console: Console, annotation: Annotation, title: str) -> None:
    sure = "sure" if annotation.sure else "not sure"
    role = f"{annotation.role}, {annotation.confidence:.2f}, {sure}"
    second = f"{annotation.second_role}, {annotation.second_confidence or 0:.2f}"
    mismatch = "title and duties disagree" if annotation.mismatch else None
    grid = _table("", "")
    for name, value in (
        ("Role", role if annotation.role else "none"),
        ("Second role", second if annotation.second_role else None),
        ("Title says", annotation.title_role or _no_role_text(title)),
        ("Duties say", annotation.duties_role or _no_role_text(annotation.text)),
        ("Mismatch", mismatch),
        ("Encoder says", annotation.encoder_role and _ENCODER.format(annotation)),
        ("Language", annotation.language),
        ("Problem", annotation.problem),
    ):
        if value is not None:
            grid.add_row(Text(name, "bold"), _text(value))
    console.print(grid)


def _no_role_text(text: str) -> str:
    """Return what to print for a field that indicates no role: "nothing" if empty."""
    return "nothing clear" if text.strip() else "nothing"


def _show_reasons(console: Console, annotation: Annotation, title: str) -> None:
    if not annotation.reasons:
        return
    table = _table("Why", "Weight", "Words")
    table.columns[1].justify = "right"
    text_by_where = {"title": clean(title), "description": annotation.text}
    for reason in annotation.reasons[:_MAX_REASONS]:
        why = f"{reason.role}: {_feature_text(reason)}"
        words = _quoted_words(reason, text_by_where[reason.where])
        table.add_row(_text(why), f"{reason.weight:+.2f}", _text(words))
    console.print(table)


def _feature_text(reason: Reason) -> str:
    """Return the feature of a reason, readable: a duty by its name, not its concept id.

    A duty of another role than the one that it is a reason for is marked as such.
    """
    owner, is_duty, name = reason.feature.partition(_DUTY_INFIX)
    if not is_duty:
        return reason.feature
    whose = "" if owner == reason.role else f" ({owner}'s)"
    return f"to {name.replace('_', ' ')}{whose}"


def _quoted_words(reason: Reason, text: str) -> str:
    """Return the first distinct words of a reason, and the field they are in."""
    words = dict.fromkeys(text[start:end] for start, end in reason.spans)
    quoted = ", ".join(f'"{word}"' for word in list(words)[:_MAX_WORDS])
    return f"{quoted} ({reason.where})" if quoted else f"({reason.where})"


def _show_skills(console: Console, skills: Sequence[FoundSkill]) -> None:
    for kind, heading in _HEADING_BY_KIND.items():
        names_by_need = {
            need: _skill_texts([s for s in skills if (s.kind, s.need) == (kind, need)])
            for need in _NEEDS
        }
        if not any(names_by_need.values()):
            continue
        table = _table(heading, "")
        for need, names in names_by_need.items():
            if names:
                table.add_row(need, _text(", ".join(names)))
        console.print(table)


def _skill_texts(skills: Sequence[FoundSkill]) -> list[str]:
    """Return the skills as text, alternatives as one: "Python or R (5+ years)"."""
    by_group: dict[int, list[FoundSkill]] = {}
    for place, skill in enumerate(skills):
        by_group.setdefault(skill.group or -place, []).append(skill)
    return [_choice_text(choice) for choice in by_group.values()]


def _choice_text(skills: Sequence[FoundSkill]) -> str:
    """Return alternatives as text; years that all have in common stand at the end."""
    years = [_years_text(skill.years) for skill in skills]
    if len(set(years)) == 1:
        return " or ".join(skill.name for skill in skills) + years[0]
    return " or ".join(s.name + y for s, y in zip(skills, years, strict=True))


def _years_text(years: float | None) -> str:
    if years is None:
        return ""
    return f" ({years:g}+ year{'' if years == 1 else 's'})"


def _show_profile(console: Console, profile: Iterable[Coverage]) -> None:
    # Other encodings than UTF-8 may lack the block character.
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
    # No emoji names are used here, and rich takes time to load their list.
    return Console(highlight=False, emoji=False)


def _table(*headings: str) -> Table:
    table = Table(*headings, box=None, show_header=any(headings), pad_edge=False)
    table.columns[0].min_width = 12
    return table


def _text(value: str) -> Text:
    """Return `value` as literal text: no markup, blanks for control characters."""
    return Text(_CONTROL_CHARACTERS.sub(" ", value))
