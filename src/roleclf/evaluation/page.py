"""Show an evaluation as one HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

__all__ = ["evaluation_page"]

_DUTY_PART: Final = ".responsibility."
_TITLE_BY_EXPERT: Final = {
    "text": "Words of the text",
    "duties": "Duties stated",
    "title": "Words of the title",
}


def evaluation_page(evaluation: Mapping[str, Any]) -> str:
    """Return the HTML page of what `evaluate_model` returned."""
    environment = Environment(
        loader=PackageLoader("roleclf.evaluation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "rate": _rate,
        "percent": _percent,
        "span": _span,
        "words": _words,
        "feature": _feature,
    }
    page = environment.get_template("evaluation.html").render(
        **evaluation,
        experts=_TITLE_BY_EXPERT,
        floor=_chart_floor(evaluation["coverage"]),
    )
    return page.lstrip()


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}".replace("%", "\N{NO-BREAK SPACE}%")


def _span(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f"{interval[0]:.3f}–{interval[1]:.3f}"


def _words(name: str) -> str:
    """Return an id with blanks, at which it can be wrapped."""
    return name.replace("_", " ")


def _feature(name: str) -> str:
    """Return a feature as people read it: a duty by its name and role."""
    role, is_duty, duty = name.partition(_DUTY_PART)
    return f"{_words(duty)} ({_words(role)})" if is_duty else name


def _chart_floor(coverage: list[Mapping[str, Any]]) -> float:
    """Return where the axis of the coverage chart begins: the tenth below all."""
    lowest = min((point["accuracy_95"][0] for point in coverage), default=0.0)
    return int(lowest * 10) / 10 if lowest < 1 else 0.0
