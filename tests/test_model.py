"""A model predicts what its arrays say; its folder can be trusted or is refused."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from roleclf.annotation.annotate import load
from roleclf.duties import DutyPatterns
from roleclf.duties.compile import compile_duties
from roleclf.errors import ModelError
from roleclf.model import (
    FIELD_BY_EXPERT,
    LEARNED_EXPERTS,
    Expert,
    FeatureSpaces,
    Prediction,
    RoleModel,
    RuleSpace,
    read_manifest,
    shipped_model,
    verify_model,
)
from roleclf.model.stacking import StackingHead
from roleclf.model.titles import TitleRule
from roleclf.taxonomy import RoleOutline, Skill, TaxonomyOutline
from roleclf.text.tokens import tokenize
from roleclf.training.feature_selection import learn_duty_space, learn_ngram_space
from roleclf.training.role_classifier import RoleClassifier

MEND = "train it again, or give another folder with --model"
ROLES = ("baker", "cook", "other")
TEXTS = ["knead the dough, bake the bread", "cook the soup", "", "", "bake a soup"]
TITLES = ["Baker", "", "Cook", "", "Baker and cook"]
ABOUT = {"model": "tiny 1", "scores": {"é": 0.5}}


@pytest.fixture
def tiny() -> RoleModel:
    """A model of three roles whose weights are drawn, not learned."""
    rng = np.random.default_rng(11)
    patterns = DutyPatterns(
        compile_duties({"baker.bake": ["(bake|knead) .. bread"], "cook.soup": ["soup"]})
    )
    spaces = FeatureSpaces(
        text=learn_ngram_space([tokenize(TEXTS)], min_texts=1),
        duties=learn_duty_space(patterns, [patterns.find(tokenize(TEXTS))], len(TEXTS)),
        title=learn_ngram_space([tokenize(TITLES)], min_texts=1),
        rule=RuleSpace(ROLES),
    )

    def expert(names: Sequence[str]) -> Expert:
        weights = rng.normal(size=(len(names), 3)).astype(np.float32)
        return Expert(weights, rng.normal(size=3))

    return RoleModel(
        name="tiny 1",
        roles=ROLES,
        spaces=spaces,
        experts={name: expert(getattr(spaces, name).names) for name in LEARNED_EXPERTS},
        heads={
            "both": StackingHead(rng.normal(size=(9, 3)), rng.normal(size=3), 1.7),
            "text": StackingHead(rng.normal(size=(3, 3)), rng.normal(size=3), 0.6),
            "title": StackingHead(rng.normal(size=(6, 3)), rng.normal(size=3), 1.0),
        },
        threshold=0.8,
        languages=frozenset({"en", "de"}),
        taxonomy=TaxonomyOutline(
            "7", (RoleOutline("baker", ("baker.bake",), ("c",), ()),)
        ),
        titles=TitleRule({"baker": ["baker"], "cook": ["cook"]}),
        prior=np.array([0.5, 0.3, 0.2]),
        market={"baker": 0.1, "cook": 0.1, "other": 0.8},
    )


@pytest.fixture
def folder(tiny: RoleModel, tmp_path: Path) -> Path:
    """The folder of a saved model."""
    tiny.save(tmp_path / "tiny", ABOUT)
    return tmp_path / "tiny"


def predict(model: RoleModel, texts: list[str], titles: list[str]) -> Prediction:
    evidence, _ = model.extract_features(tokenize(texts), tokenize(titles))
    return model.predict(evidence)


def by_hand(model: RoleModel, text: str, title: str) -> npt.NDArray[np.float64]:
    """Return the probabilities of one posting, step by step."""
    evidence, _ = model.extract_features(tokenize([text]), tokenize([title]))
    scores: dict[str, npt.NDArray[np.float64]] = {}
    for name, field in FIELD_BY_EXPERT.items():
        rows, expert = getattr(evidence, name), model.experts[name]
        score = expert.intercept.copy()
        for feature, value in zip(rows.feature, rows.value, strict=True):
            score += expert.weights[feature].astype(float) * value
        scores[field] = scores.get(field, 0) + score - score.mean()
    fields = [f for f in ("text", "title") if len(getattr(evidence, f).feature)]
    if not fields:
        return np.full(len(model.roles), np.nan)
    head = model.heads["both" if len(fields) == 2 else fields[0]]
    fields += ["rule"] if "title" in fields else []
    logits = np.concatenate([scores[f] for f in fields]) @ head.weights + head.intercept
    odds = np.exp(logits / head.temperature)
    return odds / odds.sum()


def test_probabilities_are_those_of_the_formula(tiny: RoleModel) -> None:
    prediction = predict(tiny, TEXTS, TITLES)
    for place, (text, title) in enumerate(zip(TEXTS, TITLES, strict=True)):
        for said, expected in (
            (prediction.proba, by_hand(tiny, text, title)),
            (prediction.title_proba, by_hand(tiny, "", title)),
            (prediction.text_proba, by_hand(tiny, text, "")),
        ):
            np.testing.assert_allclose(said[place], expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("mix", "prior"),
    [
        pytest.param("uniform", [1 / 3, 1 / 3, 1 / 3], id="uniform"),
        pytest.param("market", [0.1, 0.1, 0.8], id="market"),
        pytest.param({"cook": 0.6}, [0.2, 0.6, 0.2], id="given"),
    ],
)
def test_another_mix_changes_probabilities_by_the_rule_of_bayes(
    tiny: RoleModel, mix: Any, prior: list[float]
) -> None:
    before = predict(tiny, TEXTS, TITLES)
    after = predict(tiny.with_prior(mix), TEXTS, TITLES)
    for name in ("proba", "title_proba", "text_proba"):
        odds = getattr(before, name) * prior / tiny.prior
        expected = odds / odds.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(getattr(after, name), expected, rtol=1e-9)


def test_the_mix_it_learned_from_changes_nothing(tiny: RoleModel) -> None:
    prior = dict(zip(ROLES, tiny.prior.tolist(), strict=True))
    same = predict(tiny.with_prior(prior), TEXTS, TITLES).proba
    np.testing.assert_allclose(same, predict(tiny, TEXTS, TITLES).proba, rtol=1e-9)


def test_another_mix_leaves_the_model_as_it_was(tiny: RoleModel) -> None:
    before = predict(tiny, TEXTS, TITLES).proba
    market = tiny.with_prior("market")
    np.testing.assert_array_equal(predict(tiny, TEXTS, TITLES).proba, before)
    once, twice = tiny.with_prior("uniform"), market.with_prior("uniform")
    np.testing.assert_allclose(
        predict(twice, TEXTS, TITLES).proba, predict(once, TEXTS, TITLES).proba
    )


def test_a_posting_without_features_has_no_probabilities(tiny: RoleModel) -> None:
    prediction = predict(tiny, ["", "unheard of words"], ["", "..."])
    assert np.isnan(prediction.proba).all()
    assert np.isnan(prediction.title_proba).all()
    assert np.isnan(prediction.text_proba).all()


def test_an_empty_batch_has_no_rows(tiny: RoleModel) -> None:
    assert predict(tiny, [], []).proba.shape == (0, 3)


def test_a_saved_model_predicts_exactly_as_before(
    tiny: RoleModel, folder: Path
) -> None:
    loaded = RoleModel.load(folder)
    before, after = (predict(model, TEXTS, TITLES) for model in (tiny, loaded))
    np.testing.assert_array_equal(before.proba, after.proba)
    np.testing.assert_array_equal(before.title_proba, after.title_proba)
    np.testing.assert_array_equal(before.text_proba, after.text_proba)
    assert (loaded.name, loaded.roles) == (tiny.name, tiny.roles)
    assert (loaded.threshold, loaded.languages) == (tiny.threshold, tiny.languages)
    assert loaded.taxonomy == tiny.taxonomy
    assert loaded.titles.patterns_by_role == tiny.titles.patterns_by_role
    assert loaded.prior.tolist() == tiny.prior.tolist()
    assert loaded.market == tiny.market


def test_a_lexicon_of_ones_own_is_kept_with_the_model(
    tiny: RoleModel, folder: Path
) -> None:
    kneading = Skill(
        "kneading",
        "Kneading",
        "skill",
        "",
        "dough",
        ("kneading", "knead"),
        (),
        "",
        "",
        "",
    )
    tiny.skills = {"kneading": kneading}
    tiny.save(folder, ABOUT)
    assert RoleModel.load(folder).skills == tiny.skills
    assert verify_model(folder)["files"].keys() > {"skills.csv"}
    annotation = load(folder).annotate("Baker", "We knead our dough. We use Python.")
    assert [skill.id for skill in annotation.skills] == ["kneading"]
    tiny.skills = None
    tiny.save(folder, ABOUT)
    assert RoleModel.load(folder).skills is None
    assert [s.id for s in load(folder).annotate("", "Use Python.").skills] == ["python"]


def test_a_trained_model_predicts_exactly_as_before(
    fitted: RoleClassifier, sample: pd.DataFrame, tmp_path: Path
) -> None:
    fitted.model_.save(tmp_path / "model", ABOUT)
    fields = [sample[name].tolist() for name in ("description", "title")]
    before, after = (
        predict(model, *fields).proba
        for model in (fitted.model_, RoleModel.load(tmp_path / "model"))
    )
    np.testing.assert_array_equal(before, after)


def test_unreadable_texts_have_no_features(tiny: RoleModel) -> None:
    readable = np.array([True, False, True, True, False])
    evidence, _ = tiny.extract_features(tokenize(TEXTS), tokenize(TITLES), readable)
    blanked = [text * ok for text, ok in zip(TEXTS, readable.tolist(), strict=True)]
    expected = predict(tiny, blanked, TITLES)
    np.testing.assert_array_equal(tiny.predict(evidence).proba, expected.proba)


def test_saved_twice_a_model_is_the_same_bytes(
    tiny: RoleModel, folder: Path, tmp_path: Path
) -> None:
    tiny.save(tmp_path / "again", ABOUT)
    RoleModel.load(folder).save(tmp_path / "loaded", ABOUT)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    for other in (tmp_path / "again", tmp_path / "loaded"):
        assert {path.name: path.read_bytes() for path in other.iterdir()} == files


def test_a_folder_holds_nothing_that_can_run(folder: Path) -> None:
    for path in folder.iterdir():
        if path.suffix == ".npy":
            assert np.load(path, allow_pickle=False).dtype.kind in "fiu"
        elif path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as arrays:
                assert {array.dtype.kind for array in arrays.values()} <= set("biu")
        elif path.suffix == ".json":
            assert json.loads(path.read_text("utf-8"))
        else:
            assert path.suffix == ".txt"


def test_the_manifest_says_what_it_was_told_and_every_hash(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    files = manifest.pop("files")
    assert manifest == {"format": 2, **ABOUT}
    assert files == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "manifest.json"
    }


def write_manifest(folder: Path, **changes: Any) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8")) | changes
    path.write_text(json.dumps(manifest), "utf-8")


def accept(folder: Path, name: str) -> None:
    """Write the hash of a file that was changed into the manifest."""
    files = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    files[name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    write_manifest(folder, files=files)


def lose_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def garble_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b"{\xff")


def list_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("[1]", "utf-8")


def age(folder: Path) -> None:
    write_manifest(folder, format=0)


def forget_files(folder: Path) -> None:
    write_manifest(folder, files=["text_idf.npy"])


def lose_file(folder: Path) -> None:
    (folder / "title_parts.npy").unlink()


def change_file(folder: Path) -> None:
    path = folder / "text_weights.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))


def name_a_file_too_many(folder: Path) -> None:
    files = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    write_manifest(folder, files=files | {"../run.py": "00"})


def add_a_lexicon(folder: Path) -> None:
    (folder / "skills.csv").write_text("id\n", "utf-8")


def leave_a_file_out(folder: Path) -> None:
    files = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    del files["text_idf.npy"]
    write_manifest(folder, files=files)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(lose_manifest, "{}: holds no manifest.json", id="no-manifest"),
        pytest.param(garble_manifest, "{}/manifest.json: is not JSON", id="not-json"),
        pytest.param(
            list_manifest,
            "{}/manifest.json: is not of format 2, the one this version reads",
            id="no-mapping",
        ),
        pytest.param(
            age,
            "{}/manifest.json: is not of format 2, the one this version reads",
            id="other-format",
        ),
        pytest.param(forget_files, "{}/manifest.json: lists no files", id="no-files"),
        pytest.param(lose_file, "{}/title_parts.npy: is missing", id="lost"),
        pytest.param(
            change_file, "{}/text_weights.npy: is not what the manifest says", id="bit"
        ),
        pytest.param(name_a_file_too_many, "{}/../run.py: is missing", id="too-many"),
        pytest.param(
            add_a_lexicon, "{}/skills.csv: is not what the manifest says", id="unknown"
        ),
        pytest.param(
            leave_a_file_out,
            "{}/text_idf.npy: is not what the manifest says",
            id="left-out",
        ),
    ],
)
def test_a_folder_that_cannot_be_trusted_is_refused(
    folder: Path, spoil: Callable[[Path], None], message: str
) -> None:
    spoil(folder)
    whole = re.escape(f"{message.format(folder)}; {MEND}")
    for read in (RoleModel.load, verify_model):
        with pytest.raises(ModelError, match=f"^{whole}$"):
            read(folder)


def test_no_folder_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "none"
    with pytest.raises(
        ModelError, match=re.escape(f"{path}: holds no manifest.json; {MEND}")
    ):
        RoleModel.load(path)


class _Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.path,)


def put_an_object_array(folder: Path) -> None:
    trap = np.array([_Trap(folder.parent / "sprung")], object)
    np.save(folder / "text_idf.npy", trap, allow_pickle=True)
    accept(folder, "text_idf.npy")


def put_no_array(folder: Path) -> None:
    (folder / "text_idf.npy").write_bytes(b"no array")
    accept(folder, "text_idf.npy")


def put_other_settings(folder: Path) -> None:
    (folder / "model.json").write_text("{}", "utf-8")
    accept(folder, "model.json")


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(put_an_object_array, id="pickled-array"),
        pytest.param(put_no_array, id="no-array"),
        pytest.param(put_other_settings, id="other-settings"),
    ],
)
def test_what_no_model_holds_is_refused_even_with_its_hash(
    folder: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(folder)
    whole = re.escape(f"{folder}: holds what no model holds; {MEND}")
    with pytest.raises(ModelError, match=f"^{whole}$"):
        RoleModel.load(folder)
    assert not (folder.parent / "sprung").exists()


def test_the_shipped_model_is_whole_and_small() -> None:
    manifest = verify_model()
    assert manifest == read_manifest(shipped_model())
    size = sum(path.stat().st_size for path in shipped_model().iterdir())
    assert size < 12_000_000
    assert sorted(RoleModel.load(shipped_model()).roles) == [
        "data_engineer",
        "data_scientist",
        "dataops_engineer",
        "ml_engineer",
        "mlops_engineer",
        "other",
    ]
