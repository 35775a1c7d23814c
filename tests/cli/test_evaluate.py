"""kale evaluate captions as a user meets it: captions of a small world that are known to be true or
false, a run over that world with fake engines, and input that does not do.
Usage: test_evaluate.py PATH_TO_KALE FOLDER_OF_PACKAGES"""
import io
import json
import re
import shutil
import tarfile
import unittest
import xml.etree.ElementTree

import pyarrow as pa
import pyarrow.parquet as pq

from world import ROWS, WORLD, WorldTest, key_of

# What no scene shows, so that a caption with it has one wrong claim.
NOT_THERE = "giraffe"


class EvaluateTest(WorldTest):
    def evaluate(self, data, *arguments, out=None, expect=0):
        return self.kale("evaluate", "captions", "--data", data, "--out",
                         self.results if out is None else out, *arguments, expect=expect)

    def captions(self, name="captions.jsonl", **more):
        """True captions of the world, every other one with a thing that is not there."""
        table = self.table(["key", "caption_fused_dense", "caption_dense"]).to_pylist()
        rows = [{"key": row["key"], "dense": row["caption_dense"], "caption":
                 row["caption_fused_dense"] + (f" There is a {NOT_THERE}." if i % 2 else ""),
                 **{column: value(i) for column, value in more.items()}}
                for i, row in enumerate(table)]
        file = self.root / name
        file.write_text("".join(json.dumps(row) + "\n" for row in reversed(rows)))
        return file


class Evaluate(EvaluateTest):
    def measures(self):
        return json.loads((self.results / "measures.json").read_text())

    def lines(self, file):
        return [json.loads(line) for line in file.read_text().splitlines()]

    def test_captions_are_told_true_from_false(self):
        done = self.evaluate(self.captions(), "--truth", WORLD, "--resamples", 200)
        for line in ("Column `caption`: 12 captions",
                     "| captions that mention such a thing | `chair_s` | 50.0 % |",
                     "| captions without a wrong claim | `all_true` | 50.0 % |",
                     f"written to {self.results}"):
            self.assertIn(line, done.stdout)
        self.assertIn((self.results / "measures.md").read_text(), done.stdout)
        found = self.measures()["columns"][0]["measures"]
        for name, wrong in (("chair_s", 6), ("all_true", 6), ("wrong_claims", 6),
                            ("colour_errors", 0), ("relation_errors", 0), ("text_errors", 0)):
            self.assertEqual(found[name]["numerator"], wrong, name)
        self.assertLess(found["chair_s"]["low"], 0.5)
        self.assertGreater(found["chair_s"]["high"], 0.5)
        self.assertEqual((self.measures()["resamples"], self.measures()["seed"]), (200, 1))

    def test_the_columns_join_the_data_by_key(self):
        data = self.captions()
        self.evaluate(data, "--truth", WORLD)
        columns = pq.read_table(self.results / "measures.parquet")
        rows = self.lines(data)
        self.assertEqual(columns["key"].to_pylist(), [row["key"] for row in rows])
        joined = self.table(["key", "truth"]).join(columns, "key").to_pylist()
        self.assertEqual(len(joined), ROWS)
        said = {row["key"]: row["caption"] for row in rows}
        for row in joined:
            false = NOT_THERE in said[row["key"]]
            self.assertEqual((row["chair_s"], row["chair_s_of"]), (1 if false else 0, 1))
            self.assertEqual(row["all_true"], 0 if false else 1)
            names = json.loads(row["truth"])["alt_text"]["true_names"]
            self.assertEqual(row["names_kept_of"], len(names))
        measures = self.measures()["columns"][0]["measures"]
        for name, sums in measures.items():
            for side in ("numerator", "denominator"):
                column = columns[name if side == "numerator" else name + "_of"].to_pylist()
                self.assertAlmostEqual(sum(column), sums[side], places=9, msg=name)

    def test_every_wrong_claim_is_shown_at_its_place(self):
        data = self.captions()
        self.evaluate(data, "--truth", WORLD, "--wrong", 4)
        said = {row["key"]: row["caption"] for row in self.lines(data)}
        wrong = 0
        for row in self.lines(self.results / "claims.jsonl"):
            self.assertEqual(row["caption"], said.pop(row["key"]))
            for claim in row["claims"]:
                if claim["verdict"] in ("wrong", "near"):
                    wrong += 1
                    place = row["caption"].encode()[claim["begin"]:claim["end"]].decode()
                    self.assertEqual((claim["kind"], place), ("thing", NOT_THERE))
        self.assertEqual((wrong, said), (6, {}))
        shown = (self.results / "wrong.md").read_text()
        self.assertEqual(shown.count(f"There is a **{NOT_THERE}**."), 4)
        plots = sorted(self.results.glob("*.svg"))
        self.assertEqual([plot.stem for plot in plots], ["errors", "facts", "form", "names"])
        for plot in plots:
            self.assertTrue(xml.etree.ElementTree.parse(plot).getroot().tag.endswith("svg"))

    def test_two_columns_are_compared_on_the_same_captions(self):
        done = self.evaluate(self.captions(), "--truth", WORLD, "--compare", "dense")
        self.assertRegex(done.stdout, r"`chair_s` \| 50\.0 % \|[^|]+\| 0\.0 % \|[^|]+\| -50\.0 %")
        self.assertEqual([column["column"] for column in self.measures()["columns"]],
                         ["caption", "dense"])
        difference = self.measures()["differences"]["chair_s"]
        self.assertEqual(difference["value"], -0.5)
        self.assertLess(difference["high"], 0)
        data = self.captions(second=lambda i: "A sign." if i < 4 else None)
        done = self.evaluate(data, "--truth", WORLD, "--compare", "second")
        self.assertIn("12 rows read; 4 have both captions, and differences are of these",
                      done.stdout)
        self.assertIn("Column `second`: 4 captions (8 rows have none)", done.stdout)
        self.assertEqual(self.measures()["compared"], 4)
        columns = self.measures()["columns"]
        self.assertEqual([column["without_caption"] for column in columns], [0, 8])
        self.assertEqual([column["corpus"]["captions"] for column in columns], [12, 4])
        difference = self.measures()["differences"]["chair_s"]
        self.assertEqual((difference["captions"], difference["value"]), (4, -0.5))

    def test_the_same_call_gives_the_same_bytes(self):
        data = self.captions()
        self.evaluate(data, "--truth", WORLD)
        first = {file.name: file.read_bytes() for file in self.results.iterdir()}
        self.evaluate(data, "--truth", WORLD)
        self.assertEqual({file.name: file.read_bytes() for file in self.results.iterdir()}, first)
        self.evaluate(data, "--truth", WORLD, "--seed", 2)
        self.assertNotEqual((self.results / "measures.json").read_bytes(), first["measures.json"])

    def test_truth_is_read_from_tars_and_tables_alike(self):
        found = []
        for truth in (WORLD, WORLD / "tar" / "test-00000.tar", WORLD / "tar",
                      WORLD / "parquet" / "test-00000.parquet", WORLD / "parquet"):
            self.evaluate(self.captions(), "--truth", truth)
            found.append((self.results / "measures.json").read_bytes())
        self.evaluate(WORLD, "--column", "caption_fused_dense")  # its own column 'truth'
        self.assertEqual(set(found), {found[0]})
        self.assertEqual(self.measures()["columns"][0]["measures"]["all_true"]["value"], 1)

    def test_without_truth_the_form_alone_is_measured(self):
        self.evaluate(self.captions(), "--truth", WORLD)
        done = self.evaluate(self.captions())
        self.assertIn("`words`", done.stdout)
        self.assertNotIn("chair", done.stdout)
        self.assertEqual(sorted(file.name for file in self.results.iterdir()),
                         ["form.svg", "measures.json", "measures.md", "measures.parquet"])

    def test_a_run_over_the_world_is_measured_by_its_samples_keys(self):
        self.run_all("--input", WORLD / "tar" / "test-00000.tar")
        self.evaluate(self.out, "--truth", WORLD)
        published = pq.read_table(next((self.out / "core").glob("*.parquet")), columns=["key"])
        columns = pq.read_table(self.results / "measures.parquet")
        self.assertEqual(columns["key"].to_pylist(), published["key"].to_pylist())
        self.assertGreater(len(columns), 0)
        self.assertEqual(self.measures()["without_truth"], 0)
        self.assertEqual(self.measures()["columns"][0]["measures"]["wrong_claims"]["captions"],
                         len(columns))
        shutil.rmtree(self.out / "core")
        self.refuses(self.evaluate(self.out, "--truth", WORLD, expect=64), self.out,
                     "published no parquet", "publish.formats")


class Trouble(EvaluateTest):
    def damaged_truth(self, name, change):
        """The world's table with the truth of row 3 changed."""
        table = self.table(["key", "truth", "caption_dense"])
        truths = [json.loads(text) for text in table["truth"].to_pylist()]
        change(truths[3])
        file = self.root / f"{name}.parquet"
        pq.write_table(pa.table({"key": table["key"], "truth": [json.dumps(t) for t in truths],
                                 "caption": table["caption_dense"]}), file)
        return file

    def test_a_truth_that_does_not_do_is_named(self):
        data, tar = self.captions(), self.root / "cut.tar"
        whole = (WORLD / "tar" / "test-00000.tar").read_bytes()
        tar.write_bytes(whole[:len(whole) // 2])
        cut = self.root / "cut.parquet"
        cut.write_bytes((WORLD / "parquet" / "test-00000.parquet").read_bytes()[:5000])
        empty = self.root / "empty"
        empty.mkdir()
        for truth, code, told in (
                (self.root / "nowhere", 66, ("is not there", "--truth")),
                (self.root / "nowhere.tar", 66, ("is not there", "--truth")),
                (empty, 66, ("holds no table", ".parquet", "--truth")),
                (self.recipe, 64, ("the ending says nothing", ".parquet")),
                (tar, 74, (f"is cut or damaged in or behind {key_of(0)[:-1]}", "copy it again")),
                (cut, 74, ("cut, damaged or no table", "copy it again")),
                (self.captions("no_truth.jsonl"), 64, ("no column 'truth'", "kale world make"))):
            with self.subTest(truth=truth):
                self.refuses(self.evaluate(data, "--truth", truth, expect=code), truth, *told)
                self.assertFalse(self.results.exists())

    def test_a_truth_that_is_wrong_is_named_by_file_row_key_and_field(self):
        data = self.captions()
        changes = {
            "type": (lambda truth: truth.update(width="wide"), "'width' is not a whole number"),
            "missing": (lambda truth: truth.pop("objects"), "'objects' is missing"),
            "list": (lambda truth: truth.update(texts={}), "'texts' is not a list"),
            "enum": (lambda truth: truth.update(layout="poster"), "'layout' is not one of"),
            "large": (lambda truth: truth.update(height=2**64 - 1), "whole number of 32 bits"),
            "index": (lambda truth: truth.update(
                relations=[{"subject": 99, "relation": "on", "object": 0}]), "is of object 99"),
            "version": (lambda truth: truth.update(truth=2), "reads version 1")}
        for name, (change, told) in changes.items():
            with self.subTest(name):
                truth = self.damaged_truth(name, change)
                place = f"{truth}, row 3: truth of '{key_of(3)}'"
                self.refuses(self.evaluate(data, "--truth", truth, expect=74), place, told,
                             "make the world again")
                self.assertFalse(self.results.exists())
                # As the data's own column it is a bad row, and the others are measured.
                done = self.evaluate(truth, out=self.root / name)
                first = f"{re.escape(place)}.*{re.escape(told)}.*; make the world again"
                self.assertRegex(done.stdout, r"(?m)^1 rows are left out \(bad_truth\)\. "
                                 f"The first: {first}$")
                measures = json.loads((self.root / name / "measures.json").read_text())
                self.assertEqual((measures["rows"], measures["bad_rows"]), (ROWS, {"bad_truth": 1}))
                self.assertEqual(measures["columns"][0]["corpus"]["captions"], ROWS - 1)
        table = self.root / "struct.parquet"
        pq.write_table(pa.table({"key": [key_of(0)], "truth": [{"truth": 1}]}), table)
        self.refuses(self.evaluate(data, "--truth", table, expect=74), f"{table}, row 0",
                     "column 'truth' is struct")
        member = self.root / "member.tar"
        with tarfile.open(member, "w") as tar:
            info = tarfile.TarInfo(f"{key_of(3)}.json")
            info.size = 3
            tar.addfile(info, io.BytesIO(b"[1]"))
        self.refuses(self.evaluate(data, "--truth", member, expect=74), member, key_of(3),
                     "is no JSON object")

    def test_a_truth_of_other_pictures_is_told(self):
        table = self.table(["key", "truth"])
        other = self.root / "other.parquet"
        pq.write_table(pa.table({"key": [f"x{i}" for i in range(ROWS)], "truth": table["truth"]}),
                       other)
        data = self.captions()
        self.refuses(self.evaluate(data, "--truth", other, expect=64), data, other,
                     "neither 'key' nor 'input_key' nor the name of 'path'", "--truth")
        half = self.root / "half.parquet"
        pq.write_table(table.slice(0, 5), half)
        done = self.evaluate(data, "--truth", half)
        self.assertIn("7 captions have no truth and are not judged", done.stdout)
        told = self.captions("told.jsonl", alt_text=lambda i: "of another world")
        self.refuses(self.evaluate(told, "--truth", WORLD / "parquet", expect=64),
                     f"'{key_of(ROWS - 1)}' is another picture's key", '"of another world"',
                     f"{told}, row 0", WORLD / "parquet" / "test-00000.parquet", "--truth")
        twice = self.root / "twice"
        twice.mkdir()
        for name in ("a.parquet", "b.parquet"):
            shutil.copy(half, twice / name)
        self.refuses(self.evaluate(data, "--truth", twice, expect=64), "two truths", key_of(0),
                     twice / "a.parquet", twice / "b.parquet")

    def test_a_bad_row_is_counted_and_ends_nothing(self):
        data = self.root / "bad.jsonl"
        longest = "bird " * 13_107 + "b"
        rows = [{"caption": "A bird."}, {"caption": ["A bird."]}, {"caption": longest + "s"},
                {"caption": longest}, {"caption": " "}, {"caption": longest + "s"}]
        lines = [json.dumps({"key": str(i), **row}).encode() for i, row in enumerate(rows)]
        data.write_bytes(b"\n".join(lines + [b'{"key": "7", "capt']))
        done = self.evaluate(data)
        for line in ("7 rows read.",
                     "Column `caption`: 2 captions (1 rows have none)",
                     f"2 rows are left out (too_long). The first: {data}, row 2, key '2': "
                     "'caption' has 65537 bytes, at most 65536 are measured"):
            self.assertIn(line, done.stdout)
        self.assertRegex(done.stdout, r"2 rows are left out \(unreadable\)\. The first: "
                         + re.escape(str(data)) + ".*line 2")
        measures = json.loads((self.results / "measures.json").read_text())
        self.assertEqual((measures["rows"], measures["bad_rows"]),
                         (7, {"too_long": 2, "unreadable": 2}))
        columns = pq.read_table(self.results / "measures.parquet")
        self.assertEqual((columns["key"].to_pylist(), columns["row"].to_pylist()),
                         (["0", "3"], [0, 3]))
        table = self.root / "bad.parquet"
        texts = pa.Array.from_buffers(pa.string(), 2,
                                      pa.array([b"A bird.", b"A b\xffrd."]).buffers())
        pq.write_table(pa.table({"key": ["0", "1"], "caption": texts}), table)
        self.assertIn(f"1 rows are left out (not_utf8). The first: {table}, row 1, key '1': "
                      "'caption' is no UTF-8", self.evaluate(table).stdout)

    def test_data_that_does_not_do_is_named(self):
        torn = self.root / "torn.jsonl"
        torn.write_text('{"key": "2", "capt')
        long = self.root / "long.jsonl"
        long.write_text(json.dumps({"caption": "bird " * 13_200}) + "\n")
        lists = self.root / "lists.parquet"
        pq.write_table(pa.table({"caption": [["a"]]}), lists)
        nulls = self.root / "nulls.parquet"
        pq.write_table(pa.table({"caption": pa.nulls(2, pa.string())}), nulls)
        for data, code, told in ((self.root / "nowhere", 66, ("is not there", "--data")),
                                 (self.pictures, 66, ("holds no table", ".parquet", "--data")),
                                 (self.recipe, 64, ("the ending says nothing",)),
                                 (torn, 74, ("1 rows are bad (unreadable)", "line 1", "--column")),
                                 (long, 74, ("1 rows are bad (too_long)", "row 0, key ''",
                                             "'caption' has 66000 bytes, at most 65536")),
                                 (lists, 74, ("row 0: column 'caption' is list", "--column")),
                                 (nulls, 64, ("no row has a caption in a column 'caption'",
                                              "--column"))):
            with self.subTest(data=data):
                self.refuses(self.evaluate(data, expect=code), data, *told)
                self.assertFalse(self.results.exists())

    def test_columns_that_are_not_there_are_named(self):
        data = self.captions()
        self.refuses(self.evaluate(data, "--column", "captoin", expect=64), data,
                     "no row has a caption in a column 'captoin'", "--column")
        self.refuses(self.evaluate(data, "--compare", "densest", expect=64), data,
                     "no row has a caption in a column 'densest'", "--compare")
        self.refuses(self.evaluate(data, "--compare", "caption", expect=64),
                     "--compare names the column 'caption'", "name another one")

    def test_results_among_the_tables_are_not_read_as_captions(self):
        folder = self.root / "tables"
        folder.mkdir()
        shutil.copy(self.captions(), folder)
        (self.root / "way").symlink_to(folder)
        self.evaluate(folder, "--truth", WORLD)
        measures = (self.results / "measures.json").read_bytes()
        for out in (folder, folder / "measures", self.root / "way" / "measures", folder):
            self.evaluate(folder, "--truth", WORLD, out=out)
            self.assertEqual((out / "measures.json").read_bytes(), measures)
        self.refuses(self.evaluate(self.results, out=self.root / "more", expect=66), self.results,
                     "holds results of an evaluation and no other table", "--data")

    def test_what_no_evaluation_left_is_kept_and_named_before_anything_is_read(self):
        for name in ("claims.jsonl", "wrong.md", "form.svg", "measures.parquet"):
            with self.subTest(name):
                folder = self.root / f"mine of {name}"
                folder.mkdir()
                (folder / name).write_text("mine")
                self.refuses(self.evaluate(self.root / "nowhere", out=folder, expect=64),
                             folder / name, "no evaluation left it", "take another --out")
                self.assertEqual([(file.name, file.read_text()) for file in folder.iterdir()],
                                 [(name, "mine")])

    def test_places_that_do_not_do_are_named_before_anything_is_measured(self):
        data = self.captions()
        self.refuses(self.evaluate(data, out="", expect=64), "--out needs a folder")
        self.refuses(self.evaluate(data, out=self.recipe, expect=64), self.recipe,
                     "is a file, not a folder")
        self.refuses(self.evaluate(data, out=self.recipe / "measures", expect=74),
                     f"cannot make folder {self.recipe}/measures: Not a directory; choose another")
        self.refuses(self.evaluate(data, out="/proc/measures", expect=74), "/proc/measures")
        (self.results / "measures.json").mkdir(parents=True)
        self.refuses(self.evaluate(data, expect=74), self.results / "measures.json")

    def test_bad_options_are_named(self):
        data = self.captions()
        for option, value in (("--resamples", 99), ("--resamples", "many"), ("--wrong", -1),
                              ("--seed", -1), ("--truth", ""), ("--column", ""), ("--compare", ""),
                              ("--colunm", "x")):
            with self.subTest(option=option, value=value):
                self.assertIn(option, self.evaluate(data, option, value, expect=64).stderr)
        self.assertIn("--data", self.kale("evaluate", "captions", "--out", self.out,
                                          expect=64).stderr)
        self.kale("evaluate", expect=64)
        self.assertFalse(self.results.exists())


if __name__ == "__main__":
    unittest.main()
