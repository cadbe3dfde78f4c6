"""Print the oldest libraries that pyproject.toml allows, as constraints for pip."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads(
    (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
)["project"]


def main() -> None:
    """Print a line for each dependency, those of the extra `train` included."""
    for wanted in (
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["train"],
    ):
        found = re.fullmatch(r"([\w-]+)>=([\d.]+)", wanted)
        if found is None:
            raise SystemExit(f"pyproject.toml: {wanted!r} names no oldest version")
        print("==".join(found.groups()))


if __name__ == "__main__":
    main()
