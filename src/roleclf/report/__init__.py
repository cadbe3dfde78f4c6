"""Show an evaluation: a page that stands alone, and a few lines for a terminal.

Outside the line, after `evaluate`. The page loads nothing from anywhere: its style is
inside, its charts are drawn by templates as SVG, and it has no script.
"""

from __future__ import annotations

from roleclf.report.page import evaluation_page
from roleclf.report.summary import evaluation_text

__all__ = ["evaluation_page", "evaluation_text"]
