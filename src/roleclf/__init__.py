"""Say which data role a job posting really is, and why: offline, fast, calibrated."""

from __future__ import annotations

from contextlib import nullcontext
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from roleclf.annotation import Annotator, load
    from roleclf.errors import (
        CorpusError,
        FeedError,
        FetchError,
        ModelError,
        RoleclfError,
        TableError,
        TaxonomyError,
        WatchError,
    )
    from roleclf.feeds import annotate_feed
    from roleclf.records import Annotation, Posting
    from roleclf.taxonomy import load_taxonomy
    from roleclf.text import clean
    from roleclf.training import RoleClassifier

__all__ = [
    "Annotation",
    "Annotator",
    "CorpusError",
    "FeedError",
    "FetchError",
    "ModelError",
    "Posting",
    "RoleClassifier",
    "RoleclfError",
    "TableError",
    "TaxonomyError",
    "WatchError",
    "__version__",
    "annotate_feed",
    "clean",
    "load",
    "load_taxonomy",
]
__version__ = "0.1.0"

# Names are imported when first used (SPEC 1), which keeps `import roleclf` fast.
_MODULE_BY_NAME: Final = {
    "Annotation": "records",
    "Annotator": "annotation",
    "CorpusError": "errors",
    "FeedError": "errors",
    "FetchError": "errors",
    "ModelError": "errors",
    "Posting": "records",
    "RoleClassifier": "training",
    "RoleclfError": "errors",
    "TableError": "errors",
    "TaxonomyError": "errors",
    "WatchError": "errors",
    "annotate_feed": "feeds",
    "clean": "text",
    "load": "annotation",
    "load_taxonomy": "taxonomy",
}
_EXTRA_BY_NAME: Final = {"RoleClassifier": "train"}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_BY_NAME:
        raise AttributeError(f"module 'roleclf' has no attribute {name!r}")
    from roleclf.errors import needs_extra

    # Only a name of an extra may be missing; any other failed import is a bug.
    extra = _EXTRA_BY_NAME.get(name)
    with needs_extra(f"roleclf.{name}", extra) if extra else nullcontext():
        module = import_module(f"roleclf.{_MODULE_BY_NAME[name]}")
    return getattr(module, name)


def __dir__() -> list[str]:
    return sorted(__all__)
