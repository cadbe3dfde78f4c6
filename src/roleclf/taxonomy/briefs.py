"""Format the taxonomy for people: a table of all roles, one role, one skill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from roleclf.taxonomy.markdown import bullet, bullet_section, cited, paragraph
from roleclf.taxonomy.records import (
    Responsibility,
    Role,
    SchemeLink,
    Skill,
    Statement,
    Taxonomy,
)

__all__ = ["role_brief", "skill_brief", "taxonomy_brief"]

_PARAGRAPH_KEYS: Final = ("goal", "focus", "application")
_HEADING_BY_KEY: Final = {
    "responsibilities": "Responsibilities",
    "phases": "Phases of the life cycle",
    "qualities": "Qualities",
    "education": "Education",
    "certifications": "Certifications",
    "industries": "Industries",
}
_SCHEME_NAMES: Final = {"esco": "ESCO", "onet_soc": "O*NET-SOC", "isco_08": "ISCO-08"}


def taxonomy_brief(taxonomy: Taxonomy) -> str:
    """Return a table of all roles, with counts of their duties, skills and tools."""
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
    """Return everything stated of a role as Markdown, with sources if asked for."""

    def text(key: str) -> str:
        return cited(getattr(role, key), role.sources.get(key, ()), sources)

    lines = [f"# {role.name} ({role.id})", "", paragraph(text("definition"))]
    for key in _PARAGRAPH_KEYS:
        if getattr(role, key):
            lines += ["", paragraph(f"{key.capitalize()}: {text(key)}")]
    for key, heading in _HEADING_BY_KEY.items():
        items = getattr(role, key)
        statements = _cited_statements(items, sources)
        lines += bullet_section(f"{heading} ({len(items)})", statements)
    lines += _skill_section(taxonomy, role, "tool", role.tools, sources)
    lines += _skill_section(taxonomy, role, "skill", role.skills, sources)
    lines += bullet_section("Neighbours", _neighbours(taxonomy, role, sources))
    lines += bullet_section("Other names", _cited_statements(role.other_names, sources))
    lines += bullet_section("Nearest in public schemes", map(_scheme_link, role.links))
    return "\n".join(lines)


def skill_brief(taxonomy: Taxonomy, skill: Skill) -> str:
    """Return what the lexicon and the roles state of a skill, as Markdown."""
    lines = [f"# {skill.name} ({skill.id})", ""]
    lines.append(f"- kind: {skill.kind}, {skill.type}")
    lines.append(f"- category: {skill.category}")
    broader = list(_broader_names(taxonomy, skill))
    if broader:
        lines.append(bullet(f"broader: {' > '.join(broader)}"))
    narrower = [s.name for s in taxonomy.skills.values() if s.parent == skill.id]
    if narrower:
        lines.append(bullet(f"narrower: {', '.join(narrower)}"))
    lines += bullet_section("Written", _written_forms(skill))
    roles = list(_roles_with_skill(taxonomy, skill))
    lines += bullet_section("Roles", roles or ["no role lists it"])
    return "\n".join(lines)


def _role_row(role: Role) -> str:
    counts = map(len, (role.responsibilities, role.skills, role.tools))
    return f"{role.id:<20}{role.name:<28}" + "".join(f"{n:>8}" for n in counts)


def _cited_statements(
    items: Iterable[Responsibility | Statement], sources: bool
) -> Iterator[str]:
    for item in items:
        yield cited(item.statement, item.sources, sources)


def _skill_section(
    taxonomy: Taxonomy, role: Role, kind: str, ids: tuple[str, ...], sources: bool
) -> list[str]:
    """Return the lines of a section with the names of a role's skills or tools."""
    names = [
        cited(taxonomy.skills[id_].name, role.sources.get(f"{kind}.{id_}", ()), sources)
        for id_ in ids
    ]
    heading = f"## {kind.capitalize()}s ({len(names)})"
    return ["", heading, "", paragraph(", ".join(names))] if names else []


def _neighbours(taxonomy: Taxonomy, role: Role, sources: bool) -> Iterator[str]:
    role_by_id = {**taxonomy.roles, **taxonomy.contrast_roles}
    for item in role.neighbours:
        name = role_by_id[item.id].name if item.id in role_by_id else item.id
        yield f"{name}: {cited(item.statement, item.sources, sources)}"


def _scheme_link(link: SchemeLink) -> str:
    scheme = _SCHEME_NAMES[link.scheme]
    # Some versions include the name of the scheme ("ISCO-08").
    version = link.version if scheme in link.version else f"{scheme} {link.version}"
    return f"{version}, {link.match}: {f'{link.target} {link.label}'.strip()}"


def _broader_names(taxonomy: Taxonomy, skill: Skill) -> Iterator[str]:
    """Yield the names of a skill's parent, the parent's parent and so on."""
    seen = {skill.id}
    while skill.parent in taxonomy.skills and skill.parent not in seen:
        skill = taxonomy.skills[skill.parent]
        seen.add(skill.id)
        yield skill.name


def _written_forms(skill: Skill) -> Iterator[str]:
    if skill.aliases:
        yield f"in any case: {', '.join(skill.aliases)}"
    if skill.guarded:
        conditions = f"guarded, case {skill.case}, rule {skill.rule}"
        yield f"{conditions}: {', '.join(skill.guarded)}"


def _roles_with_skill(taxonomy: Taxonomy, skill: Skill) -> Iterator[str]:
    """Yield the names of the roles that list a skill, with the sources of that."""
    for role in (*taxonomy.roles.values(), *taxonomy.contrast_roles.values()):
        if skill.id in (*role.skills, *role.tools):
            sources = role.sources.get(f"{skill.kind}.{skill.id}", ())
            yield cited(role.name, sources, shown=True)
