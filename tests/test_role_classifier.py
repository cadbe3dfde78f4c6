"""RoleClassifier keeps scikit-learn's contract for an estimator that takes text.

scikit-learn's own suite checks almost nothing of an estimator of texts (its issue
12491), so the contract is written out here.
"""

from __future__ import annotations

import inspect
import pickle
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy.sparse import csr_array, hstack, vstack
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from roleclf.model.feature_spaces import NgramSpace
from roleclf.model.titles import known_titles, title_rule
from roleclf.taxonomy import load_taxonomy
from roleclf.text.tokens import Tokens
from roleclf.training.fitting import make_folds
from roleclf.training.head_fitting import balancing_weights
from roleclf.training.matrices import sparse_matrix, word_matrix
from roleclf.training.role_classifier import RoleClassifier
from roleclf.training.training_set import tokenize_postings
from taxonomies import small_taxonomy

ROLES = [
    "data_engineer",
    "data_scientist",
    "dataops_engineer",
    "ml_engineer",
    "mlops_engineer",
    "other",
]


@pytest.fixture(scope="module")
def few() -> tuple[list[dict[str, str]], list[str]]:
    """Twelve short postings of two roles, where a fit takes no time."""
    baker = {"title": "Baker", "description": "You knead dough and bake bread"}
    cook = {"title": "Cook", "description": "You chop and stir and cook soup"}
    return [baker, cook] * 6, ["baker", "cook"] * 6


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> RoleClassifier:
    """An unfitted classifier that can learn from a few words; clone it."""
    taxonomy = small_taxonomy(tmp_path_factory.mktemp("taxonomy"))
    return RoleClassifier(taxonomy=taxonomy, min_texts=1, min_titles=1, n_folds=2)


def test_the_constructor_stores_its_parameters_and_nothing_else() -> None:
    names = list(inspect.signature(RoleClassifier).parameters)
    classifier = RoleClassifier(C_text=1.5, languages=["en", "de"])
    assert list(vars(classifier)) == names
    assert sorted(classifier.get_params()) == sorted(names)
    assert (classifier.C_text, classifier.languages) == (1.5, ["en", "de"])
    # Anything goes until `fit`: clone() compares by identity.
    anything = {name: object() for name in names}
    assert vars(RoleClassifier(**anything)) == anything


def test_every_parameter_can_be_set() -> None:
    classifier = RoleClassifier()
    for name in classifier.get_params():
        value = object()
        assert classifier.set_params(**{name: value}) is classifier
        assert classifier.get_params()[name] is value


def test_a_clone_has_the_parameters_and_not_what_was_learned(
    fitted: RoleClassifier,
) -> None:
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    assert not hasattr(copy, "model_")
    assert is_classifier(copy)


@pytest.mark.parametrize("method", ["predict", "predict_proba"])
def test_an_unfitted_classifier_says_so(method: str) -> None:
    message = (
        "This RoleClassifier instance is not fitted yet. Call 'fit' with appropriate "
        "arguments before using this estimator."
    )
    with pytest.raises(NotFittedError, match=f"^{re.escape(message)}$"):
        getattr(RoleClassifier(), method)([{"title": "Baker"}])


def test_fit_returns_the_classifier_and_leaves_its_input(sample: pd.DataFrame) -> None:
    X, y = sample.copy(), sample["role"].copy()
    classifier = RoleClassifier(n_folds=2)
    before = classifier.get_params()
    assert classifier.fit(X, y) is classifier
    assert classifier.get_params() == before
    pd.testing.assert_frame_equal(X, sample)
    pd.testing.assert_series_equal(y, sample["role"])


def test_fitting_twice_is_fitting_once(
    fitted: RoleClassifier, sample: pd.DataFrame, few: tuple[list[Any], list[str]]
) -> None:
    again = clone(fitted).set_params(min_texts=1, min_titles=1).fit(*few)
    again.set_params(**fitted.get_params()).fit(sample, sample["role"])
    assert sorted(vars(again)) == sorted(vars(fitted))
    assert again.classes_.tolist() == fitted.classes_.tolist()
    np.testing.assert_array_equal(again.oof_proba_, fitted.oof_proba_)
    np.testing.assert_array_equal(
        again.predict_proba(sample), fitted.predict_proba(sample)
    )


def test_predicting_changes_nothing(
    fitted: RoleClassifier, sample: pd.DataFrame
) -> None:
    before = pickle.dumps(fitted)
    fitted.predict(sample)
    fitted.predict_proba(sample)
    assert pickle.dumps(fitted) == before


def test_a_pickled_classifier_predicts_the_same(
    fitted: RoleClassifier, sample: pd.DataFrame
) -> None:
    copy = pickle.loads(pickle.dumps(fitted))  # noqa: S301 - our own bytes
    np.testing.assert_array_equal(
        copy.predict_proba(sample), fitted.predict_proba(sample)
    )


def test_the_classes_are_the_labels_in_order(
    fitted: RoleClassifier, sample: pd.DataFrame
) -> None:
    assert fitted.classes_.tolist() == ROLES
    assert fitted.model_.roles == tuple(ROLES)
    assert {type(role) for role in fitted.model_.roles} == {str}
    assert set(fitted.predict(sample).tolist()) <= set(ROLES)


def test_a_prediction_is_the_likeliest_role(
    fitted: RoleClassifier, sample: pd.DataFrame
) -> None:
    proba = fitted.predict_proba(sample)
    assert proba.shape == (len(sample), len(ROLES))
    assert proba.sum(axis=1) == pytest.approx(1.0)
    assert (proba >= 0.0).all()
    roles = fitted.classes_[proba.argmax(axis=1)]
    assert fitted.predict(sample).tolist() == roles.tolist()
    assert fitted.score(sample, sample["role"]) == np.mean(roles == sample["role"])


def test_it_learns(fitted: RoleClassifier, sample: pd.DataFrame) -> None:
    assert fitted.score(sample, sample["role"]) > 0.9
    assert fitted.oof_proba_.shape == (len(sample), len(ROLES))
    unseen = fitted.classes_[fitted.oof_proba_.argmax(axis=1)]
    assert np.mean(unseen == sample["role"]) > 2 / len(ROLES)


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(lambda frame: frame, id="frame"),
        pytest.param(lambda frame: frame.to_dict("records"), id="mappings"),
        pytest.param(lambda frame: tuple(frame.to_dict("records")), id="tuple"),
        pytest.param(lambda frame: frame[["description", "title"]], id="two-columns"),
        pytest.param(lambda frame: frame.set_index("id")[::-1][::-1], id="index"),
        pytest.param(lambda frame: frame.astype("object"), id="object-columns"),
    ],
)
def test_postings_come_in_any_shape(
    fitted: RoleClassifier, sample: pd.DataFrame, shape: Any
) -> None:
    expected = fitted.predict_proba(sample)
    np.testing.assert_array_equal(fitted.predict_proba(shape(sample)), expected)


def test_it_learns_the_same_from_mappings(
    fitted: RoleClassifier, sample: pd.DataFrame
) -> None:
    postings = sample[["title", "description"]].to_dict("records")
    again = clone(fitted).fit(postings, sample["role"].tolist())
    np.testing.assert_array_equal(again.oof_proba_, fitted.oof_proba_)
    np.testing.assert_array_equal(
        again.predict_proba(sample), fitted.predict_proba(sample)
    )


@pytest.mark.parametrize(
    "missing", [None, float("nan"), pd.NA, ""], ids=["none", "nan", "na", "empty"]
)
def test_missing_cells_are_empty_fields(
    fitted: RoleClassifier, sample: pd.DataFrame, missing: object
) -> None:
    rows = sample.head(4).to_dict("records")
    blanked = [row | {"title": missing} for row in rows]
    left_out = [{"description": row["description"]} for row in rows]
    expected = fitted.predict_proba(left_out)
    np.testing.assert_array_equal(fitted.predict_proba(blanked), expected)
    frame = pd.DataFrame(blanked).astype({"title": "object"})
    np.testing.assert_array_equal(fitted.predict_proba(frame), expected)


def test_a_posting_that_says_nothing_may_be_any_role(fitted: RoleClassifier) -> None:
    proba = fitted.predict_proba([{}, {"title": "", "description": "..."}])
    assert proba == pytest.approx(1 / len(ROLES))


@pytest.mark.parametrize(
    "postings",
    [
        pytest.param([], id="list"),
        pytest.param(pd.DataFrame({"title": [], "description": []}), id="frame"),
    ],
)
def test_no_postings_get_no_roles(fitted: RoleClassifier, postings: Any) -> None:
    assert fitted.predict_proba(postings).shape == (0, len(ROLES))
    assert fitted.predict(postings).tolist() == []


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param(["title"], id="titles"),
        pytest.param(["description"], id="descriptions"),
    ],
)
def test_one_field_is_enough(sample: pd.DataFrame, columns: list[str]) -> None:
    classifier = RoleClassifier(n_folds=2).fit(sample[columns], sample["role"])
    most_common = sample["role"].value_counts(normalize=True).max()
    assert classifier.score(sample, sample["role"]) > most_common
    blank = sample.assign(**dict.fromkeys({"title", "description"} - {*columns}, ""))
    assert (classifier.predict(blank) == classifier.predict(sample)).all()


def test_it_is_a_step_of_a_pipeline(
    fitted: RoleClassifier, sample: pd.DataFrame
) -> None:
    pipeline = make_pipeline(FunctionTransformer(), clone(fitted))
    pipeline.fit(sample, sample["role"])
    np.testing.assert_array_equal(
        pipeline.predict_proba(sample), fitted.predict_proba(sample)
    )


@pytest.mark.parametrize("as_frame", [True, False], ids=["frame", "mappings"])
def test_its_parameters_can_be_searched(
    quick: RoleClassifier, few: tuple[list[Any], list[str]], as_frame: bool
) -> None:
    X = pd.DataFrame(few[0]) if as_frame else few[0]
    search = GridSearchCV(
        clone(quick), {"C_text": [0.1, 3.0]}, cv=2, error_score="raise"
    )
    search.fit(X, few[1])
    assert search.best_score_ == 1.0
    assert search.predict(X).tolist() == few[1]


def test_weights_of_one_are_no_weights(
    quick: RoleClassifier, few: tuple[list[Any], list[str]]
) -> None:
    plain, ones = clone(quick).fit(*few), clone(quick).fit(*few, sample_weight=[1] * 12)
    np.testing.assert_array_equal(
        plain.predict_proba(few[0]), ones.predict_proba(few[0])
    )


def test_a_posting_of_little_weight_teaches_little(
    quick: RoleClassifier,
    few: tuple[list[Any], list[str]],
) -> None:
    X, y = few
    wrong = [*y[:-2], y[-1], y[-2]]
    bad = clone(quick).fit(X, wrong).predict_proba(X)
    weighed = clone(quick).fit(X, wrong, [1.0] * 10 + [0.01] * 2).predict_proba(X)
    assert weighed[0, 0] > bad[0, 0]
    assert weighed[1, 1] > bad[1, 1]


def test_written_texts_teach_words_that_no_labelled_posting_has(
    quick: RoleClassifier, few: tuple[list[Any], list[str]]
) -> None:
    german = [
        {"description": "Teig kneten und Brot backen", "role": "baker"},
        {"description": "Gemüse schneiden und Suppe kochen", "role": "cook"},
    ]
    postings = [{"description": "Brot backen"}, {"description": "Suppe kochen"}]
    alone = clone(quick).fit(*few)
    taught = clone(quick).fit(*few, written=german * 3)
    assert np.ptp(alone.predict_proba(postings)) == 0
    assert taught.predict(postings).tolist() == ["baker", "cook"]


def test_shares_make_a_posting_that_is_like_it_less_sure(
    quick: RoleClassifier, few: tuple[list[Any], list[str]]
) -> None:
    shares = [{"baker": 55, "cook": 45}, {"cook": 100}] * 6
    whole = clone(quick).fit(*few).predict_proba(few[0][:1])[0]
    shared = clone(quick).fit(*few, shares=shares).predict_proba(few[0][:1])[0]
    assert 0.5 < shared[0] < whole[0]


def test_the_same_seed_learns_the_same(sample: pd.DataFrame) -> None:
    first, again, other = (
        RoleClassifier(n_folds=2, random_state=seed).fit(sample, sample["role"])
        for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(first.oof_proba_, again.oof_proba_)
    assert (first.oof_proba_ != other.oof_proba_).any()


@pytest.mark.parametrize(
    ("y", "more", "message"),
    [
        pytest.param(["a"] * 11, {}, "12 postings but 11 roles", id="too-short"),
        pytest.param(["a"] * 13, {}, "12 postings but 13 roles", id="too-long"),
        pytest.param(
            ["a"] * 12, {}, "y: at least two different roles are needed", id="one-role"
        ),
        pytest.param(
            ["a", "b"] * 5 + ["a", "c"],
            {},
            "y: 'c' has one posting, at least two are needed",
            id="one-of-a-role",
        ),
        pytest.param(
            ["a", "b"] * 6,
            {"sample_weight": [1.0]},
            "12 postings but 1 weights",
            id="weights",
        ),
        pytest.param(
            ["a", "b"] * 6,
            {"groups": ["acme"] * 12},
            "groups: at least two different ones are needed",
            id="one-group",
        ),
    ],
)
def test_what_cannot_be_learned_from_is_refused(
    quick: RoleClassifier,
    few: tuple[list[Any], list[str]],
    y: list[str],
    more: dict[str, Any],
    message: str,
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        clone(quick).fit(few[0], y, **more)


def test_groups_may_hold_a_whole_role(sample: pd.DataFrame) -> None:
    groups = [
        "one" if role == "other" else str(i) for i, role in enumerate(sample["role"])
    ]
    classifier = RoleClassifier(n_folds=3).fit(sample, sample["role"], groups=groups)
    assert classifier.classes_.tolist() == ROLES
    unseen = classifier.oof_proba_[(sample["role"] == "other").to_numpy()]
    assert unseen.sum(axis=1) == pytest.approx(1.0)


def centred(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return scores - scores.mean(axis=1, keepdims=True)


def in_scikit_learn(
    classifier: RoleClassifier, sample: pd.DataFrame, unlabelled: pd.DataFrame | None
) -> npt.NDArray[np.float64]:
    """Return the probabilities of scikit-learn's own parts, fitted in the same way."""
    y = sample["role"].to_numpy(str)
    folds = make_folds(y, None, classifier.n_folds, classifier.random_state)
    even = LogisticRegression(class_weight="balanced", max_iter=1000, tol=1e-3)
    plain = LogisticRegression(max_iter=1000, tol=1e-3)
    texts, titles = tokenize_postings(sample.to_dict("records"))
    spaces = classifier.model_.spaces
    X = {
        "text": word_matrix(spaces.text, texts),
        "title": word_matrix(spaces.title, titles),
    }
    duties = [
        spaces.duties.rows(spaces.duties.patterns.find(batch), len(batch.texts))
        for batch in texts
    ]
    blocks = [classifier.duty_weight * sparse_matrix(duties, len(spaces.duties.names))]
    if unlabelled is not None:
        rough_scores = X["text"] @ rough_weights(clone(even), spaces.text, unlabelled)
        blocks.append(csr_array(classifier.rough_weight * rough_scores))
    X["text"] = hstack([X["text"], *blocks]).tocsr()
    more_titles, more_roles, weight = weakly_labelled_titles(classifier, unlabelled)
    more = {"title": (word_matrix(spaces.title, more_titles), more_roles, weight)}
    unseen, seen = {}, {}
    for field, C in (("text", classifier.C_text), ("title", classifier.C_title)):
        expert = clone(plain).set_params(C=C)
        unseen[field] = np.zeros((len(y), len(ROLES)))
        for train, test in folds:
            fit_with(expert, X[field][train], y[train], more.get(field))
            unseen[field][test] = centred(expert.decision_function(X[field][test]))
        fit_with(expert, X[field], y, more.get(field))
        seen[field] = centred(expert.decision_function(X[field]))
    rule = title_rule(load_taxonomy())
    named = [[rule.role(title) == role for role in ROLES] for title in sample["title"]]
    seen["rule"] = unseen["rule"] = centred(np.array(named, float))
    # Where a title has no word that the model knows, the text decides alone.
    has_title = (np.diff(X["title"].indptr) > 0) | np.any(named, axis=1)
    proba = {}
    for name, fields in (("both", ("text", "title", "rule")), ("text", ("text",))):
        head = LogisticRegression(C=classifier.C_head, max_iter=1000, tol=1e-3)
        weights = balancing_weights(y, classifier.role_balance)
        head.fit(np.hstack([unseen[field] for field in fields]), y, weights)
        logits = head.decision_function(np.hstack([seen[field] for field in fields]))
        odds = np.exp(logits / classifier.model_.heads[name].temperature)
        proba[name] = odds / odds.sum(axis=1, keepdims=True)
    return np.where(has_title[:, None], proba["both"], proba["text"])


def fit_with(
    model: LogisticRegression, X: csr_array, y: npt.NDArray[np.str_], more: Any
) -> None:
    """Fit a model on postings and on more rows, every role weighing the same."""
    weight = np.ones(len(y))
    if more is not None:
        X, y = vstack([X, more[0]]), np.concatenate((y, more[1]))
        weight = np.concatenate((weight, more[2]))
    of_role = {role: weight[y == role].sum() for role in set(y.tolist())}
    even = [weight.sum() / len(of_role) / of_role[role] for role in y.tolist()]
    model.fit(X, y, weight * even)


def weakly_labelled_titles(
    classifier: RoleClassifier, unlabelled: pd.DataFrame | None
) -> tuple[list[Tokens], npt.NDArray[np.str_], npt.NDArray[np.float64]]:
    """Return weakly labelled titles, names of roles, and roles and weights of both."""
    taxonomy = load_taxonomy()
    rule, rows = title_rule(taxonomy), []
    for title in [] if unlabelled is None else unlabelled["title"]:
        role = rule.role(title)
        rows += [] if role is None else [(title, role, classifier.title_weight)]
    names = [(*pair, classifier.name_weight / 2) for pair in known_titles(taxonomy)]
    rows += [*names, *names]
    _, titles = tokenize_postings([{"title": title} for title, _, _ in rows])
    roles, weight = (np.array([row[i] for row in rows]) for i in (1, 2))
    return titles, roles, weight


def rough_weights(
    logistic: LogisticRegression, space: NgramSpace, unlabelled: pd.DataFrame
) -> npt.NDArray[np.float64]:
    """Return the weights of the roles that enough titles name."""
    rule = title_rule(load_taxonomy())
    named = [rule.role(title) for title in unlabelled["title"]]
    kept = [n is not None and named.count(n) >= 50 for n in named]
    texts, _ = tokenize_postings(unlabelled[kept].to_dict("records"))
    labels = np.array(named)[kept].astype(str)
    coef = logistic.set_params(C=3.0).fit(word_matrix(space, texts), labels).coef_
    assert len(coef) > 2
    return (coef - coef.mean(axis=0)).T


@pytest.mark.parametrize(
    "times", [pytest.param(0, id="labelled"), pytest.param(10, id="and-unlabelled")]
)
def test_the_compiled_prediction_is_that_of_scikit_learn(
    sample: pd.DataFrame, times: int
) -> None:
    unlabelled = pd.concat([sample] * times) if times else None
    classifier = RoleClassifier(n_folds=3, max_features=2_000)
    classifier.fit(sample, sample["role"], unlabelled=unlabelled)
    expected = in_scikit_learn(classifier, sample, unlabelled)
    proba = classifier.predict_proba(sample)
    np.testing.assert_allclose(proba, expected, rtol=0, atol=1e-6)
    assert (proba.argmax(axis=1) == expected.argmax(axis=1)).all()
