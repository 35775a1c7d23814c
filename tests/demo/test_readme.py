"""Runs every kale command that README.md shows, on a folder of the test's own.

Usage:  test_readme.py PATH_TO_KALE REPOSITORY OUT_OF_THE_DEMO_TEST
"""
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import tempfile

SHOWN_BINARY = "build/release/apps/kale/kale"
# The ten-row demos, the build under test, and this very run.
RUN_BY_MAKE_TEST = {"make demo", "make build", "make test",
                    f"{SHOWN_BINARY} run recipes/kale.yaml --out out/facts"}


def shown_commands(readme):
    text = readme.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    return [line for line in lines if line.startswith((SHOWN_BINARY, "make "))]


def a_few_pictures(folder):
    stamps = pathlib.Path("/usr/share/tuxpaint/stamps/animals/birds")
    for picture in sorted(stamps.glob("*.png"))[:2]:
        shutil.copy(picture, folder)
        shutil.copy(picture.with_suffix(".txt"), folder)


def main():
    kale, repository, demo = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
    commands = shown_commands(repository / "README.md")
    assert sum(SHOWN_BINARY in command for command in commands) >= 4, commands
    with tempfile.TemporaryDirectory(prefix="kale_readme_") as scratch:
        pictures = pathlib.Path(scratch) / "pictures"
        pictures.mkdir()
        a_few_pictures(pictures)
        tar = pathlib.Path(scratch) / "pairs.tar"
        with tarfile.open(tar, "w") as pairs:
            for file in sorted(pictures.iterdir()):
                pairs.add(file, file.name)
        stands_for = {SHOWN_BINARY: kale, "/path/to/pictures": pictures, "out/demo": demo,
                      "/path/to/model.gguf": next((repository / ".deps/models").glob("*Q8_0.gguf")),
                      "out/gguf": pathlib.Path(scratch) / "gguf",
                      "out/student": pathlib.Path(scratch) / "student",
                      "out/mine": pathlib.Path(scratch) / "mine",
                      "out/world": pathlib.Path(scratch) / "world",
                      "/path/to/pairs.tar": tar, "out/tar": pathlib.Path(scratch) / "tar"}
        for command in commands:
            if command in RUN_BY_MAKE_TEST:
                continue
            run = command
            for shown, real in stands_for.items():
                run = re.sub(re.escape(shown) + r"(?![\w.])", str(real), run)
            done = subprocess.run(shlex.split(run), cwd=repository, capture_output=True, text=True,
                                  check=False)
            assert done.returncode == 0, f"{command}\nended with {done.returncode}:\n{done.stderr}"
            print(f"ran: {command[:90]}")


main()
