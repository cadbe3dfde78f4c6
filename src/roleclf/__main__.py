"""Run the command line: `python -m roleclf`."""

from __future__ import annotations

from roleclf.cli import main

if __name__ == "__main__":
    main(prog_name="roleclf")
