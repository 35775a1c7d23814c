"""A student's way out: small random students of each form that kale exports, each with a small
tokeniser, in libtorch, in transformers out of the folder that kale writes, and in llama.cpp out of
the files that kale exports: the same tokens for the same pictures and prompts.

  python student.py student_probe kale llama_ask
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

import numpy
import PIL.Image
import torch

import transformers as T
import vocabularies

PROBE, KALE, ASK = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
del sys.argv[1:4]
NEW_TOKENS = 24
GAP = 0.05  # between the likeliest token and the next, in nats: far over the rounding of three engines
SEEDS = 200

CLIP = {"hidden_size": 48, "intermediate_size": 80, "num_hidden_layers": 3,
        "num_attention_heads": 4, "image_size": 32, "patch_size": 8, "projection_dim": 40}
SIGLIP = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2,
          "num_attention_heads": 4, "image_size": 32, "patch_size": 8, "vision_use_head": False}
TEXT = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 256,
        "rms_norm_eps": 1e-5}
STRETCH = {"rope_type": "llama3", "rope_theta": 5000.0, "factor": 8.0, "low_freq_factor": 1.0,
           "high_freq_factor": 4.0, "original_max_position_embeddings": 100}
TANH = "gelu_pytorch_tanh"
TEXTS = ["A Magellanic penguin.", "SALE -50%!! today only, €9.99", "two  spaces   and 1234",
         "Señor Ünï’s café", "", "a <image> in a text, and <|end|>", "ends with a line\n"]
SQUARE = [(32, 32)] * len(TEXTS)  # already as the tower takes them
OTHERS = [(64, 64), (20, 20), (100, 41), (33, 97), (31, 32)]

T.utils.logging.disable_progress_bar()
T.utils.logging.set_verbosity_error()
torch.set_num_threads(1)


class Case:
    def __init__(self, name, split, vision, text, **options):
        self.name, self.split, self.vision, self.text = name, split, vision, text
        self.options = options

    def prepare(self, folder):
        """Tokeniser, network, pictures; the first seed whose replies are far from ties."""
        self.folder = folder / self.name
        (self.folder / "base").mkdir(parents=True)
        tokenizer = vocabularies.train(self.split, 420)
        tokenizer.save(str(self.folder / "base/tokenizer.json"))
        self.image = tokenizer.token_to_id("<image>")
        self.rows = tokenizer.get_vocab_size() + 3  # as padded embeddings have
        self.end = tokenizer.token_to_id("<|im_end|>")
        self.spoken = [i for i in range(tokenizer.get_vocab_size())
                       if i == self.end or (tokenizer.decode([i]).isascii() and
                                            tokenizer.decode([i]) != "")]
        self.write_prompts()

    def make(self, seed):
        text = {**self.text, "vocab_size": self.rows, "bos_token_id": None,
                "eos_token_id": self.end, "pad_token_id": self.end}
        kind = T.Qwen2Config if self.split == "qwen2" else T.LlamaConfig
        vision = T.SiglipVisionConfig if "vision_use_head" in self.vision else T.CLIPVisionConfig
        model = T.LlavaForConditionalGeneration(T.LlavaConfig(
            vision_config=vision(**self.vision), text_config=kind(**text),
            image_token_index=self.image, **self.options))
        randomise(model, self.spoken, seed)
        return model.eval()

    def write_prompts(self):
        dice = random.Random(len(self.name))
        self.prompts = []
        for i, (width, height) in enumerate(SQUARE + OTHERS):
            pixels = numpy.random.default_rng(i).integers(0, 256, (height, width, 3), "uint8")
            smooth = PIL.Image.fromarray(pixels).resize((max(2, width // 6), max(2, height // 6)))
            picture = smooth.resize((width, height), PIL.Image.Resampling.BICUBIC)
            picture.save(self.folder / f"{i}.ppm")
            self.prompts.append({"text": TEXTS[i] if i < len(TEXTS) else dice.choice(TEXTS[:4]),
                                 "image": f"{i}.ppm"})
        (self.folder / "prompts.jsonl").write_text(
            "".join(json.dumps(prompt) + "\n" for prompt in self.prompts))

    def load(self):
        self.processor = T.AutoProcessor.from_pretrained(self.folder / "student")
        self.model = T.LlavaForConditionalGeneration.from_pretrained(self.folder / "student").eval()

    def inputs(self, prompt):
        picture = PIL.Image.open(self.folder / prompt["image"])
        content = [{"type": "image"}, {"type": "text", "text": prompt["text"]}]
        if "<image>" in prompt["text"] or "<|end|>" in prompt["text"]:
            return None  # a processor reads special tokens out of a text, which kale never does
        text = self.processor.apply_chat_template([{"role": "user", "content": content}],
                                                  add_generation_prompt=True)
        return self.processor(images=picture, text=text, return_tensors="pt")


def randomise(model, spoken, seed):
    """Normal weights; tokens that are never said get no output."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            noise = torch.randn(tensor.shape, generator=generator)
            if "norm" in name and name.endswith("weight"):
                tensor.copy_(1 + 0.2 * noise)
            elif tensor.dim() == 1:
                tensor.copy_(0.1 * noise)
            elif "embed_tokens" in name or "lm_head" in name:
                tensor.copy_(noise * 0.5)
            else:
                tensor.copy_(noise * (1.2 / tensor[0].numel() ** 0.5))
        said = torch.zeros(model.lm_head.weight.shape[0], 1)
        said[spoken] = 1
        model.lm_head.weight.mul_(said)


def cases():
    llama = {**TEXT, "rope_parameters": STRETCH}
    return [
        Case("clip_llama", "llama-bpe", CLIP, llama, projector_hidden_act=TANH),
        Case("clip_qwen2", "qwen2", {**CLIP, "hidden_act": TANH},
             {**TEXT, "tie_word_embeddings": True}, projector_hidden_act=TANH,
             vision_feature_layer=2, multimodal_projector_bias=False),
        Case("siglip_qwen2_linear", "qwen2", SIGLIP, TEXT, projector_hidden_act="linear",
             vision_feature_layer=-1, vision_feature_select_strategy="full"),
        Case("siglip_llama", "smollm", SIGLIP,
             {**TEXT, "tie_word_embeddings": True, "head_dim": 32, "attention_bias": True,
              "mlp_bias": True},
             projector_hidden_act=TANH, vision_feature_layer=-2,
             vision_feature_select_strategy="full"),
        Case("siglip_gpt2", "gpt-2", {**SIGLIP, "hidden_act": "quick_gelu"}, TEXT,
             projector_hidden_act="linear", vision_feature_layer=-1,
             vision_feature_select_strategy="full", multimodal_projector_bias=False),
    ]


class Student(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temp.name)
        cls.cases = cases()
        for case in cls.cases:
            case.prepare(cls.folder)
            case.make(1).save_pretrained(case.folder / "base")
        subprocess.run([PROBE, cls.folder], check=True)
        for case in cls.cases:
            case.ours = [json.loads(line) for line in
                         (case.folder / "replies.jsonl").read_text().split("\n") if line]
            case.load()


if __name__ == "__main__":
    unittest.main()
