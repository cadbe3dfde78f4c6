"""Predict the role of postings with a trained model, and keep the model in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.duties import Duties
from roleclf.errors import ModelError
from roleclf.model.contents import (
    read_experts,
    read_lexicon,
    read_spaces,
    write_arrays,
    write_lexicon,
)
from roleclf.model.experts import LEARNED_EXPERTS, Expert, field_scores, rule_expert
from roleclf.model.feature_rows import Evidence
from roleclf.model.feature_spaces import FeatureSpaces, RuleSpace
from roleclf.model.folder import (
    Files,
    parse_settings,
    read_files,
    write_manifest,
    write_settings,
)
from roleclf.model.layout import MEND
from roleclf.model.prior import Prior, read_prior
from roleclf.model.stacking import FIELDS_BY_HEAD, Prediction, StackingHead, stack
from roleclf.model.titles import TitleRule
from roleclf.taxonomy import RoleOutline, TaxonomyOutline
from roleclf.text import Tokens

if TYPE_CHECKING:
    from roleclf.model.encoder.encoder import Encoder
    from roleclf.taxonomy import Skill

__all__ = ["RoleModel"]

_OUTLINED: Final = ("duties", "skills", "tools")


class RoleModel:
    """A trained model, fixed: features, experts, and a head that combines them.

    Attributes
    ----------
    name : str
        Name and version, as annotations quote it.
    roles : tuple of str
        In the order of the columns of all weights and probabilities.
    spaces : FeatureSpaces
        The features of each expert.
    experts : mapping of "text", "duties", "title" and "rule" to Expert
        The last follows from the roles and need not be given.
    heads : mapping of "both", "text" and "title" to StackingHead
        By the fields that a posting has.
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
        The share of each role among the titles of a broad sample, for `with_prior`.
    skills : mapping of str to Skill, or None
        The lexicon of a taxonomy of one's own; None with the shipped one.
    prior_shift : float64 array, shape (n_roles,)
        Logarithm of `prior` over the mix of roles that the model learned with.
    encoder : Encoder or None
        Reads again what this model is unsure of; see `with_encoder`.
    """

    def __init__(
        self,
        *,
        name: str,
        roles: tuple[str, ...],
        spaces: FeatureSpaces,
        experts: Mapping[str, Expert],
        heads: Mapping[str, StackingHead],
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
        self.spaces = spaces._replace(rule=RuleSpace(roles))
        self.experts = {**experts, "rule": rule_expert(len(roles))}
        self.heads = heads
        self.threshold = threshold
        self.languages = languages
        self.taxonomy = taxonomy
        self.titles = titles
        self.prior = prior
        self.market = market
        self.skills = skills
        self.encoder: Encoder | None = None
        self.prior_shift = np.zeros(len(roles))

    def extract_features(
        self,
        texts: Tokens,
        titles: Tokens,
        readable: npt.NDArray[np.bool_] | None = None,
    ) -> tuple[Evidence, Duties]:
        """Return the features of a batch, and the duties found on the way.

        Parameters
        ----------
        readable : bool array, shape (n_postings,), or None
            Texts to read; the others get no features.
        """
        duties = self.spaces.duties.patterns.find(texts)
        title = self.spaces.title.rows(titles)
        evidence = Evidence(
            text=self.spaces.text.rows(texts, readable),
            duties=self.spaces.duties.rows(duties, len(texts.texts), readable),
            title=title,
            rule=self.spaces.rule.rows(
                self.titles.named(titles.texts, title.is_filled)
            ),
        )
        return evidence, duties

    def predict(self, evidence: Evidence) -> Prediction:
        """Return the probabilities of a batch.

        Parameters
        ----------
        evidence : Evidence
            As `extract_features` returns it. Where a field has no features, the other
            decides alone.
        """
        scores = field_scores(self.experts, evidence)
        has_text = evidence.text.is_filled
        has_title = evidence.title.is_filled | evidence.rule.is_filled
        return stack(self.heads, scores, has_text, has_title)

    def with_prior(self, prior: Prior) -> RoleModel:
        """Return this model with probabilities for another mix, by Bayes' rule.

        Parameters
        ----------
        prior : str, Path or mapping of str to float
            As `read_prior` takes it.

        Raises
        ------
        ValueError
            If it is no mix of the model's roles.
        """
        model = copy(self)
        model.prior = read_prior(prior, self.roles, self.market)
        log_ratio = np.log(model.prior / self.prior)
        model.prior_shift = self.prior_shift + log_ratio
        model.heads = {
            name: head.with_prior_shift(log_ratio) for name, head in self.heads.items()
        }
        return model

    def with_encoder(self, encoder: Encoder) -> RoleModel:
        """Return this model with an encoder beside it, whose threshold then holds.

        Raises
        ------
        ValueError
            If the encoder knows other roles.
        """
        settings = encoder.settings
        if set(settings.roles) != set(self.roles):
            known = ", ".join(settings.roles)
            raise ValueError(
                f"{settings.name} knows other roles than the model: {known}"
            )
        model = copy(self)
        model.encoder = encoder
        model.threshold = settings.threshold
        model.name = f"{self.name} + {settings.name}"
        return model

    def save(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Write the model into `folder`; `about` goes into the manifest."""
        folder.mkdir(parents=True, exist_ok=True)
        write_lexicon(folder, self.skills)
        write_arrays(folder, self.spaces, self.experts)
        write_settings(folder, self._settings())
        write_manifest(folder, about)

    @classmethod
    def load(cls, folder: Path) -> RoleModel:
        """Return the model in `folder`; every file is checked before use.

        Raises
        ------
        ModelError
            If the folder holds no model, one of another format, or a file that is
            not what the manifest says.
        """
        files = read_files(folder)
        try:
            return cls._of_files(folder, files)
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise ModelError(folder, "holds what no model holds", MEND) from error

    @classmethod
    def _of_files(cls, folder: Path, files: Files) -> RoleModel:
        settings = parse_settings(folder, files)
        return cls(
            name=settings["name"],
            roles=tuple(settings["roles"]),
            spaces=read_spaces(files, tuple(settings["duties"])),
            experts=read_experts(files, settings["intercepts"]),
            heads={
                name: StackingHead.from_dict(settings["heads"][name])
                for name in FIELDS_BY_HEAD
            },
            threshold=settings["threshold"],
            languages=frozenset(settings["languages"]),
            taxonomy=_outline(settings["taxonomy"]),
            titles=TitleRule(
                settings["title_patterns"],
                # Models of earlier versions have no words: their patterns read titles.
                words=settings.get("title_terms"),
                source=str(folder),
            ),
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
            "title_terms": self.titles.words,
            "prior": dict(zip(self.roles, self.prior.tolist(), strict=True)),
            "market": self.market,
            "intercepts": {
                name: self.experts[name].intercept.tolist() for name in LEARNED_EXPERTS
            },
            "heads": {name: head.to_dict() for name, head in self.heads.items()},
        }


def _outline(entry: Mapping[str, Any]) -> TaxonomyOutline:
    roles = [
        RoleOutline(role["role"], *(tuple(role[kind]) for kind in _OUTLINED))
        for role in entry["roles"]
    ]
    return TaxonomyOutline(entry["version"], tuple(roles))
