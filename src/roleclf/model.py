"""RoleModel: features in, probabilities out; and the folder a model is kept in.

Step 7 of the line: ... -> features -> MODEL -> explain -> write. Two linear experts,
one reads the text and one the title; a small head weighs what both say. Prediction
needs numpy alone. A model folder holds arrays and JSON, nothing that can run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from copy import copy
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.duties import Duties, DutyPatterns, DutyTables
from roleclf.errors import ModelError
from roleclf.features import DutySpace, Evidence, FeatureSpace, Rows
from roleclf.heads import Head
from roleclf.prior import Prior, read_prior
from roleclf.profile import Outline, RoleOutline
from roleclf.titles import TitleRule
from roleclf.tokens import Tokens
from roleclf.words import WordList

__all__ = [
    "FIELD_BY_EXPERT",
    "FORMAT",
    "Expert",
    "Prediction",
    "RoleModel",
    "Spaces",
    "read_manifest",
    "read_settings",
    "shipped_model",
    "verify",
]

FORMAT: Final = 2
_MANIFEST: Final = "manifest.json"
_SETTINGS: Final = "model.json"
_DUTIES: Final = "duties.npz"
# Each expert, and the field of a posting that it reads.
FIELD_BY_EXPERT: Final = {"text": "text", "duties": "text", "title": "title"}
_WORDY: Final = ("text", "title")
_OF_WORDS: Final = ("words", "parts")
_HEADS: Final = ("both", "text", "title")
_ARRAYS: Final = tuple(
    (expert, array, kind)
    for expert in FIELD_BY_EXPERT
    for array, kind in (
        ("words", np.uint64),
        ("parts", np.int32),
        ("idf", np.float32),
        ("weights", np.float32),
    )
    if expert in _WORDY or array not in _OF_WORDS
)
_OUTLINED: Final = ("duties", "skills", "tools")
_MEND: Final = "train it again, or give another folder with --model"


@dataclass(frozen=True, slots=True)
class Expert:
    """A linear view of one kind of evidence: its features' weight for each role.

    `weights` has shape (n_features, n_roles), `intercept` (n_roles,); scores are
    log-odds up to a constant. The scores of experts that read one field add up.
    """

    weights: npt.NDArray[np.float32]
    intercept: npt.NDArray[np.float64]

    def scores(self, rows: Rows) -> npt.NDArray[np.float64]:
        """Return centred scores, shape (n_texts, n_roles)."""
        scores = rows.dot(self.weights) + self.intercept
        return scores - scores.mean(axis=1, keepdims=True)


@dataclass(frozen=True, slots=True)
class Spaces:
    """The features of each kind of evidence."""

    text: FeatureSpace
    duties: DutySpace
    title: FeatureSpace

    @property
    def words_of_texts(self) -> tuple[WordList, ...]:
        """The words that are looked up in every text."""
        return self.text.words, self.duties.patterns.words


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model says of a batch; rows of NaN where a field says nothing.

    Each array has shape (n_postings, n_roles): `proba` by all that is there,
    `title` by the title alone, `duties` by the text alone.
    """

    proba: npt.NDArray[np.float64]
    title: npt.NDArray[np.float64]
    duties: npt.NDArray[np.float64]


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
    taxonomy : Outline
        Of the taxonomy the model was trained with.
    titles : TitleRule
        Which role a title names.
    prior : float64 array, shape (n_roles,)
        The mix of roles that probabilities assume.
    market : mapping of str to float, or None
        The mix that titles of a broad sample name, for `with_prior`.
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
        taxonomy: Outline,
        titles: TitleRule,
        prior: npt.NDArray[np.float64],
        market: Mapping[str, float] | None = None,
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
        rows = (
            self.spaces.text.rows(texts),
            self.spaces.duties.rows(duties, len(texts.texts)),
        )
        if readable is not None:
            rows = (rows[0].only(readable), rows[1].only(readable))
        return Evidence(*rows, self.spaces.title.rows(titles)), duties

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
            for name in _HEADS
        }
        whole = np.where(speaks["both"][:, None], proba["both"], proba["text"])
        whole = np.where(speaks["text"][:, None], whole, proba["title"])
        return Prediction(whole, proba["title"], proba["text"])

    def save(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Write the model into `folder`; `about` goes into the manifest."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, array, kind in _ARRAYS:
            values = np.asarray(self._array(name, array), kind)
            np.save(folder / f"{name}_{array}.npy", values, allow_pickle=False)
        for name in _WORDY:
            names = "\n".join(getattr(self.spaces, name).names) + "\n"
            (folder / f"{name}_names.txt").write_text(names, encoding="utf-8")
        tables: dict[str, Any] = self.spaces.duties.patterns.tables.arrays()
        np.savez(folder / _DUTIES, allow_pickle=False, **tables)
        _write_json(folder / _SETTINGS, self._settings())
        files = {path.name: _sha256(path) for path in _data_files(folder)}
        _write_json(folder / _MANIFEST, {"format": FORMAT, **about, "files": files})

    @classmethod
    def load(cls, folder: Path) -> RoleModel:
        """Return the model kept in `folder`, every file checked before use.

        Raises
        ------
        ModelError
            If the folder holds no model, one of another format, or a file that is
            not what the manifest says.
        """
        verify(folder)
        try:
            return cls._read(folder)
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise ModelError(folder, "holds what no model holds", _MEND) from error

    @classmethod
    def _read(cls, folder: Path) -> RoleModel:
        settings = json.loads((folder / _SETTINGS).read_text(encoding="utf-8"))
        return cls(
            name=settings["name"],
            roles=tuple(settings["roles"]),
            spaces=_load_spaces(folder, tuple(settings["duties"])),
            experts={
                name: Expert(_load_array(folder, name, "weights"), np.array(intercept))
                for name, intercept in settings["intercepts"].items()
            },
            heads={name: _load_head(settings["heads"][name]) for name in _HEADS},
            threshold=settings["threshold"],
            languages=frozenset(settings["languages"]),
            taxonomy=_load_outline(settings["taxonomy"]),
            titles=TitleRule(settings["title_patterns"]),
            prior=np.array([settings["prior"][role] for role in settings["roles"]]),
            market=settings["market"],
        )

    def _array(self, name: str, array: str) -> npt.NDArray[Any]:
        if array == "weights":
            return self.experts[name].weights
        space = getattr(self.spaces, name)
        return space.words.hashes if array == "words" else getattr(space, array)

    def _settings(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "roles": list(self.roles),
            "threshold": self.threshold,
            "languages": sorted(self.languages),
            "taxonomy": asdict(self.taxonomy),
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


def shipped_model() -> Path:
    """Return the folder of the model inside the package, or beside its source."""
    package = Path(__file__).parent
    inside = package / "models" / "roleclf-en"
    # An editable install runs from the source tree, where models/ stands beside src/.
    return inside if inside.exists() else package.parents[1] / "models" / "roleclf-en"


def read_manifest(path: str | Path | None = None) -> dict[str, Any]:
    """Return what a model folder says of itself.

    Raises
    ------
    ModelError
        If there is no readable manifest of this format.
    """
    folder = Path(path) if path is not None else shipped_model()
    manifest = _read_json(folder, _MANIFEST)
    if not (isinstance(manifest, dict) and manifest.get("format") == FORMAT):
        problem = f"is not of format {FORMAT}, the one this version reads"
        raise ModelError(folder / _MANIFEST, problem, _MEND)
    if not isinstance(manifest.get("files"), dict):
        raise ModelError(folder / _MANIFEST, "lists no files", _MEND)
    return manifest


def read_settings(path: str | Path | None = None) -> dict[str, Any]:
    """Return what a model decides by beside its weights: roles, `threshold`, heads.

    Raises
    ------
    ModelError
        If they cannot be read.
    """
    folder = Path(path) if path is not None else shipped_model()
    settings: dict[str, Any] = _read_json(folder, _SETTINGS)
    return settings


def verify(path: str | Path | None = None) -> dict[str, Any]:
    """Check every file of a model folder against its manifest, and return that.

    Raises
    ------
    ModelError
        If a file is missing, unknown or changed.
    """
    folder = Path(path) if path is not None else shipped_model()
    manifest = read_manifest(folder)
    present = {file.name for file in _data_files(folder)}
    for name in sorted(_required() | set(manifest["files"])):
        if name not in present:
            raise ModelError(folder / name, "is missing", _MEND)
        if _sha256(folder / name) != manifest["files"].get(name):
            raise ModelError(folder / name, "is not what the manifest says", _MEND)
    return manifest


def _required() -> set[str]:
    arrays = {f"{expert}_{array}.npy" for expert, array, _ in _ARRAYS}
    return arrays | {f"{name}_names.txt" for name in _WORDY} | {_SETTINGS, _DUTIES}


def _data_files(folder: Path) -> list[Path]:
    return sorted(folder / name for name in _required() if (folder / name).is_file())


def _read_json(folder: Path, name: str) -> Any:
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(folder, f"holds no {name}", _MEND) from error
    except ValueError as error:
        raise ModelError(folder / name, "is not JSON", _MEND) from error


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def _load_spaces(folder: Path, duties: tuple[str, ...]) -> Spaces:
    wordy = {}
    for name in _WORDY:
        words, parts, idf = (
            _load_array(folder, name, array) for array in (*_OF_WORDS, "idf")
        )
        names = (folder / f"{name}_names.txt").read_text(encoding="utf-8").split("\n")
        wordy[name] = FeatureSpace(WordList(words), parts, idf, names[:-1])
    with np.load(folder / _DUTIES, allow_pickle=False) as arrays:
        tables = DutyTables.of(duties, arrays)
    idf = _load_array(folder, "duties", "idf")
    return Spaces(wordy["text"], DutySpace(DutyPatterns(tables), idf), wordy["title"])


def _load_array(folder: Path, name: str, array: str) -> npt.NDArray[Any]:
    return np.asarray(np.load(folder / f"{name}_{array}.npy", allow_pickle=False))


def _load_head(entry: Mapping[str, Any]) -> Head:
    return Head(
        np.array(entry["trust"]), np.array(entry["intercept"]), entry["temperature"]
    )


def _load_outline(entry: Mapping[str, Any]) -> Outline:
    roles = [
        RoleOutline(role["role"], *(tuple(role[kind]) for kind in _OUTLINED))
        for role in entry["roles"]
    ]
    return Outline(entry["version"], tuple(roles))
