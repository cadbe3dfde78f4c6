"""URNs that mark what roleclf adds to a document, so that a later run finds it."""

from __future__ import annotations

from typing import Final

__all__ = ["ANNOTATION_URN", "ROLE_URN", "SKILL_URN", "URN_PREFIX"]

URN_PREFIX: Final = "urn:roleclf:"
ROLE_URN: Final = f"{URN_PREFIX}role"
SKILL_URN: Final = f"{URN_PREFIX}skill"
# The namespace of an annotation in XML.
ANNOTATION_URN: Final = f"{URN_PREFIX}annotation:1"
