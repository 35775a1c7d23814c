"""marking.py on a small sheet: verdicts stay hidden, agreement is what can be counted by hand."""

import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import marking  # noqa: E402


def run(*arguments):
    out = io.StringIO()
    sys.argv = ["marking.py", *map(str, arguments)]
    with contextlib.redirect_stdout(out):
        marking.main()
    return out.getvalue()


class Marking(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        root = pathlib.Path(self.folder.name)
        claims = [{"kind": "thing", "begin": 2, "end": 6, "said": "bird", "verdict": "true"},
                  {"kind": "thing", "begin": 13, "end": 16, "said": "car", "verdict": "wrong"}]
        self.claims = root / "claims.jsonl"
        self.claims.write_text(json.dumps(
            {"key": "7", "caption": "A bird and a car.", "claims": claims}) + "\n")
        self.truth = root / "truth.jsonl"
        scene = {"objects": [{"kind": "bird", "name": "", "colours": ["red"]}],
                 "background": {"colour": "white"}}
        self.truth.write_text(json.dumps({"key": "7", "truth": json.dumps(scene)}) + "\n")
        self.sheet = root / "sheet.tsv"
        run("sheet", self.claims, "--truth", self.truth, "--out", self.sheet)

    def filled(self, name, marks):
        lines = self.sheet.read_text().splitlines()
        for number, mark in enumerate(marks, 1):
            lines[number] += mark
        path = self.sheet.with_name(name)
        path.write_text("\n".join(lines) + "\n")
        return path

    def test_sheet_hides_verdicts(self):
        text = self.sheet.read_text()
        self.assertIn("A bird and a [car].", text)
        self.assertIn("0: red bird", text)
        self.assertNotIn("wrong", text)

    def test_agreement(self):
        a = self.filled("a.tsv", ["t", "f", "1"])
        b = self.filled("b.tsv", ["t", "t", "1"])
        out = run("agree", self.claims, a, b)
        self.assertIn("| reader A, judge | all | 2 | 1.000 | 1.000 |", out)
        self.assertIn("| reader A, reader B | all | 2 | 0.500 | 0.000 |", out)
        self.assertIn("recall 0.000", out)  # one false claim that no line names, and none agreed on

    def test_marks_outlive_a_judge_that_counts_claims_otherwise(self):
        a = self.filled("a.tsv", ["t", "f", "0"])
        row = json.loads(self.claims.read_text())
        row["claims"] = [{"kind": "count", "begin": 0, "end": 6, "said": "1 bird",
                          "verdict": "wrong"}, row["claims"][1], row["claims"][0]]
        self.claims.write_text(json.dumps(row) + "\n")
        self.assertIn("| reader A, judge | all | 2 | 1.000 | 1.000 |",
                      run("agree", self.claims, a, a))
        row["claims"].pop()  # "bird" is said no more: not known, and not true
        self.claims.write_text(json.dumps(row) + "\n")
        self.assertIn("| reader A, judge | all | 2 | 0.500 |", run("agree", self.claims, a, a))

    def test_kappa(self):
        pairs = [("t", "t")] * 20 + [("t", "f")] * 5 + [("f", "t")] * 10 + [("f", "f")] * 15
        equal, kappa = marking.kappa(pairs)
        self.assertAlmostEqual(equal, 0.7)
        self.assertAlmostEqual(kappa, 0.4)


if __name__ == "__main__":
    unittest.main()
