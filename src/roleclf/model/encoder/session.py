"""Run a network in ONNX Runtime, on one thread, in the process that asks for it."""

from __future__ import annotations

import os
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.model.array_files import FileBytes
from roleclf.model.encoder.word_pieces import PieceSequence

__all__ = ["Network"]

_INPUTS: Final = ("ids", "types")
_OUTPUT: Final = "logits"
# Steps of the runtime's optimizer that are left out. Its kernel for a sum with layer
# normalization takes twice as long as the two apart: a quarter of the whole time.
_LEFT_OUT: Final = ["SkipLayerNormFusion"]


class Network:
    """An ONNX graph that gives a posting's pieces a number for each role.

    A session is opened at the first posting, and anew in a fork of this process: a
    session that was opened before a fork must not be used in it.

    Parameters
    ----------
    graph : uint8 array
        The bytes of an ONNX file, with inputs `ids` and `types` of shape (1, n_pieces)
        and an output `logits` of shape (1, n_roles).
    """

    def __init__(self, graph: FileBytes) -> None:
        self._graph = graph
        self._session: Any = None
        self._process = 0

    def logits(self, pieces: PieceSequence) -> npt.NDArray[np.float64]:
        """Return a number for each role, shape (n_roles,).

        The posting is run alone, without padding: eight-bit numbers are scaled by the
        largest of what is run at once, so that neighbours would change an answer.
        """
        if self._process != os.getpid():
            self._session, self._process = _open_session(self._graph), os.getpid()
        arrays = (pieces.ids, pieces.types)
        given = {name: array[None] for name, array in zip(_INPUTS, arrays, strict=True)}
        (logits,) = self._session.run([_OUTPUT], given)
        return np.asarray(logits[0], np.float64)

    def __getstate__(self) -> dict[str, Any]:
        return {"_graph": self._graph, "_session": None, "_process": 0}


def _open_session(graph: FileBytes) -> Any:
    # Imported here: it takes a while, and only the extra `careful` installs it.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Worker processes share the cores. Threads would also forbid a later fork.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Only errors: warnings of the runtime are of no use to whoever reads postings.
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        graph.tobytes(),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=_LEFT_OUT,
    )
