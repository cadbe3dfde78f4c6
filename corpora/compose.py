"""Compose postings of lines that were written for roleclf, to learn words from.

    python corpora/compose.py build/written.parquet

Each language's lines are in corpora/written. A posting has duties of its role, perhaps
one of another; what it says of the company, the pay or the law is drawn without regard
to the role, so that nothing can be learned from it. Some have no duties at all: their
role is drawn last, so that such a text says nothing.
"""

from __future__ import annotations

import csv
import random
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

LINES: Final = Path(__file__).parent / "written"
ROLES: Final = (
    "data_scientist",
    "ml_engineer",
    "mlops_engineer",
    "data_engineer",
    "dataops_engineer",
)
# In English there are many labelled postings, and few are needed besides.
POSTINGS: Final = {"en": 300}
POSTINGS_OF_A_LANGUAGE: Final = 800
# As many postings are of no data role as of three of the roles.
N_OTHER: Final = 3
WITHOUT_DUTIES: Final = 0.1
WITHOUT_HEADINGS: Final = 0.3
IN_PROSE: Final = 0.3
WITH_A_DUTY_OF_ANOTHER: Final = 0.25

# Lines of a language by kind, then by role or profession.
Lines = Mapping[str, Mapping[str, Sequence[str]]]


def main(output: Path) -> None:
    """Write the postings of all languages, with columns description, role, lang."""
    rows = [
        {**posting, "lang": path.stem}
        for path in sorted(LINES.glob("*.csv"))
        for posting in compose(
            read_lines(path),
            POSTINGS.get(path.stem, POSTINGS_OF_A_LANGUAGE),
            random.Random(path.stem),  # noqa: S311  # no secret
        )
    ]
    output.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_parquet(output, index=False)


def read_lines(path: Path) -> Lines:
    """Return the lines of a language."""
    lines: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lines[row["kind"]][row["role"]].append(row["text"])
    return lines


def compose(lines: Lines, n: int, chance: random.Random) -> list[dict[str, str]]:
    """Return `n` postings of a language."""
    others = [role for role in lines["duty"] if role not in ROLES]
    postings = []
    for _ in range(n):
        kind = chance.choice([*ROLES, *["other"] * N_OTHER])
        who = kind if kind in ROLES else chance.choice(others)
        parts = {"company": draw(lines["blurb"], chance, 1, 4)}
        if chance.random() >= WITHOUT_DUTIES:
            parts["duties"] = duties(lines, who, chance)
            parts["requirements"] = requirements(lines, who, chance)
        for section, line in (("benefits", "benefit"), ("apply", "apply")):
            parts[section] = draw(lines[line], chance, 0, 3)
        parts["apply"] += draw(lines["legal"], chance, 0, 2)
        text = layout(parts, lines["heading"], chance)
        postings.append({"description": text, "role": kind})
    return postings


def duties(lines: Lines, who: str, chance: random.Random) -> list[str]:
    """Return duties of a role or profession, perhaps with one of another role."""
    own = lines["duty"][who]
    chosen = chance.sample(own, chance.randint(min(3, len(own)), min(8, len(own))))
    if chance.random() < WITH_A_DUTY_OF_ANOTHER and len(chosen) > 2:
        another = chance.choice([role for role in ROLES if role != who])
        chosen[-1] = chance.choice(lines["duty"][another])
        chance.shuffle(chosen)
    return chosen


def requirements(lines: Lines, who: str, chance: random.Random) -> list[str]:
    """Return requirements of a role, perhaps of its neighbours."""
    own = lines["requirement"]
    usual = own[who] if who in own else [*own["other_tech"], *own["other_trade"]]
    chosen = chance.sample(usual, chance.randint(1, min(5, len(usual))))
    if chance.random() < WITH_A_DUTY_OF_ANOTHER:
        chosen.append(chance.choice(own[chance.choice(list(own))]))
    return chosen


def draw(
    lines: Mapping[str, Sequence[str]], chance: random.Random, least: int, most: int
) -> list[str]:
    """Return some lines of a kind that belong to no role."""
    every = [line for of_role in lines.values() for line in of_role]
    return chance.sample(every, min(chance.randint(least, most), len(every)))


def layout(
    parts: Mapping[str, Sequence[str]],
    headings: Mapping[str, Sequence[str]],
    chance: random.Random,
) -> str:
    """Return the text of a posting, with or without headings, bullets or prose."""
    has_headings = chance.random() >= WITHOUT_HEADINGS
    bullet = chance.choice(["- ", "* ", "• ", ""])
    blocks = []
    for section, lines in parts.items():
        if not lines:
            continue
        if has_headings and section in headings:
            blocks.append(chance.choice(headings[section]))
        if section == "company" or chance.random() < IN_PROSE:
            blocks.append(" ".join(line.rstrip(".") + "." for line in lines))
        else:
            blocks.extend(bullet + line for line in lines)
    return "\n".join(blocks)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
