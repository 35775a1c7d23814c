"""A world of twelve scenes, made once, for the tests of kale world and kale evaluate. The second
argument of these scripts is the folder of the packages that scenes are made of."""
import atexit
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import pyarrow.parquet as pq

PACKAGES = sys.argv.pop(2)
from harness import KALE, PATIENCE_S, KaleTest  # noqa: E402

ROWS, SEED = 12, 7
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="kale_world_"))
WORLD = FOLDER / "world"
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


def key_of(index):
    return f"test-{SEED}-{index:09}"


def make_world():
    """The reason where it cannot be made here."""
    done = subprocess.run([KALE, "world", "make", "--rows", str(ROWS), "--seed", str(SEED),
                           "--split", "test", "--packages", PACKAGES, "--out", WORLD],
                          capture_output=True, text=True, timeout=PATIENCE_S)
    if done.returncode == 66 and "scripts/setup.sh installs" in done.stderr:
        return done.stderr
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return ""


REFUSED = make_world()


@unittest.skipIf(REFUSED, REFUSED)
class WorldTest(KaleTest):
    def setUp(self):
        super().setUp()
        self.results = self.root / "measures"

    def table(self, columns=None):
        return pq.read_table(WORLD / "parquet" / "test-00000.parquet", columns=columns)

    # One line is said, "kale: ", with each of `told` in it.
    def refuses(self, done, *told):
        self.assertRegex(done.stderr, r"\Akale: [^\n]+\n\Z")
        self.assertEqual(done.stdout, "")
        for words in told:
            self.assertIn(str(words), done.stderr)
