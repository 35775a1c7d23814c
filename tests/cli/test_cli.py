"""The kale program with fake engines on pictures made here. Usage: test_cli.py PATH_TO_KALE"""
import gzip
import json
import os
import pathlib
import signal
import subprocess
import unittest

from harness import KALE, PATIENCE_S, RECIPE, KaleTest, png


class CliTest(KaleTest):
    def test_a_run_makes_a_dataset_and_the_second_has_nothing_to_do(self):
        done = self.run_all("--samples", "2")
        self.assertIn("7 captions", done.stderr)
        self.assertIn("alt-text  A Magellanic penguin", done.stdout)
        self.assertTrue((self.out / "README.md").exists())
        self.assertEqual(len(list((self.out / "core").glob("*.parquet"))), 1)
        before, asked = self.digests(self.out), self.requests()
        again = self.run_all()
        self.assertIn("all is done", again.stderr)
        self.assertEqual(self.digests(self.out), before)
        self.assertEqual(self.requests(), asked)

    def test_status_counts_by_reason_and_explain_tells_a_row(self):
        self.run_all()
        status = self.kale("status", self.out).stdout
        for line in ("3 of 3 shards done, 10 of 10 rows", "kept 7  dropped 3  failed 0",
                     "drop:empty_alt_text", "drop:no_alt_text", "drop:not_an_image"):
            self.assertIn(line, status)
        told = self.kale("explain", self.out, "05.png").stdout
        self.assertIn("dropped at decode: not_an_image", told)
        told = self.kale("explain", self.out, "00.png").stdout
        self.assertIn("kept", told)
        self.assertIn("caption_dense", told)
        self.assertIn("will not run", self.kale("explain", self.out, "0").stdout)
        self.kale("explain", self.out, "none.png", expect=66)
        self.assertIn("did you mean", self.kale("explain", self.out, "5.png", expect=66).stderr)

    def test_a_deleted_part_redoes_its_shard_only(self):
        self.run_all()
        before = self.digests(self.out)
        (self.out / "parts" / "part-00001-g0-w0.parquet").unlink()
        self.assertIn("part-00001-g0-w0.parquet is missing",
                      self.kale("explain", self.out, "1").stdout)
        done = self.run_all()
        self.assertIn("1 shards to do", done.stderr)
        after = self.digests(self.out)
        self.assertEqual(after["part-00001-g1-w0.parquet"], before["part-00001-g0-w0.parquet"])
        published = "train-00000-of-00001.parquet"
        self.assertEqual(after[published], before[published])

    def test_a_changed_option_redoes_its_step_and_later_ones(self):
        self.run_all()
        self.assertIn("fuse changed", self.run_all("--set", "fuse.candidates=2").stderr)
        metrics = json.loads((self.out / "state/metrics.json").read_text())
        steps = {step["step"]: step for step in metrics["steps"]}
        self.assertEqual([name for name, step in steps.items() if step["calls"]], ["fuse", "clean"])

    def test_speed_options_change_nothing(self):
        self.run_all()
        other = self.root / "other"
        self.run_all("--set", "run.cores=1", "--set", "run.rows_in_flight=64", out=other)
        self.assertEqual(self.digests(self.out), self.digests(other))
        self.assertIn("all is done", self.run_all("--set", "run.rows_in_flight=64").stderr)

    def test_new_pictures_append_shards(self):
        self.run_all()
        (self.pictures / "00-new.png").write_bytes(png(64, 48, (1, 2, 3)))
        (self.pictures / "00-new.txt").write_text("A new picture of Dublin.\n")
        self.assertIn("1 shards to do", self.run_all().stderr)
        self.assertIn("11 of 11 rows", self.kale("status", self.out).stdout)

    def test_rejected_rows_are_tried_again_and_no_others(self):
        self.run_all()
        asked = self.requests()
        (self.pictures / "05.png").write_bytes(png(64, 48, (100, 100, 200)))
        (self.pictures / "03.txt").write_text("A Magellanic penguin number 3.\n")
        self.assertIn("all is done", self.run_all().stderr)
        self.assertIn("is no reason", self.run_all("--retry", "broken", expect=64).stderr)
        told = self.run_all("--retry", "drop:not_an_image").stderr
        self.assertIn("1  rejected rows are tried again", told)
        self.assertIn("kept 8  dropped 2", self.kale("status", self.out).stdout)
        one_row = self.requests() - asked
        self.run_all("--retry", "drop")
        self.assertIn("kept 9  dropped 1", self.kale("status", self.out).stdout)
        self.assertEqual(self.requests() - asked, 2 * one_row, "a kept row was asked again")
        fresh = self.root / "fresh"
        self.run_all(out=fresh)
        published = "train-00000-of-00001.parquet"
        self.assertEqual(self.digests(self.out)[published], self.digests(fresh)[published])

    def test_the_first_interrupt_drains(self):
        self.script.write_text("- match: ''\n  delay_ms: 30\n")
        process = self.start()
        self.wait_until(lambda: self.requests() >= 3, "requests")
        process.send_signal(signal.SIGINT)
        errors = process.stderr.read().decode()
        self.assertEqual(process.wait(PATIENCE_S), 3, errors)
        self.assertIn("finishing the rows in flight", errors)
        self.run_all()
        drained = self.requests()
        fresh = self.root / "fresh"
        self.run_all(out=fresh)
        self.assertEqual(self.digests(self.out), self.digests(fresh))
        self.assertEqual(self.requests() - drained, drained, "a drained run asks nothing twice")

    def test_the_second_interrupt_leaves_at_once(self):
        self.script.write_text("- match: ''\n  delay_ms: 600000\n")
        process = self.start()
        self.wait_until((self.out / "state" / "journal").exists, "a run in progress")
        process.send_signal(signal.SIGINT)
        seen = b""
        while b"once more" not in seen:
            chunk = process.stderr.read1(4096)
            self.assertTrue(chunk, seen)
            seen += chunk
        self.assertIsNone(process.poll(), "the first interrupt waits for rows in flight")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE_S), 3)

    def test_draining_has_a_limit(self):
        self.script.write_text("- match: ''\n  delay_ms: 600000\n")
        process = self.start("--set", "run.drain_s=0")
        self.wait_until((self.out / "state" / "journal").exists, "a run in progress")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE_S), 3)

    def test_a_folder_with_other_things_in_it_is_left_alone(self):
        self.out.mkdir()
        (self.out / "core").mkdir()
        (self.out / "core" / "mine.txt").write_text("precious")
        self.assertIn("holds other things", self.run_all(expect=64).stderr)
        self.assertEqual((self.out / "core" / "mine.txt").read_text(), "precious")
        nowhere = self.kale("run", self.recipe, "--out", "", expect=64)
        self.assertIn("--out needs a folder", nowhere.stderr)

    def test_a_folder_in_the_place_of_a_format_is_refused_before_anything_is_captioned(self):
        self.run_all()
        (self.out / "captions").mkdir()
        (self.out / "captions" / "mine.txt").write_text("precious")
        asked = self.requests()
        said = self.run_all("--set", "publish.formats=[parquet, sidecar]", "--set",
                            "fuse.candidates=2", expect=64).stderr
        self.assertIn("it holds mine.txt", said)
        self.assertEqual(self.requests(), asked)
        self.assertEqual((self.out / "captions" / "mine.txt").read_text(), "precious")

    def test_another_source_needs_another_output_folder(self):
        self.run_all()
        before = self.digests(self.out)
        other = self.root / "other"
        other.mkdir()
        (other / "00.png").write_bytes(png(8, 8, (1, 2, 3)))
        (other / "rows.jsonl").write_text('{"text": "a penguin"}\n')
        for sets, why in ((f"source.path={other}", "is not there as it was"),
                          (f"source={{kind: table, path: {other}}}", "another kind of source"),
                          (f"source={{kind: table, path: {other}/rows.jsonl}}", "another kind")):
            with self.subTest(sets):
                said = self.run_all("--set", sets, expect=64).stderr
                for told in (why, str(self.pictures), str(other), "give --out a new folder"):
                    self.assertIn(told, said)
                self.assertEqual(self.digests(self.out), before)
        moved = self.root / "moved"
        self.pictures.rename(moved)
        self.assertIn("all is done", self.run_all("--set", f"source.path={moved}").stderr)
        self.assertIn("all is done", self.run_all("--set", f"source.path={moved}/").stderr)
        moved.rename(self.pictures)
        self.assertIn("all is done", self.run_all().stderr)

    def test_a_source_in_the_output_folder_is_refused(self):
        self.run_all()
        before = self.digests(self.out)
        for path in (self.out / "core", next((self.out / "core").glob("*.parquet"))):
            said = self.run_all("--set", f"source={{kind: table, path: {path}}}", expect=64).stderr
            self.assertIn("where kale replaces files", said)
        self.assertEqual(self.digests(self.out), before)

    def test_input_whose_size_changed_is_told(self):
        self.run_all()
        (self.pictures / "06.png").write_bytes(b"cut")
        done = self.run_all()
        self.assertIn("warning: 06.png had ", done.stderr)
        self.assertIn("all is done", done.stderr)

    def test_a_picture_that_changed_is_the_inputs_fault(self):
        self.run_all("--set", "publish.image_bytes=true")
        (self.pictures / "06.png").write_bytes(png(64, 48, (9, 9, 9)))
        (self.out / "core").rename(self.root / "core")
        self.assertIn("06.png", self.run_all("--set", "publish.image_bytes=true",
                                             expect=66).stderr)

    def test_a_step_that_asks_the_wrong_engine_stops_the_run(self):
        done = self.run_all("--set", "engines.ocr={kind: tesseract}",
                            "--set", "describe.engine=ocr", expect=64)
        self.assertIn("tesseract reads one picture at a time", done.stderr)

    def test_a_recipe_without_captions_publishes_nothing(self):
        self.assertIn("nothing is published", self.run_all("--set", "steps=[decode]").stderr)
        self.assertFalse((self.out / "core").exists())

    def test_input_and_model_replace_what_the_recipe_names(self):
        other = self.root / "other recipe.yaml"
        other.write_text(RECIPE.format(pictures="/nowhere", log=self.log, script=self.script)
                         .replace("path: /nowhere", "path: /nowhere, limit: 1, licence: mine"))
        out = self.root / "mine"
        run = self.kale("run", other, "--out", out, "--input", self.pictures)
        self.assertIn('source={"kind":"folder"', run.stderr)
        self.assertEqual(self.kale("status", out).stdout.count("no_alt_text"), 1)
        self.assertIn("7 captions", run.stderr)
        again = self.kale("run", other, "--out", out, "--input", str(self.pictures) + "/")
        self.assertIn("all is done", again.stderr)
        gone = self.kale("run", other, "--out", out, "--input", self.root / "gone", expect=66)
        self.assertIn("gone", gone.stderr)
        packed = self.root / "pairs.jsonl.gz"
        packed.write_bytes(gzip.compress(b'{"text": "A penguin."}\n'))
        table = self.kale("run", other, "--out", self.root / "t", "--input", packed)
        self.assertIn('source={"kind":"table"', table.stderr)
        latin = os.fsencode(self.root) + b"/caf\xe9"
        os.mkdir(latin)
        refused = self.kale("run", other, "--out", self.root / "l", "--input",
                            os.fsdecode(latin), expect=64)
        self.assertIn("UTF-8", refused.stderr)
        model = self.kale("run", other, "--out", self.root / "m", "--input", self.pictures,
                          "--model", "a: b.gguf", expect=64)
        self.assertIn("engines.llm", model.stderr)

    def test_two_runs_do_not_share_a_folder(self):
        self.script.write_text("- match: ''\n  delay_ms: 600000\n")
        process = self.start()
        self.wait_until((self.out / "state" / "journal").exists, "a run in progress")
        second = self.run_all(expect=74)
        self.assertIn("another kale", second.stderr)
        process.send_signal(signal.SIGKILL)

    def test_bad_recipes_name_the_key_and_the_nearest(self):
        for option, message in (("fuse.candiates=3", "did you mean 'candidates'?"),
                                ("fuse.candidates=three", "fuse.candidates must be a whole number"),
                                ("fuse.candidates=0", "fuse.candidates is 0, allowed is"),
                                ("fusee.candidates=3",
                                 "unknown key 'fusee' (did you mean 'fuse'?)"),
                                ("engines.llm.kind=lama", "did you mean 'llama'?"),
                                ("fuse.engine=lm", "no engine 'lm' (did you mean 'llm'?)"),
                                ("steps=[decode, fuse]", "step 'fuse' reads caption_dense"),
                                ("steps=[decode, sea]", "unknown step 'sea' (did you mean 'see'?)"),
                                ("source=3", "source must be a map"),
                                ("source.include=[{a: b}]", "must be a list of texts"),
                                ("seed", "--set seed should read --set room.option=value"),
                                ("source.path=/nowhere", "/nowhere")):
            with self.subTest(option):
                done = subprocess.run([KALE, "run", str(self.recipe), "--out", str(self.out),
                                       "--set", option],
                                      capture_output=True, text=True, timeout=PATIENCE_S)
                self.assertIn(done.returncode, (64, 66), done.stderr)
                self.assertIn(message, done.stderr)
        self.kale("run", self.root / "none.yaml", "--out", self.out, expect=66)
        self.kale("status", self.root, expect=66)
        self.kale("dance", expect=64)

    def test_help_tells_the_exit_codes(self):
        told = self.kale("--help").stdout
        for code in ("0 done", "3 stopped", "64 bad", "66 input", "69 a model", "70 a bug",
                     "74 the disk"):
            self.assertIn(code, told.replace("\n", " "))

    def test_the_options_page_is_the_one_in_docs(self):
        page = pathlib.Path(__file__).parents[2] / "docs" / "options.md"
        self.assertEqual(self.kale("options").stdout, page.read_text(),
                         "run: kale options > docs/options.md")


if __name__ == "__main__":
    unittest.main()
