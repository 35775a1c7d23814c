"""Pictures in process against a real llama-server with the same two files: the same replies, token
by token. The projectors are random, so what is said means nothing.
Usage: test_pictures.py KALE LLAMA_ASK KALE_FAKE_VLM DEPS"""
import base64
import json
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

DEPS = pathlib.Path(sys.argv.pop(4)).absolute()
KALE, ASK, FAKE = (os.path.abspath(sys.argv.pop(1)) for _ in range(3))
SMOL = DEPS / "models/SmolLM2-135M-Instruct-Q8_0.gguf"
PATIENCE_S = 120  # a bound on waiting for an event, never a measure of speed
NEW_TOKENS = 24
SYSTEM = {"role": "system", "content": "You describe pictures."}  # else the template adds its own
QUESTION = "What is in the picture? A sign says <__media__>."

def ppm(seed, width, height):
    """A picture of noise over a ground of one colour, as binary PPM."""
    draw = random.Random(seed)
    ground = [draw.randrange(160) for _ in range(3)]
    pixels = bytes(ground[i % 3] + draw.randrange(96) for i in range(width * height * 3))
    return b"P6\n%d %d\n255\n" % (width, height) + pixels


PICTURES = {name: ppm(seed, *size) for seed, (name, size) in enumerate(
    {"a": (90, 70), "b": (90, 70), "c": (301, 40), "d": (40, 301)}.items())}
PROMPTS = (["a"], ["b"], ["c"], ["d"], ["a", "b"], ["b", "a"])


class Server:
    def __init__(self, model, mmproj, log):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [DEPS / "llama/bin/llama-server", "--host", "127.0.0.1", "--port", str(port),
                 "--model", model, "--mmproj", mmproj, "--ctx-size", "2048", "--parallel", "1",
                 "--threads", "1", "--no-context-shift"],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)

    def wait(self):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.url + "/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(self.log.read_text(errors="replace")[-2000:])

    def ask(self, names):
        parts = [{"type": "image_url", "image_url": {
            "url": "data:image/x-portable-pixmap;base64,"
                   + base64.b64encode(PICTURES[name]).decode()}} for name in names]
        parts.append({"type": "text", "text": QUESTION})
        body = {"messages": [SYSTEM, {"role": "user", "content": parts}],
                "temperature": 0, "max_tokens": NEW_TOKENS, "cache_prompt": False}
        request = urllib.request.Request(self.url + "/v1/chat/completions",
                                         json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            reply = json.load(answer)
        return reply["choices"][0]["message"]["content"], reply["usage"]


class PicturesTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="kale_pictures_"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        for name, data in PICTURES.items():
            (self.root / f"{name}.ppm").write_bytes(data)

    def fake(self, name, *words):
        path = self.root / name
        subprocess.run([FAKE, path, *map(str, words)], check=True)
        return path

    def ask_in_process(self, model, mmproj):
        lines = [json.dumps({"messages": [SYSTEM, {"role": "user", "content": QUESTION}],
                             "images": [str(self.root / f"{name}.ppm") for name in names]})
                 for names in PROMPTS]
        done = subprocess.run(
            [ASK, "--model", model, "--mmproj", mmproj, "--threads", "1", "--sequences", "1",
             "--tokens", str(NEW_TOKENS), "--context-tokens", "2048", "--loop-tokens", "0"],
            input="\n".join(lines), stdout=subprocess.PIPE, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def same_as_served(self, model, mmproj):
        replies = self.ask_in_process(model, mmproj)
        server = Server(model, mmproj, self.root / "server.log")
        self.addCleanup(server.process.wait)
        self.addCleanup(server.process.kill)
        server.wait()
        texts = []
        for names, reply in zip(PROMPTS, replies, strict=True):
            text, usage = server.ask(names)
            self.assertEqual(reply["prompt_tokens"], usage["prompt_tokens"], names)
            self.assertEqual(reply["choices"][0]["text"], text, names)
            texts.append(text)
        self.assertGreater(len(set(texts)), 1, "pictures make a difference")

    def test_llava(self):
        self.same_as_served(SMOL, self.fake("llava.gguf", "projector", "llava", 576))

    def test_internvl_tiles(self):
        self.same_as_served(self.fake("tiny.gguf", "model", "llama", SMOL),
                            self.fake("internvl.gguf", "projector", "internvl", 64))

    def test_gemma3_cells_that_see_each_other(self):
        self.same_as_served(self.fake("tiny.gguf", "model", "llama", SMOL),
                            self.fake("gemma3.gguf", "projector", "gemma3", 64))

    def test_qwen2vl_positions(self):
        self.same_as_served(self.fake("mrope.gguf", "model", "qwen2vl", SMOL),
                            self.fake("qwen2vl.gguf", "projector", "qwen2vl", 64))

    def pictures(self):
        pictures = self.root / "pictures"
        pictures.mkdir()
        for i in range(4):
            (pictures / f"{i}.svg").write_text(
                '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">'
                f'<rect x="{4 + 9 * i}" y="9" width="20" height="20" fill="#20{i}0c0"/></svg>')
            (pictures / f"{i}.txt").write_text("A penguin <__media__>.\n")
        return pictures

    def test_the_recipe_describes_pictures_with_it(self):
        done = subprocess.run(
            [KALE, "run", "recipes/kale-vlm.yaml", "--out", self.root / "out", "--input",
             self.pictures(),
             "--model", SMOL, "--mmproj", self.fake("llava.gguf", "projector", "llava", 576),
             "--set", "describe.new_tokens_max=8", "--set", "fuse.new_tokens_max=8"],
            stderr=subprocess.PIPE, text=True, timeout=PATIENCE_S, check=False,
            cwd=pathlib.Path(__file__).parents[2])
        self.assertEqual(done.returncode, 0, done.stderr)
        metrics = json.loads((self.root / "out/state/metrics.json").read_text())
        describe = next(step for step in metrics["steps"] if step["step"] == "describe")
        self.assertEqual(describe["requests"], 4)
        self.assertGreater(describe["prompt_tokens"], 4 * 64)
        self.assertEqual(metrics["failed"], 0, done.stderr)

    def test_the_students_recipe_captions_with_it(self):
        done = subprocess.run(
            [KALE, "run", "recipes/kale-student.yaml", "--out", self.root / "out",
             "--input", self.pictures(), "--model", SMOL,
             "--mmproj", self.fake("llava.gguf", "projector", "llava", 576),
             "--set", "caption.new_tokens_max=8"],
            stderr=subprocess.PIPE, text=True, timeout=PATIENCE_S, check=False,
            cwd=pathlib.Path(__file__).parents[2])
        self.assertEqual(done.returncode, 0, done.stderr)
        metrics = json.loads((self.root / "out/state/metrics.json").read_text())
        caption = next(step for step in metrics["steps"] if step["step"] == "caption")
        self.assertGreaterEqual(caption["requests"], 4)
        self.assertGreater(caption["prompt_tokens"], 4 * 64)
        self.assertEqual(metrics["failed"], 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
