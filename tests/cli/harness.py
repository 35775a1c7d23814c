"""What the tests of the program share: pictures made here, a recipe with fake engines, runs of it.
The first argument of every test script is the path of the kale program."""
import hashlib
import os
import pathlib
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zlib

KALE = os.path.abspath(sys.argv.pop(1))
PATIENCE_S = 60  # a bound on waiting for an event, never a measure of speed

RECIPE = """
name: tiny
source: {{kind: folder, path: {pictures}}}
engines:
  llm: {{kind: fake, log: {log}, script: {script}}}
  eyes: {{kind: fake, stands_for: classifier}}
  ocr: {{kind: fake, stands_for: ocr}}
steps: [decode, see, read, describe, fuse, clean]
run: {{shard_rows: 4, rows_in_flight: 3, cores: 2}}
"""


def png(width, height, colour):
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    row = b"\0" + bytes(colour) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b""))


class KaleTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="kale_cli_"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.pictures = self.root / "pictures"
        self.pictures.mkdir()
        for i in range(10):
            (self.pictures / f"{i:02}.png").write_bytes(png(64, 48, (20 * i, 100, 200)))
            (self.pictures / f"{i:02}.txt").write_text(f"A Magellanic penguin number {i}.\n")
        (self.pictures / "03.txt").write_text("\n")
        (self.pictures / "04.txt").unlink()
        (self.pictures / "05.png").write_bytes(b"no picture at all")
        self.script = self.root / "script.yaml"
        self.script.write_text("[]\n")
        self.log = self.root / "engine.log"
        self.recipe = self.root / "tiny.yaml"
        self.recipe.write_text(
            RECIPE.format(pictures=self.pictures, log=self.log, script=self.script))
        self.out = self.root / "out"

    def kale(self, *arguments, expect=0):
        done = subprocess.run([KALE, *map(str, arguments)], capture_output=True, text=True,
                              timeout=PATIENCE_S)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done

    def command(self, out=None):
        return [KALE, "run", str(self.recipe), "--out", str(out or self.out)]

    def run_all(self, *arguments, out=None, expect=0):
        return self.kale(*self.command(out)[1:], *arguments, expect=expect)

    def requests(self):
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0

    def digests(self, out):
        files = [file for folder in ("parts", "rejects", "core")
                 for file in sorted(out.glob(f"{folder}/*"))]
        return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}

    def wait_until(self, condition, what):
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            self.assertLess(time.monotonic(), deadline, "waited in vain for " + what)
            select.select([], [], [], 0.01)

    def start(self, *arguments):
        process = subprocess.Popen([*self.command(), *arguments], stderr=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process
