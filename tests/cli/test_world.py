"""kale world as a user meets it. Usage: test_world.py PATH_TO_KALE FOLDER_OF_PACKAGES"""
import json
import tarfile
import unittest

from world import PACKAGES, ROWS, SEED, WORLD, WorldTest, key_of


class Make(WorldTest):
    def make(self, *arguments, rows=2, out=None, expect=0):
        return self.kale("world", "make", "--rows", rows, "--packages", PACKAGES, "--out",
                         self.out if out is None else out, *arguments, expect=expect)

    def test_a_world_is_whole_and_the_same_each_time(self):
        self.make("--seed", SEED, "--split", "test", "--cutouts", WORLD / "cutouts", rows=ROWS)
        for file in ("tar/test-00000.tar", "parquet/test-00000.parquet", "world-test.json"):
            self.assertEqual((self.out / file).read_bytes(), (WORLD / file).read_bytes())
        table = self.table()
        self.assertEqual(table["key"].to_pylist(), [key_of(i) for i in range(ROWS)])
        with tarfile.open(WORLD / "tar" / "test-00000.tar") as tar:
            members = {member.name: tar.extractfile(member).read() for member in tar}
        self.assertEqual(sorted(members), sorted(f"{key}.{ending}" for key in
                                                 table["key"].to_pylist()
                                                 for ending in ("jpg", "json", "txt")))
        for row in table.to_pylist():
            self.assertEqual(members[row["key"] + ".json"].decode(), row["truth"])
            self.assertEqual(members[row["key"] + ".txt"].decode(), row["alt_text"] or "")
            self.assertEqual(members[row["key"] + ".jpg"], row["image"]["bytes"])
            self.assertEqual(json.loads(row["truth"])["split"], "test")

    # Renaming gives a file another inode: equal ones say that it was not made again.
    def files(self):
        return {file: (file.stat().st_ino, file.read_bytes()) for file in
                (self.out / "tar" / "train-00000.tar", self.out / "parquet" / "train-00000.parquet",
                 self.out / "world-train.json")}

    def test_what_was_made_is_told_and_not_made_twice(self):
        told = self.make(rows=3).stdout
        self.assertRegex(told, r"(?m)^scenes +3$")
        before = self.files()
        again = self.make(rows=3)
        self.assertEqual(again.stdout, told)
        self.assertIn("3 of 3 scenes", again.stderr)
        self.assertEqual(self.files(), before)

    def test_a_shard_that_is_not_whole_is_made_again_with_the_same_bytes(self):
        told = self.make(rows=3).stdout
        for gone in list(self.files())[:2]:
            before = self.files()
            gone.unlink()
            self.assertEqual(self.make(rows=3).stdout, told)
            self.assertNotEqual(self.files(), before)
            self.assertEqual([content for _, content in self.files().values()],
                             [content for _, content in before.values()])

    def test_another_world_is_not_mixed_in(self):
        self.make(rows=3)
        before = self.files()
        tar, table, plan = before
        for rows, arguments in ((4, ()), (3, ("--seed", 1)), (3, ("--size", 256))):
            with self.subTest(rows=rows, arguments=arguments):
                self.refuses(self.make(*arguments, rows=rows, expect=64), plan,
                             "not of the world asked for", "take another --out")
                self.assertEqual(self.files(), before)
        self.make("--split", "validation", "--seed", 1)
        self.assertEqual(self.files(), before)
        for text, told in (("half", "not of the world asked for"), (None, "holds scenes")):
            plan.unlink() if text is None else plan.write_text(text)
            self.refuses(self.make(rows=3, expect=64), plan, told, "another --out")
            self.assertEqual((tar.read_bytes(), table.read_bytes()),
                             (before[tar][1], before[table][1]))

    def test_a_shard_that_is_damaged_is_named_and_left_alone(self):
        self.make(rows=3)
        tar = next(iter(self.files()))
        whole = tar.read_bytes()
        for bytes_, told in ((whole[:len(whole) // 2], "is cut or damaged"),
                             (whole.replace(b'"width":', b'"wadth":', 1), "'width' is missing"),
                             (bytes(1024), "0 scenes of 3")):
            with self.subTest(told):
                tar.write_bytes(bytes_)
                self.refuses(self.make(rows=3, expect=74), "train-00000", self.out, told,
                             "remove its tar and its table and run again")
                self.assertEqual(tar.read_bytes(), bytes_)

    def test_bad_options_are_named_and_leave_nothing(self):
        for option, value, told in (("--rows", "0", "--rows is from 1 to"),
                                    ("--rows", "many", "--rows = many"),
                                    ("--size", "4", "--size is from 128 to 1024"),
                                    ("--split", "tset", "tset not in {train,validation,test}"),
                                    ("--seed", "-1", "--seed"), ("--threads", "-3", "--threads"),
                                    ("--threads", "257", "--threads"),
                                    ("--packages", "", "--packages: is empty")):
            with self.subTest(option=option, value=value):
                arguments = {"--rows": "2", "--packages": PACKAGES, "--out": self.out,
                             option: value}
                done = self.kale("world", "make", *[word for pair in arguments.items()
                                                    for word in pair], expect=64)
                self.assertIn(told, done.stderr)
                self.assertFalse(self.out.exists())
        self.assertIn("--rows is required", self.kale("world", "make", "--out", self.out,
                                                      expect=64).stderr)

    def test_places_that_do_not_do_are_named(self):
        self.refuses(self.make(out="", expect=64), "--out needs a folder")
        self.refuses(self.make(out=self.log.parent / "tiny.yaml", expect=64),
                     self.recipe, "is a file, not a folder")
        self.refuses(self.make(out=self.recipe / "world", expect=74),
                     f"cannot make folder {self.recipe}/world: Not a directory; choose another")
        self.refuses(self.make(out="/proc/world", expect=74), "cannot make folder /proc/world",
                     "choose another place")
        self.refuses(self.make("--cutouts", self.recipe / "cut", expect=74), self.recipe / "cut")

    def test_missing_packages_are_named_with_the_cure(self):
        done = self.kale("world", "make", "--rows", 2, "--packages", self.pictures, "--out",
                         self.out, expect=66)
        self.refuses(done, self.pictures, "is missing", "scripts/setup.sh installs", "--packages")
        self.assertFalse(self.out.exists())


class Sheet(WorldTest):
    def sheet(self, *arguments, world=None, expect=0):
        return self.kale("world", "sheet", world or WORLD, *arguments, expect=expect)

    def size_of(self, file):
        header = file.read_bytes()[:24]
        self.assertEqual(header[:8], b"\x89PNG\r\n\x1a\n")
        return int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:], "big")

    def test_a_sheet_shows_as_many_scenes_as_there_are(self):
        sheet = self.root / "new folder" / "sheet.png"
        self.sheet("--out", sheet)
        wide, two_rows = self.size_of(sheet)
        self.sheet("--out", sheet, "--scenes", 10)
        self.assertEqual(self.size_of(sheet)[0], wide)
        self.assertLess(self.size_of(sheet)[1], two_rows)
        all_but_two = sheet.read_bytes()
        self.sheet("--out", sheet, "--skip", 2, "--scenes", 10)
        self.assertNotEqual(sheet.read_bytes(), all_but_two)
        self.assertEqual([file.name for file in sheet.parent.iterdir()], ["sheet.png"])

    def test_what_is_no_world_is_named(self):
        sheet = self.root / "sheet.png"
        for place in (self.root / "nowhere", self.recipe, self.pictures):
            self.refuses(self.sheet("--out", sheet, world=place, expect=66), place,
                         "is no world", "--out of kale world make")
        (self.pictures / "tar").mkdir()
        self.refuses(self.sheet("--out", sheet, world=self.pictures, expect=66),
                     "holds no scenes; make some")
        self.refuses(self.sheet("--out", sheet, "--skip", 12, expect=64), "holds 12 scenes",
                     "--skip 12", "skip fewer")
        self.assertFalse(sheet.exists())

    def test_a_damaged_tar_is_named_with_its_member(self):
        sheet = self.root / "sheet.png"
        (self.out / "tar").mkdir(parents=True)
        tar = self.out / "tar" / "test-00000.tar"
        whole = (WORLD / "tar" / "test-00000.tar").read_bytes()
        tar.write_bytes(whole[:len(whole) // 2])
        self.refuses(self.sheet("--out", sheet, world=self.out, expect=74), tar, "is cut", "again")
        for name, old, new, told in (("json", b'"width":', b'"wadth":', "'width' is missing"),
                                     ("json", b'{"truth":1', b'{"truth":9', "reads version 1"),
                                     ("jpg", b"\xff\xd8\xff", b"\0\0\0", "JPEG")):
            with self.subTest(told):
                tar.write_bytes(whole.replace(old, new))
                self.refuses(self.sheet("--out", sheet, world=self.out, expect=74), tar,
                             key_of(0) + ".json", told, "make the world again")
        self.assertFalse(sheet.exists())

    def test_places_that_do_not_do_are_named(self):
        self.refuses(self.sheet("--out", "", expect=64), "--out needs the name of a file")
        self.refuses(self.sheet("--out", self.pictures, expect=64), self.pictures, "is a folder")
        self.assertFalse(self.pictures.with_name("pictures.aside").exists())
        self.refuses(self.sheet("--out", self.recipe / "sheet.png", expect=74), self.recipe)
        for option, value in (("--scenes", 0), ("--scenes", 1001), ("--skip", -1)):
            self.assertIn(option, self.sheet("--out", self.out, option, value, expect=64).stderr)
        self.assertFalse(self.out.exists())


if __name__ == "__main__":
    unittest.main()
