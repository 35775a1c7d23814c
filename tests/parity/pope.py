"""kale's POPE scores against those of lmms-eval's task pope.

  python pope.py POPE_PROBE

Needs `pip install --no-deps lmms-eval` as `requirements-bench.txt` says; ends with 77, skipped,
where it is not.
"""
import importlib.metadata
import importlib.util
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

PROBE = sys.argv.pop(1)
CLOSE = 1e-12
SKIPPED = 77
SCORES = ("accuracy", "precision", "recall", "f1_score", "yes_ratio")

# What Python's strip() takes off, and a zero-width space and a byte order mark, which it leaves.
AROUND = ["", "", "", "", " ", "  ", "\n", "\r\n", "\t", "\v", "\f", "\x1c", "\x1f", "\x85", "\xa0",
          "\u2003", "\u2028", "\u3000", " \n\n ", "\u200b", "\ufeff", "."]
# The long s folds to an s and is no capital of it; "\u0130" becomes two code points.
WORDS = ["yes", "no", "Yes", "No", "YES", "NO", "yEs", "nO", "ye\u017f", "YE\u017f", "n\u00f8",
         "y\u0130es", "\uff59\uff45\uff53", "", "maybe", "yes no", "no, it is not", "Yes, there is",
         "y", "n", "true", "0", "nope", "yess", "oui", "\u662f", "\U0001f44d", "ye s", "ye\ns"]


def reference():
    file = importlib.metadata.distribution("lmms-eval").locate_file("lmms_eval/tasks/pope/utils.py")
    spec = importlib.util.spec_from_file_location("pope_utils", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def odd_answers(rng, size):
    def reply():
        word = rng.choice(WORDS[:8] if rng.random() < 0.7 else WORDS)
        return rng.choice(AROUND) + word + rng.choice(AROUND)

    truths = ["yes", "no", "Yes", "NO", " yes", "no\n", "YES \t"]
    return [{"prediction": reply(), "truth": rng.choice(truths)} for _ in range(size)]


class Pope(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.module = reference()

    def ours(self, sets):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "sets.jsonl")
            file.write_text("".join(json.dumps(answers) + "\n" for answers in sets))
            done = subprocess.run([PROBE, file], check=True, capture_output=True, text=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def theirs(self, answers):
        processed = [self.module.pope_process_results(
            {"question_id": i, "answer": answer["truth"]}, [answer["prediction"]])
            for i, answer in enumerate(answers)]
        return {score: getattr(self.module, f"pope_aggregate_{score}")(
            [one[f"pope_{score}"] for one in processed]) for score in SCORES}

    def check(self, name, sets):
        found = self.ours(sets)
        self.assertEqual([scores["answers"] for scores in found], [len(one) for one in sets])
        expected = [self.theirs(answers) for answers in sets]
        off = {score: max(abs(a[score] - b[score]) for a, b in zip(found, expected))
               for score in SCORES}
        print(f"{name}: {len(sets)} sets, {sum(map(len, sets))} answers, largest differences:",
              ", ".join(f"{score} {far:.1e}" for score, far in off.items()))
        different = [(answers, a, b) for answers, a, b in zip(sets, found, expected)
                     if any(abs(a[score] - b[score]) > CLOSE for score in SCORES)]
        self.assertEqual(len(different), 0, repr(min(different, key=repr, default=""))[:1000])
        return found

    def test_sets_of_odd_answers_score_alike(self):
        rng = random.Random(3)
        sizes = [6000, *[rng.randint(1, 200) for _ in range(60)]]
        found = self.check("odd answers", [odd_answers(rng, size) for size in sizes])
        self.assertGreater(len({json.dumps(scores) for scores in found}), 50, "all alike")

    # One answer a set: two forms that are both read wrongly do not cancel out.
    def test_every_form_by_itself(self):
        forms = dict.fromkeys(before + word + after
                              for word in WORDS for before in AROUND for after in AROUND)
        self.check("forms", [[{"prediction": form, "truth": truth}]
                             for form in forms for truth in ("yes", "no")])

    # Which are white space, and which have a lower case that is a letter of "no".
    def test_every_code_point_at_the_end_and_within(self):
        points = [chr(i) for i in range(0x10000) if not 0xd800 <= i < 0xe000]
        self.check("code points", [[{"prediction": text, "truth": truth}] for point in points
                                   for text, truth in ((point + "yes" + point, "yes"),
                                                       ("n" + point, "no"))])

    def test_a_trailing_point_is_wrong_and_the_ratio_is_of_the_truth(self):
        scores, = self.check("by hand", [[{"prediction": "Yes.", "truth": "yes"},
                                          {"prediction": "no", "truth": "yes"},
                                          {"prediction": "no", "truth": "no"}]])
        self.assertAlmostEqual(scores["accuracy"], 1 / 3, delta=CLOSE)
        self.assertEqual(scores["yes_ratio"], 2 / 3, "no reply says yes")


if __name__ == "__main__":
    try:
        importlib.metadata.distribution("lmms-eval")
    except importlib.metadata.PackageNotFoundError:
        print("skipped: no lmms-eval; see requirements-bench.txt")
        sys.exit(SKIPPED)
    unittest.main()
