"""kale train as a user meets it, on a student of some thousand numbers: killed and gone on with, in
two processes, and with what it is given wrong. Usage: test_train.py PATH_TO_KALE MPIRUN_OR_EMPTY"""
import io
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

import pyarrow
import pyarrow.parquet
import transformers
from PIL import Image

KALE, MPIRUN = os.path.abspath(sys.argv[1]), sys.argv[2]
del sys.argv[1:3]
PATIENCE_S = 300
ROWS = 120
SIDE = 16
END, IMAGE = 256, 257
CONFIG = {
    "model_type": "llava", "image_token_index": IMAGE, "projector_hidden_act": "gelu",
    "vision_feature_layer": -1, "vision_feature_select_strategy": "default",
    "vision_config": {"model_type": "clip_vision_model", "hidden_size": 24, "intermediate_size": 40,
                      "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": SIDE,
                      "patch_size": 8, "projection_dim": 16},
    "text_config": {"model_type": "llama", "vocab_size": 258, "hidden_size": 32,
                    "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 2,
                    "num_key_value_heads": 1, "max_position_embeddings": 128,
                    "eos_token_id": END, "bos_token_id": None}}
RECIPE = """
seed: 4
student: {from: student}
data: {train: data, alt_text_dropout: 0.2}
loop: {step_rows: 12, rows_at_once: 3, shuffle_rows: 48, threads: 1, checkpoint_steps: 3}
stages: [align, tune]
align: {learns: [projector], steps: 7, rate: 0.01}
tune: {learns: [vision, projector, text], steps: 23, rate: 0.01, decay: 0.01}
"""


def letter(byte):
    """GPT-2's letter for a byte."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    if byte in visible:
        return chr(byte)
    return chr(256 + sum(1 for b in range(byte) if b not in visible))


def token(number, text):
    return {"id": number, "content": text, "single_word": False, "lstrip": False, "rstrip": False,
            "normalized": False, "special": True}


def write_student(folder):
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "tokenizer.json").write_text(json.dumps({
        "version": "1.0", "normalizer": None, "post_processor": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True},
        "decoder": {"type": "ByteLevel"},
        "added_tokens": [token(END, "<|end|>"), token(IMAGE, "<image>")],
        "model": {"type": "BPE", "merges": [],
                  "vocab": {letter(byte): byte for byte in range(256)}}}))


def picture(red, blue):
    data = io.BytesIO()
    Image.new("RGB", (SIDE, SIDE), (red, 0, blue)).save(data, "PNG")
    return data.getvalue()


def join_parts(folder):
    """The tower and the decoder of CONFIG, each in a folder of its own as transformers saves it."""
    vision = transformers.CLIPVisionConfig(**CONFIG["vision_config"])
    transformers.CLIPVisionModel(vision).save_pretrained(folder / "clip")
    text = dict(CONFIG["text_config"], vocab_size=IMAGE)  # without the image token
    transformers.LlamaForCausalLM(transformers.LlamaConfig(**text)).save_pretrained(
        folder / "llama")
    words = json.loads((folder / "student" / "tokenizer.json").read_text())
    words["added_tokens"] = words["added_tokens"][:1]
    (folder / "llama" / "tokenizer.json").write_text(json.dumps(words))


def write_data(folder, rows=ROWS):
    folder.mkdir()
    names = [chr(97 + i % 20) * (1 + i % 5) for i in range(rows)]
    colours = [(200 + i % 50, 0) if i % 3 else (0, 200 + i % 50) for i in range(rows)]
    pyarrow.parquet.write_table(pyarrow.table({
        "alt_text": names,
        "caption": [("red " if red else "blue ") + name for name, (red, _) in zip(names, colours)],
        "image": [{"bytes": picture(*colour), "path": None} for colour in colours],
    }), folder / "a.parquet")


class TrainTest(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temp.name)
        write_student(self.folder / "student")
        write_data(self.folder / "data")
        (self.folder / "train.yaml").write_text(RECIPE)

    def tearDown(self):
        self.temp.cleanup()

    def command(self, out, *more):
        return [KALE, "train", str(self.folder / "train.yaml"), "--out", str(self.folder / out),
                *more]

    def train(self, out, *more, expect=0, prefix=()):
        done = subprocess.run([*prefix, *self.command(out, *more)], capture_output=True, text=True,
                              timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode, expect, done.stderr)
        return done

    def log(self, out):
        lines = (self.folder / out / "train.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def losses(self, out):
        return [(line["step"], line["loss"], line["gradient_norm"]) for line in self.log(out)]

    def weights(self, out):
        return (self.folder / out / "student" / "model.safetensors").read_bytes()

    def test_killed_at_any_moment_it_goes_on_with_the_same_losses(self):
        self.train("whole")
        for behind_step in (1, 4, 6, 9, 17, 26):
            out = f"killed{behind_step}"
            process = subprocess.Popen(self.command(out), stderr=subprocess.PIPE, text=True)
            log = self.folder / out / "train.jsonl"
            while process.poll() is None:
                if log.exists() and len(log.read_bytes().splitlines()) > behind_step:
                    process.kill()
                    break
            process.communicate()
            self.assertEqual(process.returncode, -signal.SIGKILL, "it was still at work")
            self.train(out)
            self.assertEqual(self.losses(out), self.losses("whole"), out)
            self.assertEqual(self.weights(out), self.weights("whole"), out)

    def test_stopped_on_request_it_says_so_and_goes_on(self):
        self.train("whole")
        process = subprocess.Popen(self.command("out"), stderr=subprocess.PIPE, text=True)
        for line in process.stderr:
            if "step 1/" in line:
                process.send_signal(signal.SIGINT)
                break
        rest = process.stderr.read()
        process.stderr.close()
        self.assertEqual(process.wait(PATIENCE_S), 3, rest)
        self.assertIn("the same command goes on", rest)
        self.train("out")
        self.assertEqual(self.losses("out"), self.losses("whole"))

    @unittest.skipIf(MPIRUN == "", "this build has no MPI")
    def test_two_processes_take_the_steps_of_one(self):
        # Sums are rounded in another order; AdamW makes of that what the rate is large.
        rates = ("--set", "align.rate=0.001", "--set", "tune.rate=0.001")
        self.train("one", *rates)
        self.train("two", *rates, prefix=(MPIRUN, "-n", "2", "--allow-run-as-root",
                                          "--oversubscribe"))
        self.assertEqual(len(self.log("two")), 30)
        for one, two in zip(self.log("one"), self.log("two")):
            self.assertEqual((one["step"], one["rows"], one["tokens"]),
                             (two["step"], two["rows"], two["tokens"]))
            self.assertAlmostEqual(one["loss"], two["loss"], delta=1e-5)

    @unittest.skipIf(MPIRUN == "", "this build has no MPI")
    def test_one_process_that_fails_ends_the_other_too(self):
        wrap = self.folder / "wrap.sh"
        wrap.write_text("#!/bin/sh\n[ $OMPI_COMM_WORLD_RANK = 1 ] && cd other\nexec \"$@\"\n")
        wrap.chmod(0o755)
        other = self.folder / "other"
        other.mkdir()
        write_student(other / "student")
        write_data(other / "data", ROWS - 1)
        (other / "train.yaml").write_text(RECIPE)
        done = subprocess.run(
            [MPIRUN, "-n", "2", "--allow-run-as-root", "--oversubscribe", str(wrap), KALE, "train",
             "train.yaml", "--out", "out"],
            capture_output=True, text=True, timeout=PATIENCE_S, check=False, cwd=self.folder)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("process 1 of 2: process 1 has another recipe, other data", done.stderr)

    def test_a_student_is_joined_of_two_networks_and_exported(self):
        join_parts(self.folder)
        self.train("out", "--vision", str(self.folder / "clip"), "--text",
                   str(self.folder / "llama"), "--set", "student.from=",
                   "--set", "student.image_side=24")
        student = self.folder / "out" / "student"
        model = transformers.LlavaForConditionalGeneration.from_pretrained(student)
        self.assertEqual(model.config.vision_config.image_size, 24)
        done = subprocess.run([KALE, "export", "gguf", str(student), "--out",
                               str(self.folder / "gguf")],
                              capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_checkpoint_without_weights_is_no_student(self):
        self.train("out")
        last = sorted((self.folder / "out" / "checkpoints").iterdir())[-1]
        (last / "model.safetensors").unlink()
        said = self.train("out", expect=66).stderr
        self.assertIn(last.name, said)

    def test_recomputing_and_other_pauses_change_no_loss(self):
        self.train("one")
        self.train("two", "--set", "loop.recompute=true", "--set", "loop.checkpoint_steps=5",
                   "--set", "loop.decode_threads=3")
        self.assertEqual(self.losses("one"), self.losses("two"))

    def test_what_is_wrong_is_named(self):
        for sets, code, words in (
                (["data.train=nowhere"], 66, ["nowhere", "publish.image_bytes"]),
                (["data.caption_column=captoin"], 64, ["no row has", "captoin"]),
                (["student.from=data"], 66, ["config.json"]),
                (["tune.rates=1"], 64, ["tune.rates", "rate"]),
                (["loop.shuffle_rows=8"], 64, ["loop.shuffle_rows", "loop.step_rows"]),
                (["loop.device=cuda"], 64, ["CUDA"])):
            with self.subTest(sets):
                pairs = [word for one in sets for word in ("--set", one)]
                said = self.train("out", *pairs, expect=code).stderr
                for word in words:
                    self.assertIn(word, said)
        self.assertEqual(subprocess.run([KALE, "train"], capture_output=True,
                                        check=False).returncode, 64)
        pictures = self.folder / "student" / "preprocessor_config.json"
        pictures.write_text(json.dumps({
            "image_processor_type": "CLIPImageProcessor", "do_center_crop": False,
            "size": {"height": SIDE // 2, "width": SIDE}}))
        self.assertIn("squares of 16 px", self.train("out", expect=64).stderr)
        pictures.unlink()
        config = self.folder / "student" / "config.json"
        padded = json.loads(config.read_text())
        padded["text_config"]["pad_token_id"] = 257 + 1
        config.write_text(json.dumps(padded))
        self.assertIn("258", self.train("out", expect=64).stderr)
        write_config = dict(padded["text_config"])
        del write_config["pad_token_id"]
        config.write_text(json.dumps(dict(padded, text_config=write_config)))
        small = json.loads(config.read_text())
        small["text_config"]["vocab_size"] = 200
        config.write_text(json.dumps(small))
        said = self.train("out", expect=64).stderr
        self.assertIn("vocab_size", said)

    def test_help_is_of_the_program_that_trains(self):
        done = subprocess.run([KALE, "train", "--help"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0)
        self.assertIn("kale export gguf", done.stdout)


if __name__ == "__main__":
    os.environ["OMP_WAIT_POLICY"] = "passive"
    unittest.main()
