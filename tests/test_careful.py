"""The careful reader: which postings an encoder reads again, and what comes of it."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import roleclf
from roleclf.batch import classify_file, model_fingerprint
from roleclf.cli import main
from roleclf.errors import ModelError
from roleclf.model import Encoder, Mixture
from roleclf.tables import Progress

REASON = "the extra `careful` is not installed"
pytest.importorskip("onnxruntime", reason=REASON)
pytest.importorskip("tokenizers", reason=REASON)

from encoders import ROLES, SETTINGS, write_small_encoder  # noqa: E402

UNSURE = 0.8
FINNISH = (
    "Etsimme kokenutta työntekijää, joka rakentaa ja ylläpitää järjestelmiämme sekä "
    "auttaa asiakkaitamme heidän tarpeissaan. Työhön kuuluu myös laitteiden huolto ja "
    "uusien työntekijöiden opastaminen tehtaassa, jossa meitä on nyt kuusikymmentä."
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small encoder; tests must not change it."""
    return write_small_encoder(tmp_path_factory.mktemp("encoder") / "tiny")


@pytest.fixture(scope="session")
def careful(folder: Path) -> roleclf.Annotator:
    return roleclf.load(reader=folder)


@pytest.fixture(scope="session")
def rows(sample: pd.DataFrame) -> list[dict[str, Any]]:
    return sample[["id", "title", "description"]].to_dict("records")


@pytest.fixture
def shipped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the small encoder, in the place of the one that is shipped."""
    from roleclf.model import folder as folders

    place_of = folders._shipped
    monkeypatch.setattr(
        folders,
        "_shipped",
        lambda name: folder if "careful" in name else place_of(name),
    )
    return folder


def test_the_encoder_reads_what_the_model_is_unsure_of(
    annotator: roleclf.Annotator,
    careful: roleclf.Annotator,
    rows: list[dict[str, Any]],
) -> None:
    fast, read = (list(a.annotate_many(rows)) for a in (annotator, careful))
    unsure = [a.confidence < UNSURE and a.problem is None for a in fast]
    assert 10 < sum(unsure) < 60
    assert [a.encoder_role is not None for a in read] == unsure
    assert all(a.encoder_role is None for a in fast)
    for before, after, is_unsure in zip(fast, read, unsure, strict=True):
        assert (after.probabilities == before.probabilities) is not is_unsure
        assert after.reasons == before.reasons or after.role != before.role
        assert (after.title_role, after.duties_role, after.skills) == (
            before.title_role,
            before.duties_role,
            before.skills,
        )


def test_the_answer_is_the_mixture_of_both(
    annotator: roleclf.Annotator,
    careful: roleclf.Annotator,
    folder: Path,
    rows: list[dict[str, Any]],
) -> None:
    row = next(
        r for r in rows if careful.annotate(r["title"], r["description"]).encoder_role
    )
    fast, both = (
        a.annotate(row["title"], row["description"]) for a in (annotator, careful)
    )
    roles = list(fast.probabilities)
    said = Encoder.load(folder).log_probabilities(
        [roleclf.clean(row["title"])], [roleclf.clean(row["description"])], roles
    )
    linear = np.log([list(fast.probabilities.values())])
    expected = Mixture(0.4, 0.6, 1.0).mix(said, linear)[0]
    np.testing.assert_allclose(list(both.probabilities.values()), expected)
    assert both.role == roles[int(expected.argmax())]
    assert both.confidence == pytest.approx(expected.max())
    assert both.encoder_role == roles[int(said[0].argmax())]


def test_sure_follows_the_threshold_of_the_encoder(
    careful: roleclf.Annotator, rows: list[dict[str, Any]]
) -> None:
    for annotation in careful.annotate_many(rows):
        is_sure = annotation.confidence >= SETTINGS.threshold
        assert annotation.sure is (is_sure and annotation.problem is None)


def test_second_roles_and_mismatches_follow_the_mixture(
    careful: roleclf.Annotator, rows: list[dict[str, Any]]
) -> None:
    read = [a for a in careful.annotate_many(rows) if a.encoder_role]
    assert any(a.second_role for a in read)
    for annotation in read:
        if annotation.second_role:
            found = annotation.probabilities[annotation.second_role]
            assert annotation.second_confidence == found
        if annotation.mismatch:
            assert annotation.probabilities[annotation.title_role] < 0.45


@pytest.mark.parametrize(
    ("title", "description", "problem"),
    [
        pytest.param("Ops", "", "no_text", id="no-text"),
        pytest.param("Ops", "Data.", "too_short", id="too-short"),
        pytest.param("Ops", FINNISH, "unsupported_language", id="other-language"),
        pytest.param("", "", "no_text", id="nothing"),
    ],
)
def test_a_posting_without_a_readable_text_is_left_to_the_model(
    annotator: roleclf.Annotator,
    careful: roleclf.Annotator,
    title: str,
    description: str,
    problem: str,
) -> None:
    fast, read = (a.annotate(title, description) for a in (annotator, careful))
    assert read.problem == problem
    assert read.confidence < UNSURE
    assert (read.probabilities, read.encoder_role) == (fast.probabilities, None)


def test_a_posting_gets_the_same_annotation_in_any_batch(
    careful: roleclf.Annotator, rows: list[dict[str, Any]]
) -> None:
    together = [a.to_dict() for a in careful.annotate_many(rows)]
    backwards = [a.to_dict() for a in careful.annotate_many(rows[::-1])]
    assert backwards[::-1] == together
    alone = [next(careful.annotate_many([row])).to_dict() for row in rows]
    assert alone == together


def test_an_annotation_names_both_models_and_the_encoders_answer(
    annotator: roleclf.Annotator,
    careful: roleclf.Annotator,
    rows: list[dict[str, Any]],
) -> None:
    fast, read = (list(a.annotate_many(rows)) for a in (annotator, careful))
    assert {a.model for a in read} == {f"{fast[0].model} + tiny 1.0"}
    keys = [set(a.to_dict()) - set(fast[0].to_dict()) for a in read]
    assert keys == [{"encoder_role"} if a.encoder_role else set() for a in read]
    assert (annotator.reader, careful.reader) == ("fast", "careful")


def test_a_frame_can_have_the_encoders_answer(
    careful: roleclf.Annotator, sample: pd.DataFrame
) -> None:
    frame = careful.annotate_frame(sample, columns=["role", "encoder_role"])
    annotations = careful.annotate_many(sample.to_dict("records"))
    expected = [a.encoder_role or "" for a in annotations]
    assert frame["encoder_role"].fillna("").tolist() == expected


def test_a_prior_holds_for_the_mixture(
    careful: roleclf.Annotator, folder: Path, rows: list[dict[str, Any]]
) -> None:
    prior = {"other": 0.5}
    shifted = roleclf.load(reader=folder, prior=prior)
    roles = list(careful.roles)
    ratio = (
        np.array([0.5 if role == "other" else 0.1 for role in roles])
        / careful.model.prior
    )
    n_read = 0
    pairs = zip(careful.annotate_many(rows), shifted.annotate_many(rows), strict=True)
    for before, after in pairs:
        if before.encoder_role and after.encoder_role:
            n_read += 1
            expected = np.array([before.probabilities[role] for role in roles]) * ratio
            found = [after.probabilities[role] for role in roles]
            np.testing.assert_allclose(found, expected / expected.sum())
    assert n_read > 5


def test_two_priors_after_each_other_are_the_second(
    careful: roleclf.Annotator, rows: list[dict[str, Any]]
) -> None:
    model = careful.model
    twice = model.with_prior("uniform").with_prior({"other": 0.5})
    once = model.with_prior({"other": 0.5})
    np.testing.assert_allclose(twice.prior_shift, once.prior_shift)


def test_an_encoder_of_other_roles_is_refused(tmp_path: Path) -> None:
    roles = ("baker", *ROLES[1:])
    other = write_small_encoder(tmp_path / "other", SETTINGS._replace(roles=roles))
    message = (
        f"{other}: tiny 1.0 knows other roles than the model: {', '.join(roles)}; "
        "give another with --model"
    )
    with pytest.raises(ModelError, match=f"^{re.escape(message)}$"):
        roleclf.load(reader=other)


def test_there_are_two_readers() -> None:
    with pytest.raises(
        ValueError, match=r"^'slow' is no reader; there are fast and careful$"
    ):
        roleclf.load(reader="slow")


def run(*args: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(main, args, input=given)


@pytest.mark.usefixtures("shipped")
def test_careful_is_the_shipped_encoder(
    careful: roleclf.Annotator, rows: list[dict[str, Any]]
) -> None:
    loaded = roleclf.load(reader="careful")
    assert loaded.model.name == careful.model.name
    found, expected = (
        [a.to_dict() for a in reader.annotate_many(rows[:9])]
        for reader in (loaded, careful)
    )
    assert found == expected


@pytest.fixture
def unsure(careful: roleclf.Annotator, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A posting that the encoder reads."""
    return next(
        row
        for row in rows
        if careful.annotate(row["title"], row["description"]).encoder_role
    )


@pytest.mark.usefixtures("shipped")
def test_explain_says_that_the_encoder_had_a_part(
    careful: roleclf.Annotator, unsure: dict[str, Any]
) -> None:
    text = unsure["description"].encode()
    args = ("explain", "--title", unsure["title"])
    expected = careful.annotate(unsure["title"], unsure["description"])
    shown = run(*args, "--reader", "careful", given=text).stdout
    said = " ".join(shown.split())
    assert f"Encoder says {expected.encoder_role} (the reasons below are" in said
    assert "Encoder" not in run(*args, given=text).stdout
    found = run(*args, "--reader", "careful", "--json", given=text).stdout
    assert json.loads(found) == expected.to_dict()


@pytest.fixture
def table(rows: list[dict[str, Any]], tmp_path: Path) -> Path:
    path = tmp_path / "jobs.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


@pytest.mark.usefixtures("shipped")
def test_classify_counts_what_the_encoder_read(
    careful: roleclf.Annotator, table: Path, rows: list[dict[str, Any]]
) -> None:
    annotations = list(careful.annotate_many(rows))
    n_read = sum(a.encoder_role is not None for a in annotations)
    result = run("classify", str(table), "--reader", "careful", "--workers", "1")
    assert result.exit_code == 0
    assert f"read again by the encoder: {n_read}\n" in result.stderr
    found = csv.DictReader(io.StringIO(result.stdout))
    expected = [(a.role, f"{a.confidence:.4f}") for a in annotations]
    assert [(r["roleclf_role"], r["roleclf_confidence"]) for r in found] == expected
    assert "encoder" not in run("classify", str(table)).stderr


@pytest.mark.parametrize("backend", ["fork", "loky"])
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_workers_write_the_same(
    careful: roleclf.Annotator,
    table: Path,
    tmp_path: Path,
    backend: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("roleclf.batch.classify._LEAST_BLOCKS", 2)
    monkeypatch.setattr("roleclf.tables.blocks._LAST_SIZE", 1 << 18)
    reports: list[Progress] = []
    done = {}
    for n in (1, 2):
        target = tmp_path / f"{n}.csv"
        summary = classify_file(
            careful,
            str(table),
            str(target),
            report=reports.append,
            workers=n,
            backend=backend,
        )
        done[n] = (target.read_bytes(), summary._replace(seconds=0))
    assert done[1] == done[2]
    assert reports[-1].reread == done[2][1].rows_reread > 10
    # Blocks are small, so that progress is seen and no worker is idle.
    assert len(reports) >= 2 * 5


@pytest.mark.usefixtures("shipped")
def test_a_run_is_resumed_with_the_same_reader_only() -> None:
    fast, careful = (model_fingerprint(None, None, r) for r in ("fast", "careful"))
    assert fast == model_fingerprint(None, None)
    assert fast != careful


@pytest.mark.usefixtures("shipped")
def test_annotate_counts_what_the_encoder_read(
    careful: roleclf.Annotator, rows: list[dict[str, Any]]
) -> None:
    feed = json.dumps(rows).encode()
    n_read = sum(a.encoder_role is not None for a in careful.annotate_many(rows))
    result = run("annotate", "-", "--reader", "careful", given=feed)
    assert f"\nread again by the encoder: {n_read}\n" in result.stderr
    found = [job["_roleclf"].get("encoder_role") for job in json.loads(result.stdout)]
    assert sum(role is not None for role in found) == n_read
    assert "encoder" not in run("annotate", "-", given=feed).stderr


@pytest.mark.usefixtures("shipped")
def test_watch_counts_what_the_encoder_read_and_tells_readers_apart(
    rows: list[dict[str, Any]],
    unsure: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("jobs.json").write_text(json.dumps([unsure]), "utf-8")
    args = ("watch", "jobs.json", "--state", "jobs.db", "-o", "new.jsonl", "--once")
    first = run(*args, "--reader", "careful")
    assert first.stderr == (
        "jobs.json: 1 posting, 1 new, 1 read again by the encoder\n"
    )
    line = json.loads(Path("new.jsonl").read_text("utf-8"))
    assert line["_roleclf"]["model"].endswith(" + tiny 1.0")
    assert "--reannotate makes them anew" in run(*args).stderr
    assert run(*args, "--reader", "careful").stderr == "jobs.json: unchanged\n"


@pytest.mark.usefixtures("shipped")
def test_model_info_and_verify_show_the_encoder(folder: Path) -> None:
    shown = " ".join(run("model", "info").stdout.split())
    assert "Encoder tiny 1.0: with --reader careful it reads again" in shown
    about = json.loads(run("model", "info", "--json").stdout)["encoder"]
    assert about["settings"]["name"] == "tiny 1.0"
    assert run("model", "verify").stdout == (
        "the shipped model: every file is as the manifest says\n"
        "the encoder of --reader careful: every file is as the manifest says\n"
    )
    assert run("model", "verify", str(folder)).exit_code == 0
    of_folder = " ".join(run("model", "info", str(folder)).stdout.split())
    assert "Sure confidence from 0.850, and no problem" in of_folder
    assert "Counts 0.4 to the model's 0.6, temperature 1" in of_folder


def without_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roleclf.model.encoder.encoder.find_spec", lambda name: None)


def without_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    from roleclf.model import folder

    place_of = folder._shipped
    monkeypatch.setattr(
        folder,
        "_shipped",
        lambda name: Path("none") if "careful" in name else place_of(name),
    )


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(("classify", "jobs.csv"), id="classify"),
        pytest.param(("explain", "jobs.txt"), id="explain"),
        pytest.param(("annotate", "jobs.json"), id="annotate"),
        pytest.param(
            ("watch", "jobs.json", "--state", "s.db", "-o", "n.jsonl", "--once"),
            id="watch",
        ),
    ],
)
@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(
            without_libraries,
            "the careful reader needs libraries that are not installed; "
            "pip install 'roleclf[careful]' brings them",
            id="no-extra",
        ),
        pytest.param(
            without_folder,
            "none: holds no manifest.json; install roleclf again, or write it with "
            "corpora/encoder/export.py",
            id="no-folder",
        ),
    ],
)
def test_what_the_careful_reader_lacks_is_named(
    args: tuple[str, ...],
    spoil: Callable[[pytest.MonkeyPatch], None],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("jobs.csv").write_text("title\nBaker\n", "utf-8")
    Path("jobs.txt").write_text("We bake.", "utf-8")
    Path("jobs.json").write_text('[{"title": "Baker"}]', "utf-8")
    spoil(monkeypatch)
    result = run(*args, "--reader", "careful")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: {message}\n"


def test_the_careful_reader_can_fork(folder: Path) -> None:
    code = """
import sys
from pathlib import Path
from roleclf.cli import prior
prior._use_one_thread()
import roleclf
annotator = roleclf.load(reader=Path(sys.argv[1]))
annotator.annotate("Ops", "You build and run data things for the team. " * 9)
from roleclf.batch.fork_backend import can_fork, _THREADS
print(can_fork() or not _THREADS.exists())
"""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "True\n"
