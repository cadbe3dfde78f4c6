"""Write out what two roles share and what tells them apart, as for a hiring brief."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from roleclf.taxonomy.find import find_comparison
from roleclf.taxonomy.markdown import cited, paragraph, section
from roleclf.taxonomy.records import Difference, Role, Taxonomy

__all__ = ["comparison_brief"]

# The difference that says which of the two to hire; it closes the brief.
_HIRE: Final = "hire_when"


def comparison_brief(
    taxonomy: Taxonomy, left: Role, right: Role, *, sources: bool = False
) -> str:
    """Return two roles side by side as Markdown, with the sources if asked for.

    Where the taxonomy does not compare the two, their skills and tools still are.
    """
    pair = find_comparison(taxonomy, left.id, right.id)
    differences = pair.differences if pair else ()
    lines = [
        f"# {left.name} or {right.name}?",
        "",
        *(paragraph(f"{r.name}: {r.definition}", bullet=True) for r in (left, right)),
    ]
    similarities = (
        f"{_named(item.aspect)}: {cited(item.statement, item.sources, sources)}"
        for item in (pair.similarities if pair else ())
    )
    lines += section("What they share", similarities)
    apart = [item for item in differences if item.id != _HIRE]
    lines += _aspects(left, right, apart, sources)
    for kind in ("tools", "skills"):
        shares = _shares(taxonomy, left, right, kind)
        lines += section(f"Typical {kind}", shares)
    hire = [item for item in differences if item.id == _HIRE]
    lines += section("When to hire which", _sides(left, right, hire, sources))
    return "\n".join(lines)


def _aspects(
    left: Role, right: Role, differences: Sequence[Difference], sources: bool
) -> Iterator[str]:
    """Yield the lines on what tells the two apart, aspect by aspect."""
    aspects = dict.fromkeys(item.aspect for item in differences)
    if aspects:
        yield from ("", "## What tells them apart")
    for aspect in aspects:
        yield from ("", f"### {_named(aspect)}", "")
        items = [item for item in differences if item.aspect == aspect]
        for side in _sides(left, right, items, sources):
            yield paragraph(side, bullet=True)


def _sides(
    left: Role, right: Role, differences: Sequence[Difference], sources: bool
) -> Iterator[str]:
    """Yield what holds for the one role, then what holds for the other."""
    for role, key in ((left, "left"), (right, "right")):
        said = [cited(getattr(d, key), d.sources, sources) for d in differences]
        if said:
            yield f"{role.name}: {' '.join(said)}"


def _shares(taxonomy: Taxonomy, left: Role, right: Role, kind: str) -> Iterator[str]:
    """Yield which skills or tools are typical of both roles, and which of one."""
    ids, other_ids = getattr(left, kind), getattr(right, kind)
    for name, chosen in (
        ("Both", [i for i in ids if i in other_ids]),
        (left.name, [i for i in ids if i not in other_ids]),
        (right.name, [i for i in other_ids if i not in ids]),
    ):
        if chosen:
            yield f"{name}: {', '.join(taxonomy.skills[i].name for i in chosen)}"


def _named(aspect: str) -> str:
    return aspect.replace("_", " ").capitalize()
