"""recipes/kale-student.yaml with a fake student. Usage: test_student.py PATH_TO_KALE"""
import json
import pathlib
import re
import unittest

from harness import KaleTest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Number 6 leaks its prompt and number 7 loops, whatever the temperature.
SCRIPT = r"""
- match: "number 6"
  reply: "This caption holds real-world knowledge."
- match: "number 7"
  reply: "a red bus a red bus a red bus"
- regex: "^A Magellanic penguin number (.*)$"
  reply: "A Magellanic penguin stands on blue ground beside number \\1."
"""


class StudentTest(KaleTest):
    def setUp(self):
        super().setUp()
        self.script.write_text(SCRIPT)
        text = (ROOT / "recipes/kale-student.yaml").read_text()
        text, found = re.subn(r"kind: llama\n(    .*\n)+",
                              f"kind: fake\n    script: {self.script}\n    log: {self.log}\n", text)
        self.assertEqual(found, 1)
        self.recipe.write_text(text)

    def test_one_pass_captions_and_clean_sends_back_to_it(self):
        done = self.run_all("--input", self.pictures, "--samples", "1")
        self.assertIn("A Magellanic penguin stands on blue ground beside number", done.stdout)
        status = self.kale("status", self.out).stdout
        # Of ten: no alt-text, an empty one, a broken picture; a leak and a loop.
        for line in ("kept 5  dropped 5  failed 0", "drop:nothing_left", "drop:repetition"):
            self.assertIn(line, status)
        told = self.kale("explain", self.out, "00.png").stdout
        for line in ("fused_by", "student", "facts_kept", "beside number 0."):
            self.assertIn(line, told)
        self.assertNotIn("caption_dense", told)
        steps = {step["step"]: step for step in
                 json.loads((self.out / "state/metrics.json").read_text())["steps"]}
        self.assertEqual(list(steps), ["decode", "caption", "clean"])
        self.assertGreaterEqual(steps["clean"]["retries"], 1)
        self.assertEqual(self.requests(), steps["caption"]["requests"])
        card = (self.out / "README.md").read_text()
        self.assertIn("after the second stage of BLIP3-KALE", card)
        self.assertIn("| `fused_by` | student | 5 | 100.0 % |", card)

    def test_a_changed_word_list_redoes_captions_that_it_may_send_back(self):
        words = self.root / "words.txt"
        words.write_text("real-world\n")
        self.run_all("--input", self.pictures, "--set", f"clean.artifact_words={words}")
        asked = self.requests()
        words.write_text("real-world\nblue\n")
        self.run_all("--input", self.pictures, "--set", f"clean.artifact_words={words}")
        self.assertIn("kept 0", self.kale("status", self.out).stdout)
        self.assertGreater(self.requests(), asked)


if __name__ == "__main__":
    unittest.main()
