"""Import the names that a package exports when they are first used (SPEC 1).

Importing a package for one name then does not import the modules of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["loader"]


def loader(package: str, module_by_name: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a `__getattr__` for a package.

    Parameters
    ----------
    package : str
        Its full name.
    module_by_name : mapping of str to str
        The names that it exports lazily, and the module of the package that has each.

    Examples
    --------
    >>> load = loader("json", {"JSONDecoder": "decoder"})
    >>> load("JSONDecoder").__module__
    'json.decoder'
    """

    def load(name: str) -> Any:
        if name not in module_by_name:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(f"{package}.{module_by_name[name]}")
        return getattr(module, name)

    return load
