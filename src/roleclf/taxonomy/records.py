"""The frozen shape of the taxonomy: roles, their concepts, and the lexicon's skills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "Comparison",
    "Difference",
    "Disagreement",
    "Link",
    "Position",
    "Responsibility",
    "Role",
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
    """One row of the lexicon.

    `aliases` are safe in any case; `guarded` forms are ordinary words too, and are
    taken only as `case` and `rule` allow. `parent` is a broader skill's id or "".
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

    `triggers` are the patterns of sentences that state it: evidence that can be shown.
    `hints` are looser ones that only the classifier weighs. `phase` is the id of a
    phase of the same role, or "".
    """

    id: str
    statement: str
    triggers: tuple[str, ...]
    sources: tuple[str, ...]
    phase: str = ""
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing said of a role; `id` is its own within the role and the kind.

    `sources` are `article:line`, or `practice` for what this project adds.
    """

    id: str
    statement: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """The entry of a public scheme that stands nearest to a role.

    `target` is a code or an address, "" where `match` is none; a match of
    `broader` says that the scheme's entry is the broader of the two.
    """

    scheme: str
    target: str
    label: str
    match: str
    version: str


@dataclass(frozen=True, slots=True)
class Role:
    """What one role is. Skills and tools are ids of the lexicon.

    `sources` hold for what is but a text or an id here, by the end of the concept's
    id: `definition`, `goal`, `skill.python`, `tool.git` ... A neighbour's id is the
    other role's; an other name's statement is the name.
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
    links: tuple[Link, ...] = ()
    occupational_category: str = ""
    # Not hashed, so that a role still can be.
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Similarity:
    """What two roles share, in one aspect."""

    id: str
    aspect: str
    statement: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What tells two roles apart, in one aspect: what holds on either side."""

    id: str
    aspect: str
    left: str
    right: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two roles, by id, and what they share and do not."""

    left: str
    right: str
    similarities: tuple[Similarity, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """One of the answers to a question on which the sources differ."""

    statement: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A question on which the sources differ; every answer is kept."""

    id: str
    question: str
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where statements come from. `file` is "" where no lines can be counted."""

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
    """Words of a title that say how senior a post is, the same for every role."""

    id: str
    words: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The roles in the order the classifier lists them, and the lexicon.

    `title_words` are folded words that name a profession; what learns from labels
    that come from titles must not see them in the text. `contrast_roles` are roles
    that postings for `other` often are.
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
