"""Features to roles: linear experts, a stacking head over them, and the model folder.

In: `Tokens` of texts and titles, or a model folder. Out: `Prediction`, by numpy alone
but for what an encoder reads again. Must not know: how weights are learned, `Posting`
and `Annotation`, or tables.

A posting's path, each step a module; to extend a step, add beside what is there:

1. `feature_spaces`: words, pairs of words and duties become features, which
   `feature_rows` weighs by tf-idf. Out: `Evidence`, a sparse matrix for each expert.
   Another kind of evidence is another space, with a field in `Evidence`.
2. `experts`: a linear model for each kind of evidence scores the roles; scores of the
   experts that read the same field (text or title) add up. A second
   model that reads the same field is a further expert.
3. `stacking`: the head for the fields that a posting has makes calibrated probabilities
   of the scores; `prior` shifts them to another mix of roles.

`role_model` does the three in order, and saves and loads the folder: `layout` names its
files, `contents` writes and reads arrays and lexicon, `folder` writes settings and
manifest and checks the hash of every file, `array_files` decodes bytes.

`encoder` is the careful reader: a network that reads again, in context, what the linear
model is unsure of. It is loaded only when it is asked for.

`titles` tells which role a title names, by rule, which is one more score for the heads.
`title_words` reads a title as terms by the forms that `title_forms` indexes,
`title_terms` drops those that tell nothing, `title_parts` finds the head noun of each
part, and `title_reading` tells what they name. The words are those of the taxonomy's
`titles.yaml`, the patterns the `title_patterns` of its role files; both are stored in
the model: train again after changing them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader
from roleclf.model.experts import (
    FIELD_BY_EXPERT,
    LEARNED_EXPERTS,
    Expert,
    rule_expert,
)
from roleclf.model.feature_rows import Evidence, FeatureRows
from roleclf.model.feature_spaces import (
    DutySpace,
    FeatureSpaces,
    NgramSpace,
    RuleSpace,
)
from roleclf.model.folder import (
    installed_encoder,
    read_manifest,
    read_settings,
    shipped_encoder,
    shipped_model,
    verify_model,
)
from roleclf.model.layout import ENCODER
from roleclf.model.prior import Prior
from roleclf.model.role_model import RoleModel
from roleclf.model.stacking import FIELDS_BY_HEAD, Prediction, StackingHead, softmax
from roleclf.model.titles import TitleRule, known_titles, title_rule

if TYPE_CHECKING:
    from roleclf.model.encoder.encoder import Encoder, check_extra, write_encoder
    from roleclf.model.encoder.inputs import InputSelection, encoder_inputs
    from roleclf.model.encoder.mixture import Mixture
    from roleclf.model.encoder.rereading import read_again
    from roleclf.model.encoder.settings import EncoderSettings
    from roleclf.model.encoder.word_pieces import WordPieces

__all__ = [
    "ENCODER",
    "FIELDS_BY_HEAD",
    "FIELD_BY_EXPERT",
    "LEARNED_EXPERTS",
    "DutySpace",
    "Encoder",
    "EncoderSettings",
    "Evidence",
    "Expert",
    "FeatureRows",
    "FeatureSpaces",
    "InputSelection",
    "Mixture",
    "NgramSpace",
    "Prediction",
    "Prior",
    "RoleModel",
    "RuleSpace",
    "StackingHead",
    "TitleRule",
    "WordPieces",
    "check_extra",
    "encoder_inputs",
    "installed_encoder",
    "known_titles",
    "read_again",
    "read_manifest",
    "read_settings",
    "rule_expert",
    "shipped_encoder",
    "shipped_model",
    "softmax",
    "title_rule",
    "verify_model",
    "write_encoder",
]

# The fast reader, which is the default, should not wait for what an encoder needs.
__getattr__ = loader(
    __name__,
    {
        "Encoder": "encoder.encoder",
        "EncoderSettings": "encoder.settings",
        "InputSelection": "encoder.inputs",
        "Mixture": "encoder.mixture",
        "WordPieces": "encoder.word_pieces",
        "check_extra": "encoder.encoder",
        "encoder_inputs": "encoder.inputs",
        "read_again": "encoder.rereading",
        "write_encoder": "encoder.encoder",
    },
)
