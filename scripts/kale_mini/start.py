#!/usr/bin/env python3
"""Makes the student that kale-mini begins as: a tokenizer of a world's captions, its shape, and
weights (weights.py).

  python scripts/kale_mini/start.py WORLD OUT

The tokenizer is byte-level BPE, each digit a token (SmolLM2's split), of 4,096 tokens. A name in
capitals has the same tokens wherever it stands, or it could hardly be copied: the blank before it
is a token of its own. Only common words in small letters are one token with their blank (and so is
the beginning of a rarer word that is such a word, as the a of "apricot").
"""

import collections
import json
import re

import pyarrow.parquet as pq
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

import tables
from weights import Weights

TOKENS = 4096
WORDS = 700  # of them, a common word with the blank before it
BLANK = "\u0120"  # a blank in byte-level BPE
END, IMAGE = "<|endoftext|>", "<image>"
SHARDS = 3  # of a thousand scenes each: what the tokenizer sees
COLUMNS = ["alt_text", "caption_brief", "caption_dense", "caption_fused_brief",
           "caption_fused_dense"]
WIDTH, SIDE, PATCH = 256, 112, 16

CONFIG = {
    "architectures": ["LlavaForConditionalGeneration"],
    "model_type": "llava",
    "image_token_index": 1,
    "projector_hidden_act": "gelu_pytorch_tanh",
    "vision_feature_layer": -1,
    "vision_feature_select_strategy": "default",
    "multimodal_projector_bias": True,
    "tie_word_embeddings": True,
    "vision_config": {
        "model_type": "clip_vision_model", "hidden_size": WIDTH, "intermediate_size": 1024,
        "num_hidden_layers": 6, "num_attention_heads": 4, "image_size": SIDE, "patch_size": PATCH,
        "hidden_act": "gelu_pytorch_tanh", "projection_dim": WIDTH, "layer_norm_eps": 1e-5},
    "text_config": {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": TOKENS,
        "hidden_size": WIDTH, "intermediate_size": 704, "num_hidden_layers": 5,
        "num_attention_heads": 4, "num_key_value_heads": 4, "max_position_embeddings": 2048,
        "rms_norm_eps": 1e-5, "tie_word_embeddings": True, "bos_token_id": None,
        "eos_token_id": 0, "pad_token_id": None, "hidden_act": "silu", "attention_bias": True},
}

PROCESSOR = {
    "image_processor_type": "LlavaImageProcessor",
    "do_pad": True, "do_resize": True, "size": {"shortest_edge": SIDE},
    "do_center_crop": True, "crop_size": {"height": SIDE, "width": SIDE},
    "do_rescale": True, "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
    "resample": 3, "do_convert_rgb": True,
}


def texts(world):
    for file in tables.shards(world)[:SHARDS]:
        for column in pq.read_table(file, columns=COLUMNS).columns:
            yield from (text for text in column.to_pylist() if text)


def byte_level(*splits):
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True), *splits,
        pre_tokenizers.ByteLevel(add_prefix_space=False)])
    made.decoder = decoders.ByteLevel()
    return made


def common_words(some_texts, tokens):
    """Those of small letters that are one token, the most common first."""
    counts = collections.Counter(word for text in some_texts
                                 for word in re.findall(r"(?<= )[a-z]+", text))
    return [word for word, _ in counts.most_common() if word in tokens]


def train_tokenizer(some_texts):
    """Learns words without their blanks, then joins blanks to common words, after all else."""
    some_texts = list(some_texts)
    learnt = byte_level(pre_tokenizers.Split(" ", "isolated"))
    learnt.train_from_iterator(some_texts, trainers.BpeTrainer(
        vocab_size=TOKENS - WORDS, special_tokens=[END, IMAGE], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    learnt = json.loads(learnt.to_str())
    tokens, merges = learnt["model"]["vocab"], learnt["model"]["merges"]
    for word in common_words(some_texts, set(tokens))[:WORDS]:
        tokens[BLANK + word] = len(tokens)
        merges.append([BLANK, word])
    learnt["pre_tokenizer"] = json.loads(byte_level().to_str())["pre_tokenizer"]
    return Tokenizer.from_str(json.dumps(learnt))


def write_student(out, some_texts, config=CONFIG):
    """A folder without weights."""
    out.mkdir(parents=True, exist_ok=True)
    train_tokenizer(some_texts).save(str(out / "tokenizer.json"))
    for name, content in (("config", config), ("preprocessor_config", PROCESSOR)):
        (out / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")


def main():
    arguments = tables.parser(__doc__).parse_args()
    write_student(arguments.out, texts(arguments.world))
    save_file(Weights(CONFIG).of, arguments.out / "model.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main()
