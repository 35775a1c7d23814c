"""The kale program in a world that does not go along: full and read-only disks, damaged state,
clocks that jump, folders in the wrong place. Whatever happens, the message names the file and the
cause, the exit code says whose fault it is, and once the trouble is over the same command ends with
the bytes of an undisturbed run. Usage: test_trouble.py PATH_TO_KALE"""
import ctypes
import itertools
import os
import re
import shutil
import signal
import subprocess
import unittest

from harness import PATIENCE_S, KaleTest

CLONE_NEWNS = 0x20000
PAGE_KIB = 4
PAGES_MAX = 400  # more than the whole output needs
NO_SPACE = "No space left on device"


def mounting_refused():
    """Mounts of this process stay its own and go with it; the reason where that is not allowed."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        return os.strerror(ctypes.get_errno())
    done = subprocess.run(["mount", "--make-rprivate", "/"], capture_output=True, text=True)
    return done.stderr.strip() if done.returncode else ""


REFUSED = mounting_refused()


class Trouble(KaleTest):
    def undisturbed(self):
        self.run_all(out=self.root / "calm")
        return self.everything(self.root / "calm")

    def everything(self, out):
        return self.digests(out) | {"README.md": (out / "README.md").read_bytes()}

    def fails(self, *arguments, expect=74, out=None):
        done = self.run_all(*arguments, out=out, expect=expect)
        self.assertRegex(done.stderr, r"(?m)^kale: ")
        return done.stderr


@unittest.skipIf(REFUSED, f"a small disk cannot be mounted here: {REFUSED}")
class Disks(Trouble):
    def setUp(self):
        super().setUp()
        self.disk = self.root / "disk"
        self.disk.mkdir()
        self.out = self.disk / "out"

    def mount(self, size_kib, *more):
        subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join((f"size={size_kib}k", *more)),
                        "tmpfs", str(self.disk)], check=True)
        self.addCleanup(subprocess.run, ["umount", str(self.disk)], capture_output=True)

    def remount(self, options):
        subprocess.run(["mount", "-o", "remount," + options, str(self.disk)], check=True)

    # One page more each time, from `share` of what parts and rejects take, so that in turn every
    # file is the one that no longer fits. Returns the files that were named.
    def squeeze(self, shard_rows, share):
        options = [word for option in ("rows_in_flight=1", "shards_in_flight=1", "cores=1",
                                       f"shard_rows={shard_rows}")
                   for word in ("--set", "run." + option)]
        self.run_all(*options, out=self.root / "calm")
        calm, asked = self.everything(self.root / "calm"), self.requests()
        parts = [*(self.root / "calm").glob("parts/*"), *(self.root / "calm").glob("rejects/*")]
        pages_taken = sum(-(-file.stat().st_size // (PAGE_KIB << 10)) for file in parts)
        met = set()
        for pages in itertools.count(1 + int(share * pages_taken)):
            self.assertLess(pages, PAGES_MAX, "it never fits")
            self.mount(pages * PAGE_KIB)
            self.log.unlink(missing_ok=True)
            done = subprocess.run([*self.command(), *options], capture_output=True, text=True,
                                  timeout=PATIENCE_S)
            if done.returncode == 0:
                break
            with self.subTest(pages=pages):
                self.assertEqual(done.returncode, 74, done.stderr)
                told = re.search(rf"(?m)^kale: .*cannot \w+ {self.out}/(\S+): {NO_SPACE}; free ",
                                 done.stderr)
                self.assertIsNotNone(told, done.stderr)
                met.add(re.sub(r"\d+", "N", told.group(1)))
                self.remount("size=64m")
                self.run_all(*options)
                self.assertEqual(self.everything(self.out), calm)
                self.assertLessEqual(self.requests() - asked, 1, "the answer that found no room")
            subprocess.run(["umount", str(self.disk)], check=True)
        self.assertEqual(self.everything(self.out), calm)
        return met

    def test_a_full_disk_is_named_and_costs_nothing_once_there_is_room(self):
        met = self.squeeze(shard_rows=10, share=0)  # a journal of several pages
        self.log.unlink(missing_ok=True)
        shutil.rmtree(self.root / "calm")
        met |= self.squeeze(shard_rows=1, share=0.5)  # a ledger of several
        for name in ("state/run.json.aside", "state/manifest.aside", "state/journal/shard-N-gN",
                     "rejects/rejects-N-gN-wN.parquet.aside", "parts/part-N-gN-wN.parquet.aside",
                     "state/ledger.aside", "state/ledger", "core.aside/train-N.aside",
                     "README.md.aside", "state/published.aside"):
            self.assertIn(name, met)

    def test_a_disk_that_cannot_be_written_is_named_and_can_be_read(self):
        self.mount(65536)
        self.run_all()
        before = self.everything(self.out)
        self.remount("ro")
        self.assertRegex(self.fails(), rf"cannot open {self.out}/state/lock: Read-only file "
                                       "system; choose a place")
        self.assertRegex(self.fails(out=self.disk / "new"),
                         rf"cannot make folder {self.disk}/new/state: Read-only file system")
        self.assertIn("10 of 10 rows", self.kale("status", self.out).stdout)
        self.assertIn("will not run", self.kale("explain", self.out, "0").stdout)
        self.assertIn("caption_dense", self.kale("explain", self.out, "00.png").stdout)
        self.remount("rw")
        self.assertIn("all is done", self.run_all().stderr)
        self.assertEqual(self.everything(self.out), before)


class State(Trouble):
    # A folder in a file's place cannot be read or replaced even by root, whom modes do not stop.
    def test_state_that_cannot_be_read_is_named_and_nothing_is_lost(self):
        calm = self.undisturbed()
        shutil.copytree(self.root / "calm", self.out)
        for name in ("manifest", "ledger", "lock", "run.json", "published", "source"):
            with self.subTest(name):
                file = self.out / "state" / name
                kept = file.read_bytes()
                file.unlink()
                file.mkdir()
                self.assertIn(str(file), self.fails())
                file.rmdir()
                file.write_bytes(kept)
                self.assertIn("all is done", self.run_all().stderr)
                self.assertEqual(self.everything(self.out), calm)

    def test_a_file_in_a_folders_place_is_named(self):
        calm = self.undisturbed()
        for name in ("state", "state/journal", "parts", "rejects"):
            with self.subTest(name):
                shutil.rmtree(self.out, ignore_errors=True)
                shutil.copytree(self.root / "calm", self.out)
                shutil.rmtree(self.out / name)
                (self.out / name).write_text("a file")
                self.assertIn(f"{self.out / name}: Not a directory", self.fails())
                (self.out / name).unlink()
                if name == "state":
                    continue
                self.run_all()
                after = self.everything(self.out)
                for published in ("train-00000-of-00001.parquet", "README.md"):
                    self.assertEqual(after[published], calm[published])

    def test_a_damaged_manifest_stops_and_a_damaged_ledger_line_costs_its_shard(self):
        calm = self.undisturbed()
        shutil.copytree(self.root / "calm", self.out)
        manifest = self.out / "state" / "manifest"
        kept = manifest.read_bytes()
        manifest.write_bytes(kept.replace(b"07.png", b"0x.png"))
        self.assertRegex(self.fails(), rf"{manifest} is damaged, .*restore it")
        manifest.write_bytes(b"kale manifest 9\n" + kept.split(b"\n", 1)[1])
        self.assertIn("starts with 'kale manifest 9'", self.fails())
        manifest.write_bytes(kept)
        ledger = self.out / "state" / "ledger"
        ledger.write_bytes(ledger.read_bytes().replace(b'"shard":1', b'"shard":7'))
        self.assertIn("1 shards to do", self.run_all().stderr)
        self.assertEqual(self.everything(self.out), calm)

    # Nothing is ordered by a clock: neither by times of files nor by the wall's.
    def test_times_far_back_and_far_ahead_change_nothing(self):
        self.run_all()
        before = self.everything(self.out)
        files = sorted(path for folder in (self.pictures, self.out) for path in folder.rglob("*"))
        for i, path in enumerate(files):
            os.utime(path, (0, 0) if i % 2 else (2**32, 2**32))
        self.assertIn("all is done", self.run_all().stderr)
        part = self.out / "parts" / "part-00001-g0-w0.parquet"
        part.unlink()
        self.assertIn("1 shards to do", self.run_all().stderr)
        after = self.everything(self.out)
        self.assertEqual(after.pop("part-00001-g1-w0.parquet"), before.pop(part.name))
        self.assertEqual(after.pop("rejects-00001-g1-w0.parquet"),
                         before.pop("rejects-00001-g0-w0.parquet"))
        self.assertEqual(after, before)


class Places(Trouble):
    def test_a_run_in_progress_is_named_by_its_process(self):
        self.script.write_text("- match: ''\n  delay_ms: 600000\n")
        process = self.start()
        self.wait_until((self.out / "state" / "journal").exists, "a run in progress")
        self.assertIn(f"another kale (process {process.pid}) is at work in {self.out};",
                      self.fails())
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_S)
        self.script.write_text("[]\n")
        self.run_all()

    def test_the_output_folder_may_not_lie_in_the_source(self):
        before = sorted(self.pictures.rglob("*"))
        (self.root / "way").symlink_to(self.pictures)
        for out in (self.pictures / "out", self.pictures / "a" / "b", self.root / "way" / "out",
                    self.root / "nowhere" / ".." / "pictures" / "out"):
            with self.subTest(out):
                self.assertIn("lies in the source's folder", self.fails(out=out, expect=64))
                self.assertEqual(sorted(self.pictures.rglob("*")), before)
        self.assertIn("holds other things", self.fails(out=self.pictures, expect=64))
        self.assertEqual(sorted(self.pictures.rglob("*")), before)
        beside = self.root / "pictures-out"
        self.run_all(out=beside)

    def test_an_output_that_is_no_folder_is_left_alone(self):
        self.out.write_text("precious")
        self.assertIn("is a file, not a folder", self.fails(expect=64))
        self.assertIn(f"cannot make folder {self.out}/inner/state: Not a directory",
                      self.fails(out=self.out / "inner"))
        self.assertEqual(self.out.read_text(), "precious")

    def test_a_link_to_a_folder_is_that_folder(self):
        calm = self.undisturbed()
        (self.root / "far").mkdir()
        self.out.symlink_to(self.root / "far")
        self.run_all()
        self.assertTrue(self.out.is_symlink())
        self.assertEqual(self.everything(self.root / "far"), calm)
        self.assertIn("all is done", self.run_all(out=self.root / "far").stderr)
        broken = self.root / "broken"
        broken.symlink_to(self.root / "gone")
        self.assertIn(f"cannot make folder {broken}/state", self.fails(out=broken))
        self.assertFalse((self.root / "gone").exists())


if __name__ == "__main__":
    unittest.main()
