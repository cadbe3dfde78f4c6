"""A small invented taxonomy without a problem, and copies of the shipped one."""

from __future__ import annotations

import shutil
from pathlib import Path

from roleclf.taxonomy import SHIPPED_TAXONOMY

SMALL = {
    "taxonomy.yaml": """\
version: 0.1.0
roles: [cook, baker]
title_words: [cook, baker]
""",
    "skills.csv": """\
id,name,kind,type,category,aliases,guarded,case,rule,parent
oven,Oven,tool,product,kitchen,oven|ovens,,,,
range,Range cooker,tool,product,kitchen,range cooker,Range,exact,word,oven
kneading,Kneading,skill,method,dough,kneading|knead dough,,,,
""",
    "sources.yaml": """\
- id: guild
  file: guild.txt
  publisher: the guild
  title: On bread and broth
  kind: article
- id: practice
  file: null
  publisher: us
  title: What we see
  kind: practice
""",
    "source_lines.csv": """\
source,line,content,concepts
guild,1,none,
guild,3,role,cook.definition;cook.tool.oven
guild,4,role,cook.responsibility.boil;comparison.cook.baker.fire
""",
    "seniority.yaml": """\
- id: chief
  words: [chef, head]
  sources: [practice]
- id: junior
  words: [commis]
  sources: [practice]
""",
    "words.yaml": """\
- id: heat
  words: [boil, simmer]
- id: food
  words: [broth, soup]
""",
    "comparisons.yaml": """\
pairs:
  - left: cook
    right: baker
    similarities:
      - id: fire
        aspect: tools
        statement: Both work at the fire.
        sources: [guild:4]
    differences:
      - id: day
        aspect: focus
        left: Works at noon.
        right: Works at night.
        sources: [practice]
disagreements:
  - id: who_cleans
    question: Who cleans the oven?
    positions:
      - statement: The cook.
        sources: [practice]
      - statement: The baker.
        sources: [practice]
""",
    "roles/cook.yaml": """\
id: cook
name: Cook
definition:
  text: Someone who feeds people.
  sources: [guild:3]
phases:
  - id: heat
    statement: Make a fire.
    sources: [practice]
responsibilities:
  - id: boil
    statement: Boils broth.
    phase: heat
    triggers:
      - "(boil|simmer) .. [clear] broth"
    sources: [guild:4]
skills: []
tools:
  - {skill: oven, sources: [guild:3]}
title_patterns:
  - '\\bcooks?\\b'
neighbours:
  - {role: baker, statement: Bakes., sources: [practice]}
  - {role: waiter, statement: Carries., sources: [practice]}
links:
  isco_08: {code: "5120", label: Cooks, match: exact, version: ISCO-08}
""",
    "roles/baker.yaml": """\
id: baker
name: Baker
definition: {text: Someone who bakes., sources: [practice]}
responsibilities:
  - id: bake
    statement: Bakes bread.
    triggers: [bake bread]
    sources: [practice]
skills:
  - {skill: kneading, sources: [practice]}
tools:
  - {skill: oven, sources: [practice]}
title_patterns: ['\\bbakers?\\b']
""",
    "contrast/waiter.yaml": """\
id: waiter
name: Waiter
definition: {text: Someone who carries., sources: [practice]}
responsibilities: []
skills: []
tools: []
title_patterns: [waiter]
""",
}


def small_taxonomy(folder: Path) -> Path:
    """Write the small taxonomy into `folder`."""
    for name, text in SMALL.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def copied_taxonomy(folder: Path) -> Path:
    """Copy the shipped taxonomy to `folder`, which does not exist yet."""
    return Path(shutil.copytree(SHIPPED_TAXONOMY, folder))


def changed(path: Path, old: str, new: str) -> None:
    """Replace the one place of `old` in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")
