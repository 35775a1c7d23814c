"""Runs whose input is tables, with fake engines. Usage: test_table.py PATH_TO_KALE"""
import json
import pathlib
import re
import unittest

from harness import KaleTest, png

ROOT = pathlib.Path(__file__).resolve().parents[2]

PAIRS = [
    {"image_url": "https://example.org/1.jpg", "laion_2b": "Magellanic penguin at Punta Tombo",
     "laion_coco": "a penguin standing on a beach", "capsfusion": "unused", "similarity": 0.3},
    {"image_url": "https://example.org/2.jpg", "laion_2b": "Adelaide rosella"},
    {"image_url": "https://example.org/3.jpg", "laion_coco": "a red bird on a branch"},
]

# The rule answers only the paper's prompt, with both texts where it wants them.
SCRIPT = r"""
- match: "Sentence 1: Magellanic penguin at Punta Tombo\nSentence 2: a penguin standing on a beach"
  reply: "A Magellanic penguin is standing on a beach at Punta Tombo."
"""


class TableTest(KaleTest):
    def setUp(self):
        super().setUp()
        self.input = self.root / "input"
        self.input.mkdir()

    def test_the_capsfusion_recipe_fuses_pairs_of_texts(self):
        lines = [json.dumps(pair) for pair in PAIRS] + ["{broken"]
        (self.input / "pairs.jsonl").write_text("\n".join(lines) + "\n")
        (self.root / "script.yaml").write_text(SCRIPT)
        text = (ROOT / "recipes/capsfusion.yaml").read_text()
        text, found = re.subn(r"kind: llama\n    model: .*", "kind: fake\n    script: script.yaml",
                              text)
        self.assertEqual(found, 1)
        recipe = self.root / "capsfusion.yaml"
        recipe.write_text(text)
        done = self.kale("run", recipe, "--out", self.out, "--set", f"source.path={self.input}",
                         "--samples", "1")
        self.assertIn("A Magellanic penguin is standing on a beach at Punta Tombo.", done.stdout)
        status = self.kale("status", self.out).stdout
        for line in ("kept 1  dropped 2  failed 1", "drop:empty_reply", "drop:no_alt_text",
                     "fail:kCorrupt"):
            self.assertIn(line, status)
        self.assertIn("pairs.jsonl, line 4 is no JSON object",
                      self.kale("explain", self.out, "pairs.jsonl#3").stdout)
        self.assertIn("https://example.org/1.jpg",
                      self.kale("explain", self.out, "pairs.jsonl#0").stdout)
        self.assertIn("all is done",
                      self.kale("run", recipe, "--out", self.out, "--set",
                                f"source.path={self.input}").stderr)

    def test_pictures_that_a_table_names_go_the_whole_way(self):
        for i in range(6):
            (self.input / f"{i}.png").write_bytes(png(64, 48, (20 * i, 100, 200)))
        rows = "".join(f'{i}.png,"A penguin, number {i}",{i}\n' for i in range(6))
        (self.input / "metadata.csv").write_text("file_name,text,rank\n" + rows
                                                 + "none.png,Nothing,7\n,No picture,8\n")
        recipe = self.root / "tiny.yaml"
        recipe.write_text(f"""
name: tiny
source: {{kind: table, path: {self.input}}}
engines:
  llm: {{kind: fake}}
  eyes: {{kind: fake, stands_for: classifier}}
  ocr: {{kind: fake, stands_for: ocr}}
steps: [decode, see, read, describe, fuse, clean]
run: {{shard_rows: 3, rows_in_flight: 2, cores: 2}}
""")
        self.kale("run", recipe, "--out", self.out)
        status = self.kale("status", self.out).stdout
        for line in ("3 of 3 shards done, 8 of 8 rows", "kept 6  dropped 1  failed 1",
                     "drop:no_image", "fail:kNotFound"):
            self.assertIn(line, status)
        self.assertIn("A penguin, number 5", self.kale("explain", self.out, "5.png").stdout)


if __name__ == "__main__":
    unittest.main()
