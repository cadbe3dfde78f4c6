"""Draw the README's picture: what `roleclf explain` prints on a terminal, as SVG.

`make docs` runs it; tests/test_docs.py checks that the picture is up to date.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

__all__ = ["PICTURE", "picture"]

ROOT: Final = Path(__file__).parents[1]
PICTURE: Final = ROOT / "docs" / "explain.svg"
COMMAND: Final = (
    "roleclf",
    "explain",
    "corpora/sample/s028.html",
    "--title",
    "Software Engineer II",
)
# In characters: few lines wrap, and it can still be read at a README's width.
WIDTH: Final = 96
# In pixels: of a character, between two lines, around the text.
CHARACTER: Final = 8.4
LINE: Final = 18
MARGIN: Final = 16
# Only fonts that readers have: a page of GitHub shows no others, and none is fetched.
_FRAME: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" \
role="img" aria-label="{label}">
<style>
rect {{ fill: #1f2430 }}
text {{ fill: #d6dae3; font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, \
"DejaVu Sans Mono", "Liberation Mono", monospace }}
.heading {{ fill: #8ec7ff; font-weight: bold }}
.command {{ fill: #b8dc8a }}
</style>
<rect width="100%" height="100%" rx="8"/>
{words}
</svg>
"""
# What stands between two blanks at least: a cell of a table, or a line of one.
_CELL: Final = re.compile(r"\S+(?: \S+)*")


def picture() -> str:
    """Return a terminal with the command and what it prints, as SVG."""
    command = shlex.join(COMMAND)
    lines = _printed().splitlines()
    words = [_cell(f"$ {command}", 0, 0, "command")]
    for number, line in enumerate(lines, start=1):
        words += _cells(Text.from_ansi(line), number)
    return _FRAME.format(
        width=WIDTH * CHARACTER + 2 * MARGIN,
        height=(len(lines) + 1) * LINE + 2 * MARGIN,
        label=escape(command),
        words="\n".join(words),
    )


def _printed() -> str:
    """Return what the command prints on a terminal, with its bold headings."""
    environment = {
        **os.environ,
        "COLUMNS": str(WIDTH),
        "FORCE_COLOR": "1",
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm-256color",
    }
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", *COMMAND],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def _cells(line: Text, number: int) -> Iterator[str]:
    """Yield each cell at its place, as not every viewer keeps blanks in a row."""
    console = Console()
    for cell in _CELL.finditer(line.plain):
        bold = line.get_style_at_offset(console, cell.start()).bold
        yield _cell(cell[0], cell.start(), number, "heading" if bold else "")


def _cell(words: str, column: int, number: int, kind: str) -> str:
    """Return an element for `words`, as wide as its characters in any font."""
    x, y = MARGIN + column * CHARACTER, MARGIN + (number + 0.75) * LINE
    width = len(words) * CHARACTER
    named = f' class="{kind}"' if kind else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" textLength="{width:.1f}"{named}>'
        f"{escape(words)}</text>"
    )


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
