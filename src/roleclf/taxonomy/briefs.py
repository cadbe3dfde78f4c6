"""Write out the taxonomy for people: all roles, one role, one skill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from roleclf.taxonomy.markdown import cited, paragraph, section
from roleclf.taxonomy.records import (
    Link,
    Responsibility,
    Role,
    Skill,
    Statement,
    Taxonomy,
)

__all__ = ["role_brief", "skill_brief", "taxonomy_brief"]

_TEXTS: Final = ("goal", "focus", "application")
_LISTS: Final = {
    "responsibilities": "Responsibilities",
    "phases": "Phases of the life cycle",
    "qualities": "Qualities",
    "education": "Education",
    "certifications": "Certifications",
    "industries": "Industries",
}
_SCHEMES: Final = {"esco": "ESCO", "onet_soc": "O*NET-SOC", "isco_08": "ISCO-08"}


def taxonomy_brief(taxonomy: Taxonomy) -> str:
    """Return a table of the roles, with how much is said of each."""
    n_roles, n_skills = len(taxonomy.roles), len(taxonomy.skills)
    lines = [
        f"taxonomy {taxonomy.version}: {n_roles} roles, {n_skills:,} skills and tools",
        "",
        f"{'role':<20}{'name':<28}{'duties':>8}{'skills':>8}{'tools':>8}",
        *map(_role_row, taxonomy.roles.values()),
    ]
    if taxonomy.contrast_roles:
        lines += ["", "contrast roles, which postings for `other` often are:"]
        lines += map(_role_row, taxonomy.contrast_roles.values())
    return "\n".join(lines)


def role_brief(taxonomy: Taxonomy, role: Role, *, sources: bool = False) -> str:
    """Return all that is said of a role as Markdown, with the sources if asked for."""

    def text(key: str) -> str:
        return cited(getattr(role, key), role.sources.get(key, ()), sources)

    lines = [f"# {role.name} ({role.id})", "", paragraph(text("definition"))]
    for key in _TEXTS:
        if getattr(role, key):
            lines += ["", paragraph(f"{key.capitalize()}: {text(key)}")]
    for key, heading in _LISTS.items():
        items = getattr(role, key)
        lines += section(f"{heading} ({len(items)})", _stated(items, sources))
    lines += _names(taxonomy, role, "tool", role.tools, sources)
    lines += _names(taxonomy, role, "skill", role.skills, sources)
    lines += section("Neighbours", _neighbours(taxonomy, role, sources))
    lines += section("Other names", _stated(role.other_names, sources))
    lines += section("Nearest in public schemes", map(_link, role.links))
    return "\n".join(lines)


def skill_brief(taxonomy: Taxonomy, skill: Skill) -> str:
    """Return what the lexicon and the roles say of a skill, as Markdown."""
    lines = [f"# {skill.name} ({skill.id})", ""]
    lines.append(f"- kind: {skill.kind}, {skill.type}")
    lines.append(f"- category: {skill.category}")
    broader = list(_broader(taxonomy, skill))
    if broader:
        lines.append(paragraph(f"broader: {' > '.join(broader)}", bullet=True))
    narrower = [s.name for s in taxonomy.skills.values() if s.parent == skill.id]
    if narrower:
        lines.append(paragraph(f"narrower: {', '.join(narrower)}", bullet=True))
    lines += section("Written", _forms(skill))
    users = list(_users(taxonomy, skill))
    lines += section("Roles", users or ["no role lists it"])
    return "\n".join(lines)


def _role_row(role: Role) -> str:
    counts = map(len, (role.responsibilities, role.skills, role.tools))
    return f"{role.id:<20}{role.name:<28}" + "".join(f"{n:>8}" for n in counts)


def _stated(
    items: Iterable[Responsibility | Statement], sources: bool
) -> Iterator[str]:
    for item in items:
        yield cited(item.statement, item.sources, sources)


def _names(
    taxonomy: Taxonomy, role: Role, kind: str, ids: tuple[str, ...], sources: bool
) -> list[str]:
    """Return the section with the names of a role's skills or tools."""
    names = [
        cited(taxonomy.skills[id_].name, role.sources.get(f"{kind}.{id_}", ()), sources)
        for id_ in ids
    ]
    heading = f"## {kind.capitalize()}s ({len(names)})"
    return ["", heading, "", paragraph(", ".join(names))] if names else []


def _neighbours(taxonomy: Taxonomy, role: Role, sources: bool) -> Iterator[str]:
    known = {**taxonomy.roles, **taxonomy.contrast_roles}
    for item in role.neighbours:
        name = known[item.id].name if item.id in known else item.id
        yield f"{name}: {cited(item.statement, item.sources, sources)}"


def _link(link: Link) -> str:
    scheme = _SCHEMES[link.scheme]
    # The version may say the scheme's name itself.
    version = link.version if scheme in link.version else f"{scheme} {link.version}"
    return f"{version}, {link.match}: {f'{link.target} {link.label}'.strip()}"


def _broader(taxonomy: Taxonomy, skill: Skill) -> Iterator[str]:
    seen = {skill.id}
    while skill.parent in taxonomy.skills and skill.parent not in seen:
        skill = taxonomy.skills[skill.parent]
        seen.add(skill.id)
        yield skill.name


def _forms(skill: Skill) -> Iterator[str]:
    if skill.aliases:
        yield f"in any case: {', '.join(skill.aliases)}"
    if skill.guarded:
        guard = f"guarded, case {skill.case}, rule {skill.rule}"
        yield f"{guard}: {', '.join(skill.guarded)}"


def _users(taxonomy: Taxonomy, skill: Skill) -> Iterator[str]:
    for role in (*taxonomy.roles.values(), *taxonomy.contrast_roles.values()):
        if skill.id in (*role.skills, *role.tools):
            sources = role.sources.get(f"{skill.kind}.{skill.id}", ())
            yield cited(role.name, sources, shown=True)
