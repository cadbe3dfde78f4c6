"""What `roleclf` and `python -m roleclf` begin with."""

from __future__ import annotations

import atexit
import gc
import sys
from importlib.metadata import entry_points

import pytest

from roleclf.__main__ import run


def test_it_is_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["anything", "--help"])
    at_end: list[object] = []
    monkeypatch.setattr(atexit, "register", at_end.append)
    with pytest.raises(SystemExit, match=r"^0$"):
        run()
    assert capsys.readouterr().out.startswith("Usage: roleclf [OPTIONS] COMMAND")
    assert gc.isenabled()
    assert gc.get_freeze_count()
    gc.unfreeze()
    assert at_end == [gc.freeze]


def test_the_script_begins_with_it() -> None:
    (script,) = entry_points(group="console_scripts", name="roleclf")
    assert script.load() is run
