"""The encoder of `--reader careful`: reads again what the linear model is unsure of.

Each step is a module: `inputs` selects what is read of a posting, `word_pieces` cuts it
into numbers, `session` runs the network, `mixture` joins its answer with the linear
model's, and `encoder` does them in order. `settings` are what its folder's `model.json`
says. The network is an ONNX graph of eight-bit numbers, made by `corpora/encoder`.
"""
