"""An invented evaluation, and the lines that show it on a terminal."""

from __future__ import annotations

from typing import Any

from roleclf.evaluation.curves import accuracy_of

FOUND = {"given": 4, "wanted": 5, "right": 3, "precision": 0.75, "recall": 0.6}
NOTHING = {"given": 0, "wanted": 0, "right": 0, "precision": None, "recall": None}
STRICT: dict[str, Any] = {
    "n": 1200,
    "unanswered": 0,
    "macro_f1": 0.8125,
    "macro_f1_95": [0.79, 0.834],
    "accuracy": 0.85,
    "accuracy_95": [0.829, 0.869],
    "f1_by_role": {"data_engineer": 0.9, "other": 0.725},
    "precision_by_role": {"data_engineer": 0.91, "other": 0.7},
    "recall_by_role": {"data_engineer": 0.89, "other": 0.752},
    "n_by_role": {"data_engineer": 1000, "other": 200},
    "accuracy_of_surest_80_percent": 0.925,
    "calibration_error": 0.031,
    "confusion": [[890, 110], [50, 150]],
}
ERROR = {"id": "j7", "label": "other", "role": "data_engineer", "confidence": 0.97}
EVALUATION: dict[str, Any] = {
    "model": {
        "name": "roles 1.0",
        "file": "manifest.json",
        "sha256": "ab12",
        "roles": ["data_engineer", "other"],
        "languages": ["en", "de"],
        "threshold": 0.8801,
        "sure_accuracy": 0.95,
    },
    "corpus": {"file": "jobs.csv", "sha256": "cd34"},
    "labels": [{"file": "labels.jsonl", "sha256": "ef56"}],
    "n": 1250,
    "unlabelled": 0,
    "seen": False,
    "problems": {},
    "strict": STRICT,
    "clear": {**STRICT, "n": 900},
    "lenient": accuracy_of(1150, 1250),
    "sure": {"share": 0.6, **accuracy_of(690, 720)},
    "reliability": [
        {"from": 0.4, "to": 0.6, "confidence": 0.5, **accuracy_of(300, 600)},
        {"from": 0.6, "to": 1.0, "confidence": 0.8, **accuracy_of(540, 600)},
    ],
    "coverage": [
        {"share": 0.5, "confidence": 0.9, **accuracy_of(590, 600)},
        {"share": 1.0, "confidence": 0.4, **accuracy_of(1020, 1200)},
    ],
    "second_role": {"blend": FOUND, "pair": FOUND},
    "mismatch": {"n": 1100, **NOTHING},
    "slices": {
        "source": {
            "parts": [{"value": "<b>board</b>", **accuracy_of(10, 12)}],
            "left_out": 3,
        }
    },
    "confusions": [
        {
            "label": "data_engineer",
            "role": "other",
            "n": 110,
            "share": 0.11,
            "ids": ["j1", "j2"],
        }
    ],
    "confident_errors": [{**ERROR, "problem": "too_short"}],
    "weights": {
        role: {
            "text": {"for": [("kafka", 1.5)], "against": [("<script>", -0.5)]},
            "duties": {
                "for": [("data_engineer.responsibility.move_data", 0.75)],
                "against": [],
            },
            "title": {"for": [], "against": []},
        }
        for role in ("data_engineer", "other")
    },
}
TEXT = """\
roles 1.0 on jobs.csv: 1,250 labelled postings

                        n   macro-F1              accuracy
strict              1,200   0.812 (0.790-0.834)   0.850 (0.829-0.869)
clear                 900   0.812 (0.790-0.834)   0.850 (0.829-0.869)
lenient             1,250                         0.920 (0.904-0.934)

role                    n   precision   recall      F1
data_engineer       1,000       0.910    0.890   0.900
other                 200       0.700    0.752   0.725

sure, from 0.880   720, 60.0%, 0.958 right
surest 80%         0.925 right
calibration error  0.031
second role        precision 3/4 = 0.750, recall 3/5 = 0.600
mismatch           none given, none wanted
confused           data_engineer as other: 110"""
