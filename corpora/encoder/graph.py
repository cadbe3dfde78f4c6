"""Write the encoder as an ONNX graph, with weights in eight-bit numbers.

The graph is BERT's (Devlin et al. 2019, arXiv:1810.04805) for one posting without
padding, and the head of `network.py`. It is written out here, operator by operator,
because exporters of torch change what they write from version to version.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

__all__ = ["quantized_graph"]

Weights = Mapping[str, npt.NDArray[np.float32]]

# Of 2022; ONNX Runtime reads both since 1.15.
_OPSET: Final = 17
_IR_VERSION: Final = 8
# As BERT was trained with.
_EPSILON: Final = 1e-12


def quantized_graph(weights: Weights, n_heads: int) -> bytes:
    """Return an ONNX file whose matrices and embeddings are of eight-bit numbers.

    Each column of a matrix has a scale of its own. Weights take seven of the eight
    bits: processors without VNNI add products of two eight-bit numbers in sixteen bits,
    which overflow with all eight, and would give other answers than newer ones.

    Parameters
    ----------
    weights : mapping of str to float32 array
        The parameters of `network.Encoder`, by their names there.
    n_heads : int
        Attention heads of a layer.
    """
    with TemporaryDirectory() as folder:
        full, small = Path(folder, "full.onnx"), Path(folder, "small.onnx")
        onnx.save(_model(weights, n_heads), full)
        quantize_dynamic(
            full,
            small,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
        return small.read_bytes()


def _model(weights: Weights, n_heads: int) -> Any:
    """Return the graph in full precision, checked."""
    graph = _Graph()
    out = graph.encoder(weights, n_heads)
    n_roles = len(weights["head.bias"])
    kinds = {"ids": TensorProto.INT64, "types": TensorProto.INT64}
    model = helper.make_model(
        helper.make_graph(
            [*graph.nodes, helper.make_node("Identity", [out], ["logits"])],
            "encoder",
            [helper.make_tensor_value_info(n, k, [1, "n"]) for n, k in kinds.items()],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, n_roles])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=_IR_VERSION,
        producer_name="roleclf",
    )
    onnx.checker.check_model(model, full_check=True)
    return model


class _Graph:
    """Nodes and constants of a graph that is being written.

    Methods add nodes and return the name of their output.
    """

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def encoder(self, weights: Weights, n_heads: int) -> str:
        """Add everything from pieces to a number for each role."""
        x = self._embedded(_under("body.embeddings.", weights))
        n_layers = 1 + max(
            int(name.split(".")[3]) for name in weights if ".layer." in name
        )
        for layer in range(n_layers):
            of_layer = _under(f"body.encoder.layer.{layer}.", weights)
            x = self._layer(x, of_layer, n_heads)
        mean = self._add("ReduceMean", x, axes=[1], keepdims=0)
        largest = self._add("ReduceMax", x, axes=[1], keepdims=0)
        both = self._add("Concat", mean, largest, axis=1)
        return self._linear(both, _under("head.", weights))

    def _embedded(self, weights: Weights) -> str:
        """Add the sum of the embeddings of piece, kind and position."""
        pieces, kinds, positions = (
            self._constant(weights[f"{name}_embeddings.weight"])
            for name in ("word", "token_type", "position")
        )
        n_pieces = self._add("Shape", "ids", start=1, end=2)
        zero = self._constant(np.array([0], np.int64))
        # The embeddings of the first n positions.
        position = self._add("Slice", positions, zero, n_pieces, zero)
        total = self._add(
            "Add",
            self._add("Gather", pieces, "ids"),
            self._add("Gather", kinds, "types"),
        )
        return self._normalized(
            self._add("Add", total, position), _under("LayerNorm.", weights)
        )

    def _layer(self, x: str, weights: Weights, n_heads: int) -> str:
        attended = self._attention(x, _under("attention.self.", weights), n_heads)
        attended = self._linear(attended, _under("attention.output.dense.", weights))
        x = self._normalized(
            self._add("Add", attended, x),
            _under("attention.output.LayerNorm.", weights),
        )
        inner = self._gelu(self._linear(x, _under("intermediate.dense.", weights)))
        inner = self._linear(inner, _under("output.dense.", weights))
        return self._normalized(
            self._add("Add", inner, x), _under("output.LayerNorm.", weights)
        )

    def _attention(self, x: str, weights: Weights, n_heads: int) -> str:
        width = len(weights["query.bias"]) // n_heads
        split = self._constant(np.array([0, 0, n_heads, width], np.int64))
        joined = self._constant(np.array([0, 0, n_heads * width], np.int64))
        query, key, value = (
            self._add(
                "Transpose",
                self._add(
                    "Reshape", self._linear(x, _under(f"{name}.", weights)), split
                ),
                perm=perm,
            )
            for name, perm in (
                ("query", [0, 2, 1, 3]),
                ("key", [0, 2, 3, 1]),
                ("value", [0, 2, 1, 3]),
            )
        )
        scale = self._constant(np.array(width**0.5, np.float32))
        scores = self._add("Div", self._add("MatMul", query, key), scale)
        mixed = self._add("MatMul", self._add("Softmax", scores, axis=-1), value)
        by_piece = self._add("Transpose", mixed, perm=[0, 2, 1, 3])
        return self._add("Reshape", by_piece, joined)

    def _linear(self, x: str, weights: Weights) -> str:
        matrix = self._constant(np.ascontiguousarray(weights["weight"].T))
        bias = self._constant(weights["bias"])
        return self._add("Add", self._add("MatMul", x, matrix), bias)

    def _normalized(self, x: str, weights: Weights) -> str:
        scale, bias = (self._constant(weights[name]) for name in ("weight", "bias"))
        return self._add("LayerNormalization", x, scale, bias, epsilon=_EPSILON)

    def _gelu(self, x: str) -> str:
        """Add x * (1 + erf(x / sqrt(2))) / 2, in the form that the runtime knows."""
        root, one, half = (
            self._constant(np.array(value, np.float32)) for value in (2**0.5, 1, 0.5)
        )
        erf = self._add("Erf", self._add("Div", x, root))
        return self._add("Mul", self._add("Mul", x, self._add("Add", erf, one)), half)

    def _add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        output = f"{operator}_{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(operator, inputs, [output], output, **attributes)
        )
        return output

    def _constant(self, value: npt.NDArray[Any]) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(value, name))
        return name


def _under(prefix: str, weights: Weights) -> dict[str, npt.NDArray[np.float32]]:
    """Return the weights whose names begin with a prefix, without it."""
    return {
        name.removeprefix(prefix): value
        for name, value in weights.items()
        if name.startswith(prefix)
    }
