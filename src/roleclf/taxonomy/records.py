"""The taxonomy as frozen records: roles, what is stated of them, skills, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "Comparison",
    "Difference",
    "Disagreement",
    "Position",
    "Responsibility",
    "Role",
    "SchemeLink",
    "SeniorityLevel",
    "Similarity",
    "Skill",
    "Source",
    "SourceLine",
    "Statement",
    "Taxonomy",
]


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill or tool: one row of the lexicon, `skills.csv`.

    Attributes
    ----------
    id, name : str
    kind : str
        `tool` (a named technology) or `skill` (a method, field or practice).
    type, category : str
    aliases : tuple of str
        Written forms that mean the skill in any letter case.
    guarded : tuple of str
        Written forms that are also ordinary words, letters or names ("Go", "R"); they
        count only as `case` and `rule` allow.
    case : str
        Letter case that a guarded form needs: `exact`, `capital` or `any`.
    rule : str
        Context that a guarded form needs: `safe`, `word`, `vendor`, `name`, `letter`
        or `list`.
    parent : str
        Id of the broader skill, or "".
    """

    id: str
    name: str
    kind: str
    type: str
    category: str
    aliases: tuple[str, ...]
    guarded: tuple[str, ...]
    case: str
    rule: str
    parent: str


@dataclass(frozen=True, slots=True)
class Responsibility:
    """One duty of a role.

    Attributes
    ----------
    id : str
        Unique within the role.
    statement : str
    triggers : tuple of str
        Patterns of sentences that state the duty and can be shown as evidence; their
        syntax is in `triggers`.
    sources : tuple of str
    phase : str
        Id of one of the role's phases, or "".
    hints : tuple of str
        Looser patterns, which only the classifier weighs.
    """

    id: str
    statement: str
    triggers: tuple[str, ...]
    sources: tuple[str, ...]
    phase: str = ""
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement about a role; `id` is unique within the role and the kind.

    `sources` are `article:line`, or `practice` for what this project adds.
    """

    id: str
    statement: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchemeLink:
    """The entry of a public classification (ESCO, O*NET, ISCO) nearest to a role.

    Attributes
    ----------
    scheme : str
        `esco`, `onet_soc` or `isco_08`.
    target : str
        Code or address of the entry; "" where `match` is `none`.
    label : str
    match : str
        `exact`, `close`, `broader` (the entry is broader than the role) or `none`.
    version : str
        Version of the scheme.
    """

    scheme: str
    target: str
    label: str
    match: str
    version: str


@dataclass(frozen=True, slots=True)
class Role:
    """The description of one role.

    `skills` and `tools` are ids of the lexicon. The id of a neighbour is the id of the
    other role; the statement of an other name is that name. `sources` has the sources
    of what is a plain text or id here, by the end of its concept id: `definition`,
    `goal`, `skill.python`, `tool.git`.
    """

    id: str
    name: str
    definition: str
    responsibilities: tuple[Responsibility, ...]
    skills: tuple[str, ...]
    tools: tuple[str, ...]
    title_patterns: tuple[str, ...]
    goal: str = ""
    focus: str = ""
    application: str = ""
    phases: tuple[Statement, ...] = ()
    qualities: tuple[Statement, ...] = ()
    education: tuple[Statement, ...] = ()
    certifications: tuple[Statement, ...] = ()
    industries: tuple[Statement, ...] = ()
    other_names: tuple[Statement, ...] = ()
    neighbours: tuple[Statement, ...] = ()
    links: tuple[SchemeLink, ...] = ()
    occupational_category: str = ""
    # A mapping has no hash; without it the role has one.
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Similarity:
    """What two roles have in common in one aspect."""

    id: str
    aspect: str
    statement: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """How two roles differ in one aspect: a statement for each of them."""

    id: str
    aspect: str
    left: str
    right: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The similarities and differences of two roles, named by id."""

    left: str
    right: str
    similarities: tuple[Similarity, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """One answer to a question on which the sources disagree."""

    statement: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A question on which the sources disagree, with every answer."""

    id: str
    question: str
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A source of statements; `file` is "" where it has no lines to refer to."""

    id: str
    file: str
    publisher: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of an article, counted from 1, and the ids of the concepts it backs."""

    source: str
    line: int
    content: str
    concepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeniorityLevel:
    """Title words for one level of seniority, the same for every role."""

    id: str
    words: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Everything that a taxonomy folder holds.

    `roles` are in the order in which the classifier lists them. `contrast_roles` are
    further roles that many postings labelled `other` are for. `title_words` are folded
    words that name a profession ("engineer"); a model that learns from labels taken
    from titles must not see them in the text. `title_terms` is the content of
    `titles.yaml`, which says what the words of titles are; None without that file.
    """

    version: str
    roles: Mapping[str, Role]
    skills: Mapping[str, Skill]
    title_words: tuple[str, ...]
    contrast_roles: Mapping[str, Role] = field(default_factory=dict)
    comparisons: tuple[Comparison, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    source_lines: tuple[SourceLine, ...] = ()
    seniority: tuple[SeniorityLevel, ...] = ()
    title_terms: Mapping[str, Any] | None = None
