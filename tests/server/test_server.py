"""kale with its language model behind a real llama-server. Usage: test_server.py KALE DEPS"""
import json
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

DEPS = pathlib.Path(sys.argv.pop(2)).absolute()
KALE = os.path.abspath(sys.argv.pop(1))
PATIENCE_S = 300  # a bound on waiting for an event, never a measure of speed
ROWS = 8
GONE = 69  # kale's exit code where a model is not to be had

RECIPE = """
name: served
source: {{kind: folder, path: {pictures}}}
engines:
  llm: {{kind: http, url: "http://127.0.0.1:{port}/v1", model: smol, retries_max: 1,
        backoff_first_ms: 10, gone_after: 3, requests_in_flight: 2}}
  words: {{kind: fake}}
  eyes: {{kind: fake, stands_for: classifier}}
  ocr: {{kind: fake, stands_for: ocr}}
steps: [decode, see, read, describe, fuse, clean]
describe: {{engine: words}}
fuse: {{candidates: 2, new_tokens_max: 24}}
run: {{shard_rows: {rows}, rows_in_flight: 3, cores: 2}}
"""
PLACES = ("Paris", "Dublin", "Kyoto", "Lima", "Oslo", "Quito", "Rabat", "Seoul")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """llama-server with the small model; its log tells what it was asked."""

    def __init__(self, port, log):
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [DEPS / "llama/bin/llama-server", "--host", "127.0.0.1", "--port", str(port),
                 "--model", DEPS / "models/SmolLM2-135M-Instruct-Q8_0.gguf", "--alias", "smol",
                 "--ctx-size", "4096", "--parallel", "2", "--threads", "2", "--verbosity", "4"],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)

    def is_ready(self):
        try:
            with urllib.request.urlopen(self.url + "/health", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def asked(self):
        """Requests it has begun to answer; further candidates of one are its children."""
        return self.log.read_text(errors="replace").count("processing task, is_child = 0")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def journalled(out):
    """Answers in the journals (docs/formats.md): whole frames after the first line."""
    answers = 0
    for journal in (out / "state/journal").glob("*"):
        data = journal.read_bytes()
        at = data.index(b"\n") + 1
        while at + 12 <= len(data):
            at += 12 + struct.unpack_from("<I", data, at)[0]
            answers += at <= len(data)
    return answers


class ServerTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="kale_server_"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.out = self.root / "out"
        pictures = self.root / "pictures"
        pictures.mkdir()
        for i, place in enumerate(PLACES[:ROWS]):
            (pictures / f"{i}.svg").write_text(
                '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">'
                f'<rect x="{4 + i}" y="9" width="30" height="20" fill="#20{i}0c0"/></svg>')
            (pictures / f"{i}.txt").write_text(f"A Magellanic penguin in {place}.\n")
        self.port = free_port()
        self.recipe = self.root / "served.yaml"
        self.recipe.write_text(RECIPE.format(pictures=pictures, port=self.port, rows=ROWS))

    def wait_until(self, condition, what):
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            self.assertLess(time.monotonic(), deadline, "waited in vain for " + what)
            time.sleep(0.02)

    def serve(self, name):
        server = Server(self.port, self.root / name)
        self.addCleanup(server.process.wait)
        self.addCleanup(server.process.kill)
        self.wait_until(lambda: server.is_ready() or server.process.poll() is not None, "a server")
        self.assertIsNone(server.process.poll(), server.log.read_text(errors="replace")[-2000:])
        return server

    def start(self):
        process = subprocess.Popen([KALE, "run", self.recipe, "--out", self.out],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return process

    def run_to_end(self):
        process = self.start()
        _, errors = process.communicate(timeout=PATIENCE_S)
        return process.returncode, errors

    def steps(self):
        metrics = json.loads((self.out / "state/metrics.json").read_text())
        return metrics, {step["step"]: step for step in metrics["steps"]}

    def test_without_a_server_nothing_starts(self):
        code, errors = self.run_to_end()
        self.assertEqual(code, GONE, errors)
        self.assertIn(f"127.0.0.1:{self.port}", errors)
        self.assertIn("start the server", errors)

    def test_a_killed_server_ends_the_run_and_the_next_run_asks_nothing_twice(self):
        server = self.serve("first.log")
        process = self.start()
        self.wait_until(lambda: server.asked() >= 4 or process.poll() is not None, "answers")
        self.assertIsNone(process.poll(), "the run ended before its server was killed")
        server.kill()
        _, errors = process.communicate(timeout=PATIENCE_S)
        self.assertEqual(process.returncode, GONE, errors)
        self.assertIn("run the same command again", errors)
        self.assertEqual(list((self.out / "parts").glob("*")), [], "no row is failed or lost")
        answers = journalled(self.out)
        self.assertGreaterEqual(answers, 2)

        server = self.serve("second.log")
        code, errors = self.run_to_end()
        self.assertEqual(code, 0, errors)
        metrics, steps = self.steps()
        self.assertEqual(metrics["kept"], ROWS, errors)
        self.assertGreaterEqual(steps["fuse"]["recalled"], 2)
        self.assertEqual(sum(step["recalled"] for step in steps.values()), answers)
        self.assertEqual(server.asked(), steps["fuse"]["requests"],
                         "both candidates come in one request, and no request was made twice")
        self.assertGreater(steps["fuse"]["new_tokens"], 0)


if __name__ == "__main__":
    unittest.main()
