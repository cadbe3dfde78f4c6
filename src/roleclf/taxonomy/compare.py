"""Format the comparison of two roles as Markdown, for example for a hiring brief."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from roleclf.taxonomy.find import find_comparison
from roleclf.taxonomy.markdown import bullet, bullet_section, cited
from roleclf.taxonomy.records import Difference, Role, Taxonomy

__all__ = ["comparison_brief"]

# Id of the difference that says which role to hire when; it closes the brief.
_HIRING_ID: Final = "hire_when"


def comparison_brief(
    taxonomy: Taxonomy, left: Role, right: Role, *, sources: bool = False
) -> str:
    """Return two roles side by side as Markdown, with sources if asked for.

    Skills and tools are compared even where the taxonomy has no comparison of the two.
    """
    pair = find_comparison(taxonomy, left.id, right.id)
    similarities = (
        f"{_aspect_name(item.aspect)}: {cited(item.statement, item.sources, sources)}"
        for item in (pair.similarities if pair else ())
    )
    differences = pair.differences if pair else ()
    hiring = [item for item in differences if item.id == _HIRING_ID]
    others = [item for item in differences if item.id != _HIRING_ID]
    lines = [
        f"# {left.name} or {right.name}?",
        "",
        *(bullet(f"{role.name}: {role.definition}") for role in (left, right)),
        *bullet_section("What they share", similarities),
        *_difference_section(left, right, others, sources),
    ]
    for key in ("tools", "skills"):
        shares = _shared_and_own_skills(taxonomy, left, right, key)
        lines += bullet_section(f"Typical {key}", shares)
    lines += bullet_section(
        "When to hire which", _statements_by_side(left, right, hiring, sources)
    )
    return "\n".join(lines)


def _difference_section(
    left: Role, right: Role, differences: Sequence[Difference], sources: bool
) -> Iterator[str]:
    """Yield the lines of the section on differences, one subsection for each aspect."""
    aspects = dict.fromkeys(item.aspect for item in differences)
    if aspects:
        yield from ("", "## What tells them apart")
    for aspect in aspects:
        yield from ("", f"### {_aspect_name(aspect)}", "")
        items = [item for item in differences if item.aspect == aspect]
        yield from map(bullet, _statements_by_side(left, right, items, sources))


def _statements_by_side(
    left: Role, right: Role, differences: Sequence[Difference], sources: bool
) -> Iterator[str]:
    """Yield what the differences state of the left role, then of the right one."""
    for role, key in ((left, "left"), (right, "right")):
        texts = [cited(getattr(d, key), d.sources, sources) for d in differences]
        if texts:
            yield f"{role.name}: {' '.join(texts)}"


def _shared_and_own_skills(
    taxonomy: Taxonomy, left: Role, right: Role, key: str
) -> Iterator[str]:
    """Yield the skills or tools of both roles, of the left one, of the right one."""
    ids, other_ids = getattr(left, key), getattr(right, key)
    for name, chosen in (
        ("Both", [i for i in ids if i in other_ids]),
        (left.name, [i for i in ids if i not in other_ids]),
        (right.name, [i for i in other_ids if i not in ids]),
    ):
        if chosen:
            yield f"{name}: {', '.join(taxonomy.skills[i].name for i in chosen)}"


def _aspect_name(aspect: str) -> str:
    return aspect.replace("_", " ").capitalize()
