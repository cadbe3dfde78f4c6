"""RoleModel: features in, probabilities out."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.duties import Duties
from roleclf.errors import ModelError
from roleclf.model.experts import FIELD_BY_EXPERT, HEADS, Expert, Prediction, Spaces
from roleclf.model.features import Evidence
from roleclf.model.folder import (
    MEND,
    Files,
    experts_in,
    read_files,
    read_lexicon,
    settings_in,
    spaces_in,
    write_folder,
    write_lexicon,
)
from roleclf.model.prior import Prior, read_prior
from roleclf.model.stacking import Head
from roleclf.model.titles import TitleRule
from roleclf.taxonomy import RoleOutline, TaxonomyOutline
from roleclf.text import Tokens

if TYPE_CHECKING:
    from roleclf.taxonomy import Skill

__all__ = ["RoleModel"]

_OUTLINED: Final = ("duties", "skills", "tools")


class RoleModel:
    """A trained model, fixed.

    Attributes
    ----------
    name : str
        Name and version, as annotations quote it.
    roles : tuple of str
    spaces : Spaces
        The features of each kind of evidence.
    experts : mapping of "text", "duties" and "title" to Expert
    heads : mapping of "both", "text" and "title" to Head
    threshold : float
        Confidence from which a role is `sure`, 0-1.
    languages : frozenset of str
        ISO 639-1 codes of the texts the model can read.
    taxonomy : TaxonomyOutline
        Of the taxonomy the model was trained with.
    titles : TitleRule
        Which role a title names.
    prior : float64 array, shape (n_roles,)
        The mix of roles that probabilities assume.
    market : mapping of str to float, or None
        The mix that titles of a broad sample name, for `with_prior`.
    skills : mapping of str to Skill, or None
        The lexicon of a taxonomy of one's own; None with the shipped one.
    """

    def __init__(
        self,
        *,
        name: str,
        roles: tuple[str, ...],
        spaces: Spaces,
        experts: Mapping[str, Expert],
        heads: Mapping[str, Head],
        threshold: float,
        languages: frozenset[str],
        taxonomy: TaxonomyOutline,
        titles: TitleRule,
        prior: npt.NDArray[np.float64],
        market: Mapping[str, float] | None = None,
        skills: Mapping[str, Skill] | None = None,
    ) -> None:
        self.name = name
        self.roles = roles
        self.spaces = spaces
        self.experts = experts
        self.heads = heads
        self.threshold = threshold
        self.languages = languages
        self.taxonomy = taxonomy
        self.titles = titles
        self.prior = prior
        self.market = market
        self.skills = skills

    def with_prior(self, wish: Prior) -> RoleModel:
        """Return this model with probabilities for another mix, by Bayes' rule.

        Parameters
        ----------
        wish : str, Path or mapping of str to float
            As `prior.read_prior` takes it.

        Raises
        ------
        ValueError
            If it is no mix of the model's roles.
        """
        prior = read_prior(wish, self.roles, self.market)
        log_odds = np.log(prior / self.prior)
        model = copy(self)
        model.heads = {name: h.tilted(log_odds) for name, h in self.heads.items()}
        model.prior = prior
        return model

    def read(
        self,
        texts: Tokens,
        titles: Tokens,
        readable: npt.NDArray[np.bool_] | None = None,
    ) -> tuple[Evidence, Duties]:
        """Return a batch as the model sees it, and the duties found on the way.

        Parameters
        ----------
        readable : bool array, shape (n_postings,), or None
            Texts to read; the others say nothing.
        """
        duties = self.spaces.duties.patterns.find(texts)
        evidence = Evidence(
            self.spaces.text.rows(texts, readable),
            self.spaces.duties.rows(duties, len(texts.texts), readable),
            self.spaces.title.rows(titles),
        )
        return evidence, duties

    def predict(self, evidence: Evidence) -> Prediction:
        """Return the probabilities of a batch.

        Parameters
        ----------
        evidence : Evidence
            As `read` returns it. A field without any feature says nothing, and the
            other decides alone.
        """
        scores: dict[str, npt.NDArray[np.float64]] = {}
        for expert, field in FIELD_BY_EXPERT.items():
            said = self.experts[expert].scores(getattr(evidence, expert))
            scores[field] = scores.get(field, 0.0) + said
        scores["both"] = np.hstack((scores["text"], scores["title"]))
        speaks = {
            "text": np.diff(evidence.text.bounds) > 0,
            "title": np.diff(evidence.title.bounds) > 0,
        }
        speaks["both"] = speaks["text"] & speaks["title"]
        proba = {
            name: np.where(
                speaks[name][:, None],
                self.heads[name].probabilities(scores[name]),
                np.nan,
            )
            for name in HEADS
        }
        whole = np.where(speaks["both"][:, None], proba["both"], proba["text"])
        whole = np.where(speaks["text"][:, None], whole, proba["title"])
        return Prediction(whole, proba["title"], proba["text"])

    def save(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Write the model into `folder`; `about` goes into the manifest."""
        write_lexicon(folder, self.skills)
        write_folder(folder, self.spaces, self.experts, self._settings(), about)

    @classmethod
    def load(cls, folder: Path) -> RoleModel:
        """Return the model kept in `folder`, every file checked before use.

        Raises
        ------
        ModelError
            If the folder holds no model, one of another format, or a file that is
            not what the manifest says.
        """
        files = read_files(folder)
        try:
            return cls._read(folder, files)
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise ModelError(folder, "holds what no model holds", MEND) from error

    @classmethod
    def _read(cls, folder: Path, files: Files) -> RoleModel:
        settings = settings_in(folder, files)
        return cls(
            name=settings["name"],
            roles=tuple(settings["roles"]),
            spaces=spaces_in(files, tuple(settings["duties"])),
            experts=experts_in(files, settings["intercepts"]),
            heads={name: _load_head(settings["heads"][name]) for name in HEADS},
            threshold=settings["threshold"],
            languages=frozenset(settings["languages"]),
            taxonomy=_load_outline(settings["taxonomy"]),
            titles=TitleRule(settings["title_patterns"], place=str(folder)),
            prior=np.array([settings["prior"][role] for role in settings["roles"]]),
            market=settings["market"],
            skills=read_lexicon(folder),
        )

    def _settings(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "roles": list(self.roles),
            "threshold": self.threshold,
            "languages": sorted(self.languages),
            "taxonomy": self.taxonomy.to_dict(),
            "duties": list(self.spaces.duties.names),
            "title_patterns": self.titles.patterns_by_role,
            "prior": dict(zip(self.roles, self.prior.tolist(), strict=True)),
            "market": self.market,
            "intercepts": {
                name: expert.intercept.tolist() for name, expert in self.experts.items()
            },
            "heads": {
                name: {
                    "trust": head.trust.tolist(),
                    "intercept": head.intercept.tolist(),
                    "temperature": head.temperature,
                }
                for name, head in self.heads.items()
            },
        }


def _load_head(entry: Mapping[str, Any]) -> Head:
    return Head(
        np.array(entry["trust"]), np.array(entry["intercept"]), entry["temperature"]
    )


def _load_outline(entry: Mapping[str, Any]) -> TaxonomyOutline:
    roles = [
        RoleOutline(role["role"], *(tuple(role[kind]) for kind in _OUTLINED))
        for role in entry["roles"]
    ]
    return TaxonomyOutline(entry["version"], tuple(roles))
