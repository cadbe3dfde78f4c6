"""An encoder: what it reads, how it answers, and a folder that can be trusted."""

from __future__ import annotations

import json
import pickle
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from roleclf.errors import MissingExtraError, ModelError
from roleclf.model import (
    Encoder,
    EncoderSettings,
    InputSelection,
    Mixture,
    RoleModel,
    WordPieces,
    encoder_inputs,
    shipped_encoder,
    shipped_model,
    verify_model,
)

REASON = "the extra `careful` is not installed"
pytest.importorskip("onnxruntime", reason=REASON)
pytest.importorskip("tokenizers", reason=REASON)

from encoders import (  # noqa: E402  (after the libraries that it needs)
    ROLES,
    SCRIPTS,
    SETTINGS,
    VOCABULARY,
    tokenizer,
    weights,
    write_small_encoder,
)

MEND = "install roleclf again, or write it with corpora/encoder/export.py"
DUTIES = " ".join(["You build pipelines."] * 20)
POSTING = f"""\
We are a bakery.
Benefits:
Bread.
Responsibilities:
{DUTIES}
Requirements:
Ovens.
Nice to have:
Flour.
How to apply:
Knock."""
FEW_DUTIES = POSTING.replace(DUTIES, "You build pipelines.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small encoder; tests must not change it."""
    return write_small_encoder(tmp_path_factory.mktemp("encoder") / "tiny")


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Encoder:
    return Encoder.load(folder)


@pytest.mark.parametrize(
    ("description", "text"),
    [
        pytest.param("", "", id="empty"),
        pytest.param("...", "", id="no-word"),
        pytest.param("We bake.", "We bake.", id="no-heading"),
        pytest.param(
            POSTING,
            f"Responsibilities:\n{DUTIES}\nWe are a bakery.\n"
            "Requirements:\nOvens.\nNice to have:\nFlour.",
            id="duties-first",
        ),
        pytest.param(
            FEW_DUTIES,
            "We are a bakery.\nResponsibilities:\nYou build pipelines.\n"
            "Requirements:\nOvens.\nNice to have:\nFlour.",
            id="few-duties-all-but-benefits-and-application",
        ),
    ],
)
def test_duties_are_read_first(description: str, text: str) -> None:
    assert encoder_inputs(["Baker"], [description]) == [("Baker", text)]


def test_the_selection_says_how_much_is_read() -> None:
    selection = InputSelection(
        least_duty_words=3,
        unsectioned_characters=7,
        title_characters=2,
        text_characters=45,
    )
    expected = "Responsibilities:\nYou build pipelines.\nbakery."
    found = encoder_inputs(["Baker"], [FEW_DUTIES], selection)
    assert found == [("Ba", expected[:45])]


def test_what_is_read_of_a_posting_does_not_depend_on_others() -> None:
    descriptions = [POSTING, "", "We bake.", FEW_DUTIES, "You build.\n"] * 40
    titles = [f"Baker {i}" for i in range(len(descriptions))]
    alone = [
        encoder_inputs([title], [description])[0]
        for title, description in zip(titles, descriptions, strict=True)
    ]
    assert encoder_inputs(titles, descriptions) == alone


def pieces(sequence: Any) -> str:
    return " ".join(VOCABULARY[id_] for id_ in sequence.ids)


@pytest.mark.parametrize(
    ("title", "text", "expected", "n_first"),
    [
        pytest.param(
            "Data", "We build", "[CLS] data [SEP] we build [SEP]", 3, id="pair"
        ),
        pytest.param("", "", "[CLS] [SEP] [SEP]", 2, id="nothing"),
        pytest.param(
            "Engineering",
            "",
            "[CLS] engineer ##i ##n ##g [SEP] [SEP]",
            6,
            id="word-pieces",
        ),
        pytest.param(
            "Data Engineer",
            "we " * 20,
            "[CLS] data engineer [SEP] we we we we we [SEP]",
            4,
            id="the-text-is-cut",
        ),
        pytest.param(
            "a " * 20,
            "we " * 20,
            "[CLS] a a a a a [SEP] we we [SEP]",
            7,
            id="a-title-of-half-the-pieces-is-cut",
        ),
    ],
)
def test_a_posting_becomes_word_pieces(
    title: str, text: str, expected: str, n_first: int
) -> None:
    sequence = WordPieces(tokenizer(), max_pieces=10).sequence(title, text)
    assert pieces(sequence) == expected
    assert sequence.types.tolist() == [0] * n_first + [1] * (
        len(sequence.ids) - n_first
    )


def test_a_title_of_more_pieces_than_characters_fits() -> None:
    # Without accents, a syllable of Hangul is two or three letters.
    sequence = WordPieces(tokenizer(), max_pieces=10).sequence("한글 " * 50, "We bake.")
    assert len(sequence.ids) == len(sequence.types) == 10


def test_a_vocabulary_needs_the_marks() -> None:
    content = tokenizer().replace("[CLS]", "[NO]")
    with pytest.raises(ValueError, match=r"^a vocabulary without \[CLS\] or \[SEP\]$"):
        WordPieces(content, 10)


def test_the_mixture_averages_log_probabilities() -> None:
    mixture = Mixture(encoder_weight=0.6, linear_weight=0.4, temperature=2.0)
    encoder, linear = np.log([[0.5, 0.3, 0.2]]), np.log([[0.1, 0.2, 0.7]])
    odds = (np.array([0.5, 0.3, 0.2]) ** 0.6 * np.array([0.1, 0.2, 0.7]) ** 0.4) ** 0.5
    np.testing.assert_allclose(mixture.mix(encoder, linear), [odds / odds.sum()])


def test_a_prior_shifts_the_whole_mixture() -> None:
    mixture = Mixture(temperature=1.7)
    encoder, linear = np.log([[0.5, 0.3, 0.2]]), np.log([[0.1, 0.2, 0.7]])
    ratio = np.array([4.0, 1.0, 0.1])
    expected = mixture.mix(encoder, linear) * ratio
    shifted = mixture.mix(encoder, linear + np.log(ratio), np.log(ratio))
    np.testing.assert_allclose(shifted, expected / expected.sum())


def test_an_encoder_gives_probabilities_in_the_order_asked_for(
    encoder: Encoder,
) -> None:
    titles, descriptions = ["Data Engineer", "Baker"], [POSTING, "We bake."]
    found = encoder.log_probabilities(titles, descriptions, ROLES)
    assert found.shape == (2, 6)
    np.testing.assert_allclose(np.exp(found).sum(axis=1), 1.0)
    assert np.ptp(found) > 0.1
    again = encoder.log_probabilities(titles, descriptions, ROLES[::-1])
    np.testing.assert_array_equal(again, found[:, ::-1])
    assert encoder.log_probabilities([], [], ROLES).shape == (0, 6)


def test_the_same_posting_gets_the_same_answer_in_any_batch(encoder: Encoder) -> None:
    texts = ["We bake.", POSTING, "You deploy models and build pipelines. " * 9, "a"]
    titles = ["Baker", "Data Engineer", "", "Model"]
    together = encoder.log_probabilities(titles, texts, ROLES)
    for place, (title, text) in enumerate(zip(titles, texts, strict=True)):
        alone = encoder.log_probabilities([title], [text], ROLES)
        np.testing.assert_array_equal(alone[0], together[place])
    backwards = encoder.log_probabilities(titles[::-1], texts[::-1], ROLES)
    np.testing.assert_array_equal(backwards[::-1], together)


def test_the_eight_bit_graph_answers_as_the_formulas_say(encoder: Encoder) -> None:
    text = "you build data pipelines and deploy the models in a"
    found = encoder.answers([("data engineer", text)])[0]
    sequence = WordPieces(tokenizer(), 48).sequence("data engineer", text)
    expected = bert(weights(), sequence.ids, sequence.types, n_heads=2)
    expected -= np.log(np.exp(expected).sum())
    # Seven bits a weight leave errors of about a hundredth of what is summed up.
    np.testing.assert_allclose(np.exp(found), np.exp(expected), atol=0.08)
    assert found.argmax() == expected.argmax()


def bert(w: dict[str, Any], ids: Any, types: Any, n_heads: int) -> Any:
    """Return the logits of BERT with our head, by numpy."""
    from math import erf

    def linear(x: Any, name: str) -> Any:
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    def normalized(x: Any, name: str) -> Any:
        centred = x - x.mean(-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return centred / scale * w[f"{name}.weight"] + w[f"{name}.bias"]

    def heads(x: Any) -> Any:
        return x.reshape(len(ids), n_heads, -1).transpose(1, 0, 2)

    name = "body.embeddings"
    x = w[f"{name}.word_embeddings.weight"][ids]
    x = x + w[f"{name}.token_type_embeddings.weight"][types]
    x = x + w[f"{name}.position_embeddings.weight"][: len(ids)]
    x = normalized(x, f"{name}.LayerNorm")
    name = "body.encoder.layer.0"
    query, key, value = (
        heads(linear(x, f"{name}.attention.self.{part}"))
        for part in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 2, 1) / np.sqrt(query.shape[-1])
    attention = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    mixed = (attention @ value).transpose(1, 0, 2).reshape(x.shape)
    mixed = linear(mixed, f"{name}.attention.output.dense")
    x = normalized(mixed + x, f"{name}.attention.output.LayerNorm")
    inner = linear(x, f"{name}.intermediate.dense")
    inner = inner * (1 + np.vectorize(erf)(inner / np.sqrt(2))) / 2
    x = normalized(
        linear(inner, f"{name}.output.dense") + x, f"{name}.output.LayerNorm"
    )
    return linear(np.concatenate((x.mean(0), x.max(0))), "head")


def test_an_encoder_can_be_pickled_after_use(encoder: Encoder) -> None:
    before = encoder.answers([("Baker", "We bake.")])
    copy = pickle.loads(pickle.dumps(encoder))  # noqa: S301
    np.testing.assert_array_equal(copy.answers([("Baker", "We bake.")]), before)


def test_a_fork_opens_a_session_of_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from roleclf.model.encoder import session

    opened = []
    open_session = session._open_session
    monkeypatch.setattr(
        session, "_open_session", lambda graph: opened.append(1) or open_session(graph)
    )
    encoder = Encoder.load(folder)
    assert opened == []
    encoder.answers([("Baker", "We bake.")] * 3)
    assert opened == [1]
    monkeypatch.setattr("os.getpid", lambda: -1)
    encoder.answers([("Baker", "We bake.")])
    assert opened == [1, 1]


def test_settings_are_kept(folder: Path, encoder: Encoder) -> None:
    assert encoder.settings == SETTINGS
    settings = json.loads((folder / "model.json").read_text("utf-8"))
    assert EncoderSettings.from_dict(settings) == SETTINGS
    assert verify_model(folder)["kind"] == "encoder"


def lose_network(folder: Path) -> None:
    (folder / "encoder.onnx").unlink()


def change_network(folder: Path) -> None:
    content = bytearray((folder / "encoder.onnx").read_bytes())
    content[100] ^= 1
    (folder / "encoder.onnx").write_bytes(content)


def change_manifest(folder: Path, **changes: Any) -> None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | changes), "utf-8")


def age(folder: Path) -> None:
    change_manifest(folder, format=0)


def call_it_linear(folder: Path) -> None:
    change_manifest(folder, kind="linear")


def lose_all(folder: Path) -> None:
    shutil.rmtree(folder)


def put_other_settings(folder: Path) -> None:
    from roleclf.model.folder import write_manifest, write_settings
    from roleclf.model.layout import ENCODER

    write_settings(folder, {"name": "tiny"})
    write_manifest(folder, {}, ENCODER)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(lose_all, "{}: holds no manifest.json", id="no-folder"),
        pytest.param(lose_network, "{}/encoder.onnx: is missing", id="lost"),
        pytest.param(
            change_network,
            "{}/encoder.onnx: is not what the manifest says",
            id="changed",
        ),
        pytest.param(
            age,
            "{}/manifest.json: is not of format 1, the one this version reads",
            id="other-format",
        ),
        pytest.param(
            call_it_linear,
            "{}/manifest.json: is of a folder of kind linear, not encoder",
            id="other-kind",
        ),
        pytest.param(
            put_other_settings, "{}: holds what no encoder holds", id="other-settings"
        ),
    ],
)
def test_a_folder_that_cannot_be_trusted_is_refused(
    folder: Path, tmp_path: Path, spoil: Callable[[Path], None], message: str
) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    spoil(copy)
    whole = re.escape(f"{message.format(copy)}; {MEND}")
    with pytest.raises(ModelError, match=f"^{whole}$"):
        Encoder.load(copy)


def test_an_encoder_is_no_model_and_a_model_no_encoder(folder: Path) -> None:
    with pytest.raises(ModelError, match="of a folder of kind encoder, not linear"):
        RoleModel.load(folder)
    with pytest.raises(ModelError, match="of a folder of kind linear, not encoder"):
        Encoder.load(shipped_model())


def test_without_its_libraries_an_encoder_names_the_extra(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roleclf.model.encoder.encoder.find_spec", lambda name: None)
    message = (
        "the careful reader needs libraries that are not installed; "
        "pip install 'roleclf[careful]' brings them"
    )
    with pytest.raises(MissingExtraError, match=f"^{re.escape(message)}$"):
        Encoder.load(folder)


@pytest.fixture
def vocabulary(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module that leaves pieces out, which is none of the package."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import vocabulary

    yield vocabulary
    del sys.modules["vocabulary"]


def test_a_vocabulary_without_unused_pieces_cuts_the_same(vocabulary: Any) -> None:
    texts = ["We build data pipelines.", "engineering"]
    used = vocabulary.pieces_in(tokenizer(), texts)
    content, ids = vocabulary.pruned(tokenizer(), used)
    kept = [VOCABULARY[id_] for id_ in ids]
    assert [piece for piece in ("deploy", "models", "the") if piece in kept] == []
    assert {*"bcdxyz", "##a", "##z", "[UNK]", "[CLS]", "build"} <= set(kept)
    full, small = WordPieces(tokenizer(), 48), WordPieces(content, 48)
    for text in (*texts, "pipelines data we build"):
        before, after = full.sequence(text, text), small.sequence(text, text)
        assert [kept[id_] for id_ in after.ids] == pieces(before).split()
    # What is left out is cut into letters.
    assert [kept[i] for i in small.sequence("the", "").ids[1:4]] == ["t", "##h", "##e"]


needs_shipped = pytest.mark.skipif(
    not (shipped_encoder() / "manifest.json").is_file(),
    reason="no encoder is in models/ yet",
)


@needs_shipped
def test_the_shipped_encoder_is_whole_and_small() -> None:
    verify_model(shipped_encoder())
    size = sum(path.stat().st_size for path in shipped_encoder().iterdir())
    assert size < 25_000_000
    settings = Encoder.load(shipped_encoder()).settings
    assert sorted(settings.roles) == sorted(RoleModel.load(shipped_model()).roles)


@needs_shipped
def test_the_shipped_encoder_goes_into_the_wheel() -> None:
    import tomllib

    root = Path(__file__).parents[1]
    config = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    packed = config["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    name = shipped_encoder().name
    assert packed[f"models/{name}"] == f"roleclf/models/{name}"
