"""Our networks against transformers, on small random ones of each family: what they say, losses,
gradients, ten steps of AdamW, generated tokens, the folders that either writes; and pictures as
their processors prepare them.

  python networks.py networks_probe
"""

import copy
import pathlib
import subprocess
import sys
import tempfile
import unittest

import PIL.Image
import torch
from safetensors.torch import load_file, save_file

import transformers as T
from transformers.models.clip import image_processing_pil_clip as clip_pictures
from transformers.models.llava import image_processing_pil_llava as llava_pictures
from transformers.models.siglip import image_processing_pil_siglip as siglip_pictures

PROBE = sys.argv.pop(1)
TOLERANCE = 1e-4
STEPS = 10
ADAMW = {"lr": 1e-3, "eps": 1e-4, "weight_decay": 0.01}  # as in networks_probe.cc
NEW_TOKENS = 24

CLIP_VISION = {"hidden_size": 48, "intermediate_size": 80, "num_hidden_layers": 3,
               "num_attention_heads": 4, "image_size": 24, "patch_size": 8, "projection_dim": 40}
SIGLIP_VISION = {"hidden_size": 40, "intermediate_size": 72, "num_hidden_layers": 2,
                 "num_attention_heads": 5, "image_size": 32, "patch_size": 8}
CLIP_TEXT = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
             "num_attention_heads": 4, "vocab_size": 90, "max_position_embeddings": 16,
             "hidden_act": "gelu", "projection_dim": 40}
SIGLIP_TEXT = {"hidden_size": 40, "intermediate_size": 64, "num_hidden_layers": 2,
               "num_attention_heads": 4, "vocab_size": 90, "max_position_embeddings": 12}
LLAMA = {"hidden_size": 64, "intermediate_size": 112, "num_hidden_layers": 3,
         "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 120,
         "max_position_embeddings": 128, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 119,
         "rms_norm_eps": 1e-5}
LLAMA3_ROPE = {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0,
               "high_freq_factor": 4.0,
               "original_max_position_embeddings": 100}  # one pair of numbers lies between

torch.set_num_threads(1)  # these networks are too small to share
T.utils.logging.disable_progress_bar()
T.utils.logging.set_verbosity_error()


def randomise(model, seed):
    """Weights far enough from their beginnings that every part matters."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            noise = torch.randn(tensor.shape, generator=generator)
            if name.endswith(("logit_scale", "logit_bias")):
                tensor.copy_(0.7 + 0.1 * noise)
            elif "norm" in name and name.endswith("weight"):
                tensor.copy_(1 + 0.2 * noise)
            else:
                tensor.copy_(0.15 * noise)


def pixels(count, side, generator):
    return torch.randn(count, 3, side, side, generator=generator)


class Case:
    """A model, its inputs, and how transformers answers them."""
    shard = "5GB"

    def __init__(self, name, model):
        self.name, self.model = name, model.eval()
        self.generator = torch.Generator().manual_seed(len(name))
        randomise(model, 7)


class Vision(Case):
    def inputs(self):
        config = self.model.config
        side = config.image_size
        patches = (side // config.patch_size) ** 2 + ("clip" in config.model_type)
        probe = torch.randn(2, patches, config.hidden_size, generator=self.generator)
        return {"pixels": pixels(2, side, self.generator), "probe": probe / 10,
                "large_pixels": pixels(1, side + 2 * config.patch_size, self.generator)}

    def forward(self, model, given):
        said = model(pixel_values=given["pixels"])
        large = model(pixel_values=given["large_pixels"], interpolate_pos_encoding=True)
        out = {"last": said.last_hidden_state, "pooled": said.pooler_output,
               "large": large.last_hidden_state}
        loss = (out["last"] * given["probe"]).sum() + out["pooled"].sum() + out["large"].mean()
        return out, loss


class Dual(Case):
    def inputs(self):
        text = self.model.config.text_config
        tokens = torch.randint(3, 80, (3, 9), generator=self.generator)
        tokens[0, 5:] = tokens[1, 8] = tokens[2, 3:] = 89  # the largest id, and the end token
        side = self.model.config.vision_config.image_size
        assert text.vocab_size == 90
        return {"pixels": pixels(3, side, self.generator), "tokens": tokens}

    def forward(self, model, given):
        said = model(input_ids=given["tokens"], pixel_values=given["pixels"], return_loss=True)
        return {"similarity": said.logits_per_text}, said.loss


class Text(Case):
    images = 0  # tokens of each picture

    def inputs(self):
        tokens = torch.randint(3, 100, (3, 30), generator=self.generator)
        mask = torch.ones(3, 30, dtype=torch.long)
        mask[1, 25:] = 0  # padding at the right, and at the left
        mask[2, :4] = 0
        labels = tokens.masked_fill(mask == 0, -100)
        labels[:, :12] = -100
        prompt = torch.randint(3, 100, (3, 20), generator=self.generator)
        prompt_mask = torch.ones(3, 20, dtype=torch.long)
        prompt_mask[1, :3] = 0
        given = {"tokens": tokens, "mask": mask, "labels": labels, "prompt": prompt,
                 "prompt_mask": prompt_mask}
        if self.images:
            config = self.model.config
            given["pixels"] = pixels(3, config.vision_config.image_size, self.generator)
            for ids, first in ((tokens, 5), (prompt, 3)):
                ids[:, first:first + self.images] = config.image_token_id
            labels[:, 5:5 + self.images] = -100
        return given

    def arguments(self, given):
        return {"pixel_values": given["pixels"]} if self.images else {}

    def forward(self, model, given):
        said = model(input_ids=given["tokens"], attention_mask=given["mask"],
                     labels=given["labels"], **self.arguments(given))
        return {"logits": said.logits}, said.loss

    def generate(self, beams):
        given = self.given
        found = self.model.generate(
            input_ids=given["prompt"], attention_mask=given["prompt_mask"], do_sample=False,
            max_new_tokens=NEW_TOKENS, num_beams=beams, **self.arguments(given))
        return found[:, given["prompt"].shape[1]:]


class Llava(Text):
    images = 9

    def __init__(self, name, vision, text, **options):
        super().__init__(name, T.LlavaForConditionalGeneration(T.LlavaConfig(
            vision_config=vision, text_config=text, image_token_index=110, **options)))


class SiglipLlava(Llava):
    images = 16


class Sharded(Text):
    shard = "60KB"


def cases():
    llama = T.LlamaConfig(**LLAMA, tie_word_embeddings=True, attention_bias=True, mlp_bias=True,
                          rope_parameters=LLAMA3_ROPE)
    plain = T.LlamaConfig(**{**LLAMA, "head_dim": 24, "hidden_act": "gelu_pytorch_tanh"},
                          rope_parameters={"rope_type": "default", "rope_theta": 300.0})
    qwen = {**LLAMA, "num_key_value_heads": 1}
    clip_text = {**CLIP_TEXT, "eos_token_id": 89}
    clip = {"projection_dim": 40, "vision_config": CLIP_VISION}
    return [
        Vision("clip_vision", T.CLIPVisionModel(T.CLIPVisionConfig(**CLIP_VISION))),
        Vision("siglip_vision", T.SiglipVisionModel(T.SiglipVisionConfig(**SIGLIP_VISION))),
        Dual("clip", T.CLIPModel(T.CLIPConfig(**clip, text_config=clip_text))),
        Dual("clip_old_end", T.CLIPModel(T.CLIPConfig(
            **clip, text_config={**CLIP_TEXT, "eos_token_id": 2}))),
        Dual("siglip", T.SiglipModel(T.SiglipConfig(
            vision_config=SIGLIP_VISION, text_config=SIGLIP_TEXT))),
        Text("llama3_tied", T.LlamaForCausalLM(llama)),
        Sharded("llama_sharded", T.LlamaForCausalLM(plain)),
        Text("qwen2", T.Qwen2ForCausalLM(T.Qwen2Config(**qwen))),
        Llava("llava_clip_llama", T.CLIPVisionConfig(**CLIP_VISION), T.LlamaConfig(**LLAMA),
              projector_hidden_act="gelu"),
        SiglipLlava("llava_siglip_qwen2",
                    T.SiglipVisionConfig(**SIGLIP_VISION, vision_use_head=False),
                    T.Qwen2Config(**qwen, tie_word_embeddings=True), vision_feature_layer=-1,
                    vision_feature_select_strategy="full", multimodal_projector_bias=False,
                    projector_hidden_act="linear"),
    ]


class Pictures:
    """A processor of pictures: every number must be the same, to the last bit."""
    SIDES = [(50, 37), (20, 90), (64, 64), (7, 9), (301, 200), (33, 400), (24, 24)]

    def __init__(self, name, processor):
        self.name, self.processor = name, processor

    def inputs(self):
        generator = torch.Generator().manual_seed(5)
        return {f"{width}x{height}": torch.randint(0, 256, (height, width, 3), generator=generator,
                                                   dtype=torch.uint8)
                for width, height in self.SIDES}

    def prepare(self, picture):
        picture = PIL.Image.fromarray(picture.numpy())
        return self.processor(picture, return_tensors="pt")["pixel_values"][0]


def pictures():
    crop = {"size": {"shortest_edge": 48}, "crop_size": {"height": 45, "width": 48}}
    return [
        Pictures("pictures_clip", clip_pictures.CLIPImageProcessorPil(**crop)),
        Pictures("pictures_clip_border", clip_pictures.CLIPImageProcessorPil(
            size={"shortest_edge": 24}, crop_size={"height": 31, "width": 30})),
        Pictures("pictures_siglip", siglip_pictures.SiglipImageProcessorPil(
            size={"height": 40, "width": 32})),
        Pictures("pictures_llava", llava_pictures.LlavaImageProcessorPil(
            do_pad=True, size={"shortest_edge": 56}, crop_size={"height": 56, "width": 56})),
    ]


def legacy(name, model):
    """A parameter by the name that transformers 4 gave it."""
    if isinstance(model, (T.CLIPVisionModel, T.SiglipVisionModel)):
        return "vision_model." + name
    if not isinstance(model, T.LlavaForConditionalGeneration):
        return name
    for begin, end in (("model.language_model.", "language_model.model."),
                       ("lm_head.", "language_model.lm_head."),
                       ("model.vision_tower.", "vision_tower.vision_model."),
                       ("model.multi_modal_projector.", "multi_modal_projector.")):
        if name.startswith(begin):
            return end + name[len(begin):]
    raise AssertionError(name)


class Networks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temp.name)
        cls.cases = cases()
        for case in cls.cases:
            case.given = case.inputs()
            case.folder = cls.folder / case.name
            case.model.save_pretrained(case.folder / "model", max_shard_size=case.shard)
            save_file(case.given, case.folder / "inputs.safetensors")
        cls.pictures = pictures()
        for case in cls.pictures:
            case.folder = cls.folder / case.name
            case.processor.save_pretrained(case.folder)
            save_file(case.inputs(), case.folder / "inputs.safetensors")
        subprocess.run([PROBE, cls.folder], check=True)
        for case in cls.cases:
            case.ours = load_file(case.folder / "outputs.safetensors")

    @classmethod
    def tearDownClass(cls):
        cls.temp.cleanup()

    def near(self, ours, theirs, what):
        self.assertEqual(tuple(ours.shape), tuple(theirs.shape), what)
        scale = max(1.0, theirs.abs().max().item())
        self.assertLess((ours - theirs).abs().max().item(), TOLERANCE * scale, what)

    def test_shards_are_shards(self):
        folder = next(c for c in self.cases if isinstance(c, Sharded)).folder
        self.assertGreater(len(list(folder.glob("model/*.safetensors"))), 2)

    def test_prepares_the_same_pixels(self):
        for case in self.pictures:
            ours = load_file(case.folder / "outputs.safetensors")
            for name, picture in case.inputs().items():
                with self.subTest(case.name, picture=name):
                    self.assertTrue(torch.equal(ours[name], case.prepare(picture)))

    def test_generates_the_same_tokens(self):
        for case in self.cases:
            if isinstance(case, Text):
                with self.subTest(case.name):
                    self.assertEqual(case.ours["generated"].tolist(), case.generate(1).tolist())
                    self.assertEqual(case.ours["beams"].tolist(), case.generate(3).tolist())

    def test_transformers_loads_what_we_write(self):
        for case in self.cases:
            with self.subTest(case.name):
                self.check_saved(case)

    def check_saved(self, case):
        loaded, info = type(case.model).from_pretrained(case.folder / "saved",
                                                        output_loading_info=True)
        for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
            self.assertFalse(info[kind], kind)
        theirs = case.model.state_dict()
        self.assertEqual(theirs.keys(), loaded.state_dict().keys())
        for name, tensor in loaded.state_dict().items():
            self.assertTrue(torch.equal(tensor, theirs[name]), name)
        words = {"tokens": "input_ids", "pixels": "pixel_values", "mask": "attention_mask"}
        given = {word: case.given[name] for name, word in words.items() if name in case.given}
        with torch.no_grad():
            self.assertTrue(torch.equal(loaded.eval()(**given)[0], case.model(**given)[0]))

    def test_values_gradients_and_ten_steps_agree(self):
        for case in self.cases:
            with self.subTest(case.name):
                self.check_learning(case)

    def check_learning(self, case):
        model = copy.deepcopy(case.model)
        optimiser = torch.optim.AdamW(model.parameters(), **ADAMW)
        losses = []
        for step in range(STEPS + 1):
            said, loss = case.forward(model, case.given)
            losses.append(loss.detach())
            if step == STEPS:
                break
            optimiser.zero_grad()
            loss.backward()
            if step == 0:
                self.check_first(case, model, said)
            optimiser.step()
        self.near(case.ours["losses"], torch.stack(losses), "losses")
        self.assertGreater((losses[0] - losses[-1]).item(), 10 * TOLERANCE, "it learns")
        for name, tensor in model.named_parameters():
            self.near(case.ours["after." + legacy(name, model)], tensor.detach(), name)

    def check_first(self, case, model, said):
        for name, tensor in said.items():
            ours = case.ours[name]
            if name == "logits":  # rows of padding say nothing
                kept = case.given["mask"].bool()
                ours, tensor = ours[kept], tensor[kept]
            self.near(ours, tensor.detach(), name)
        for name, tensor in model.named_parameters():
            ours = case.ours.get("gradient." + legacy(name, model))
            self.assertEqual(ours is None, tensor.grad is None, name)
            if ours is not None:
                self.near(ours, tensor.grad, name)


if __name__ == "__main__":
    unittest.main()
