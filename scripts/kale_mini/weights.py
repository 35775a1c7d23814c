"""The weights that kale-mini begins with: random, but for a decoder whose first two blocks copy.

A text is said again by two attention layers together, an induction head (Olsson et al.,
arXiv 2209.11895): one looks one and two tokens back, the next looks for a place behind an earlier
copy of the present token and the one before it. Two, since a blank is a token: after one, any word
of the text could be next. Small networks find these late, or never where little is copied; so here
they begin as that. What blocks add is scaled down as GPT-2 does (of the tower, its MLPs alone), so
that it does not drown what is copied. All learn on.
"""

import math

import numpy as np

DEVIATION = 0.02
SPREAD = 0.06  # of embeddings, which hold their own beside what blocks add
BACK = 10.0  # sharpness of looking back, in nats over the neighbours
LOOKED = 0.08  # of what is found there
MATCH = 2.2  # of looking for the same tokens
COPIED = 0.4  # of what is found
BASE = 10000  # of rotary positions
FAST, SLOW = 12, 14  # pairs of dimensions that tell neighbours apart; from here, that do not


class Weights:
    """By name, as in a folder of transformers."""

    def __init__(self, config, seed=1):
        self.vision, self.text = config["vision_config"], config["text_config"]
        self.random = np.random.default_rng(seed)
        self.of = {}
        self.add_tower("vision_tower.vision_model")
        self.add_projector("multi_modal_projector")
        self.add_decoder("language_model.model")

    def normal(self, *shape, deviation=DEVIATION):
        return self.random.normal(0, deviation, shape).astype(np.float32)

    def linear(self, name, rows, columns, bias=True, layers=0):
        """`layers`: blocks of the stack, of one that writes to its residual stream."""
        deviation = DEVIATION / math.sqrt(2 * layers) if layers else DEVIATION
        self.of[f"{name}.weight"] = self.normal(rows, columns, deviation=deviation)
        if bias:
            self.of[f"{name}.bias"] = np.zeros(rows, np.float32)

    def norm(self, name, width, bias=True):
        self.of[f"{name}.weight"] = np.ones(width, np.float32)
        if bias:
            self.of[f"{name}.bias"] = np.zeros(width, np.float32)

    def add_tower(self, name):
        width, patch = self.vision["hidden_size"], self.vision["patch_size"]
        patches = (self.vision["image_size"] // patch) ** 2
        self.of[f"{name}.embeddings.class_embedding"] = self.normal(width)
        self.of[f"{name}.embeddings.patch_embedding.weight"] = self.normal(width, 3, patch, patch)
        self.of[f"{name}.embeddings.position_embedding.weight"] = self.normal(patches + 1, width)
        layers = self.vision["num_hidden_layers"]
        for layer in range(layers):
            block = f"{name}.encoder.layers.{layer}"
            for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
                self.linear(f"{block}.self_attn.{part}", width, width)
            self.linear(f"{block}.mlp.fc1", self.vision["intermediate_size"], width)
            self.linear(f"{block}.mlp.fc2", width, self.vision["intermediate_size"], layers=layers)
            self.norm(f"{block}.layer_norm1", width)
            self.norm(f"{block}.layer_norm2", width)
        self.norm(f"{name}.pre_layrnorm", width)
        self.norm(f"{name}.post_layernorm", width)

    def add_projector(self, name):
        width = self.text["hidden_size"]
        self.linear(f"{name}.linear_1", width, self.vision["hidden_size"])
        self.linear(f"{name}.linear_2", width, width)

    def add_decoder(self, name):
        width, inner = self.text["hidden_size"], self.text["intermediate_size"]
        self.of[f"{name}.embed_tokens.weight"] = self.normal(self.text["vocab_size"], width,
                                                             deviation=SPREAD)
        layers = self.text["num_hidden_layers"]
        for layer in range(layers):
            block = f"{name}.layers.{layer}"
            for part in ("q_proj", "k_proj", "v_proj"):
                self.linear(f"{block}.self_attn.{part}", width, width)
            self.linear(f"{block}.self_attn.o_proj", width, width, layers=layers)
            self.linear(f"{block}.mlp.gate_proj", inner, width, bias=False)
            self.linear(f"{block}.mlp.up_proj", inner, width, bias=False)
            self.linear(f"{block}.mlp.down_proj", width, inner, bias=False, layers=layers)
            self.norm(f"{block}.input_layernorm", width, bias=False)
            self.norm(f"{block}.post_attention_layernorm", width, bias=False)
        self.norm(f"{name}.norm", width, bias=False)
        turn = np.linalg.qr(self.normal(width, width))[0]
        self.look_back(f"{name}.layers.0.self_attn", turn)
        self.look_for_the_same(f"{name}.layers.1.self_attn", turn)

    def look_back(self, name, turn):
        """Half of the heads one token, half two; what they find is turned, so that the next block
        can tell it from the token itself. Of each token half of its embedding is enough."""
        width, heads = self.text["hidden_size"], self.text["num_attention_heads"]
        head = width // heads
        half, size = head // 2, math.sqrt(BACK * math.sqrt(head))
        angles = BASE ** (-np.arange(FAST) / half)
        key = np.zeros(head, np.float32)
        key[:FAST] = size
        queries = np.zeros((2, head), np.float32)
        for steps, query in enumerate(queries, 1):
            query[:FAST] = size * np.cos(steps * angles)
            query[half:half + FAST] = -size * np.sin(steps * angles)
        self.of[f"{name}.k_proj.bias"] = np.tile(key, heads)
        self.of[f"{name}.q_proj.bias"] = np.repeat(queries, heads // 2, axis=0).ravel()
        low = np.eye(width // 2, width, dtype=np.float32)
        self.of[f"{name}.v_proj.weight"] = np.concatenate([low, low])
        self.of[f"{name}.o_proj.weight"] = LOOKED * turn

    def look_for_the_same(self, name, turn):
        """Queries hold the present token and the one before, keys the two before a place."""
        width, heads = self.text["hidden_size"], self.text["num_attention_heads"]
        head, known = width // heads, width // 2
        slow = np.tile(np.arange(head) % (head // 2) >= SLOW, heads)
        present, before, before_that = np.eye(known, width), turn.T[:known], turn.T[known:]
        last, last_but_one = (self.normal(width, known, deviation=MATCH / math.sqrt(known))
                              * slow[:, None] for _ in range(2))
        queries = last @ present + last_but_one @ before
        keys = last @ before + last_but_one @ before_that
        same = np.eye(width, dtype=np.float32)
        self.of[f"{name}.q_proj.weight"] = queries.astype(np.float32)
        self.of[f"{name}.k_proj.weight"] = keys.astype(np.float32)
        self.of[f"{name}.v_proj.weight"] = same
        self.of[f"{name}.o_proj.weight"] = COPIED * same
