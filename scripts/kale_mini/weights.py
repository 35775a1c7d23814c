"""The weights that kale-mini begins with: random, but for a decoder whose first two blocks copy.

A text is said again by two attention layers together, an induction head (Olsson et al.,
arXiv 2209.11895): one looks one token back, the next looks for the token that stands behind an
earlier copy of the present one. Small networks find these late, or never where little is copied; so
here they begin as that, and all learn on.
"""

import math

import numpy as np

DEVIATION = 0.02
SPREAD = 0.06  # of embeddings, which hold their own beside what blocks add
BACK = 8.0  # sharpness of looking back, in nats over the neighbours
MATCH = 2.2  # of looking for the same token
COPIED = 0.3  # of what is found
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

    def linear(self, name, rows, columns, bias=True):
        self.of[f"{name}.weight"] = self.normal(rows, columns)
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
        for layer in range(self.vision["num_hidden_layers"]):
            block = f"{name}.encoder.layers.{layer}"
            for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
                self.linear(f"{block}.self_attn.{part}", width, width)
            self.linear(f"{block}.mlp.fc1", self.vision["intermediate_size"], width)
            self.linear(f"{block}.mlp.fc2", width, self.vision["intermediate_size"])
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
        for layer in range(self.text["num_hidden_layers"]):
            block = f"{name}.layers.{layer}"
            for part in ("q_proj", "k_proj", "v_proj", "o_proj"):
                self.linear(f"{block}.self_attn.{part}", width, width)
            self.linear(f"{block}.mlp.gate_proj", inner, width, bias=False)
            self.linear(f"{block}.mlp.up_proj", inner, width, bias=False)
            self.linear(f"{block}.mlp.down_proj", width, inner, bias=False)
            self.norm(f"{block}.input_layernorm", width, bias=False)
            self.norm(f"{block}.post_attention_layernorm", width, bias=False)
        self.norm(f"{name}.norm", width, bias=False)
        self.make_copying(f"{name}.layers.0.self_attn", f"{name}.layers.1.self_attn")

    def make_copying(self, back, match):
        """What `back` finds is turned, so that `match` can tell it from the token itself."""
        width, heads = self.text["hidden_size"], self.text["num_attention_heads"]
        head = width // heads
        half, same = head // 2, np.eye(width, dtype=np.float32)
        turn = np.linalg.qr(self.normal(width, width))[0]
        angles = BASE ** (-np.arange(half) / half)
        size = math.sqrt(BACK * math.sqrt(head))
        key, query = np.zeros((2, head), np.float32)
        key[:FAST] = size
        query[:FAST] = size * np.cos(angles[:FAST])
        query[half:half + FAST] = -size * np.sin(angles[:FAST])
        self.of[f"{back}.k_proj.bias"] = np.tile(key, heads)
        self.of[f"{back}.q_proj.bias"] = np.tile(query, heads)
        self.of[f"{back}.v_proj.weight"] = same.copy()
        self.of[f"{back}.o_proj.weight"] = SPREAD * turn
        slow = np.tile(np.arange(head) % half >= SLOW, heads)
        looked_for = self.normal(width, width, deviation=MATCH / math.sqrt(width)) * slow[:, None]
        self.of[f"{match}.q_proj.weight"] = looked_for
        self.of[f"{match}.k_proj.weight"] = looked_for @ turn.T
        self.of[f"{match}.v_proj.weight"] = same.copy()
        self.of[f"{match}.o_proj.weight"] = COPIED * same
