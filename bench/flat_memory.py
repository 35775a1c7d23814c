"""Is memory flat however large the input is?  Peak and speed of `decode` over one large file.

Usage:  .venv/bin/python bench/flat_memory.py KALE FOLDER [--gigabytes 4] [--kind tar|parquet]

Makes in FOLDER one tar (or parquet file) of that size, runs KALE over it, prints one line and
deletes what it made. Every picture is the same small JPEG made large with noise that no file system
compresses; decoding it costs little, so that reading is what is measured.
"""
import argparse
import base64
import io
import json
import pathlib
import random
import resource
import shutil
import subprocess
import tarfile

PICTURE_BYTES = 200_000
NOISE_BYTES = 64_000  # of one comment segment, which holds at most 65,533
# 64 x 64 px, a grey slope.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVG"
    "ZIhlbXd7gYKBTmCNl4x9lnN+gXz/wAALCABAAEABAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QA"
    "tRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0"
    "NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2"
    "t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AORRanRamRanRamRamRanRam"
    "Ra5lFqZFqdFqZFqZFqdFqZFqdFrmEWp0WpkWpkWp0WpkWp0WpkWuZRamRamRanRamRanRamRamRa5lFqZFqdFqZFqdFqZ"
    "FqZFqdFrmEWp0WpkWpkWp0WpkWp0WpkWuZRamRanRamRamRanRamRanRa5hFqdFqZFqZFqdFqZFqdFqZFr/2Q==")


class Pictures:
    def __init__(self):
        self.noise = random.Random(1).randbytes(16 << 20)
        self.place = random.Random(2)

    def next(self):
        picture = [JPEG[:2]]
        for _ in range(PICTURE_BYTES // NOISE_BYTES):
            at = self.place.randrange(len(self.noise) - NOISE_BYTES)
            picture += [b"\xff\xfe", (NOISE_BYTES + 2).to_bytes(2, "big"),
                        self.noise[at:at + NOISE_BYTES]]
        return b"".join(picture + [JPEG[2:]])


def make_tar(path, size):
    pictures = Pictures()
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        rows = 0
        while tar.offset < size:
            for field, content in (("jpg", pictures.next()), ("txt", b"A grey slope."),
                                   ("json", json.dumps({"number": rows}).encode())):
                member = tarfile.TarInfo(f"{rows:09}.{field}")
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
            rows += 1
    return rows


def make_parquet(path, size):
    import pyarrow
    import pyarrow.parquet
    pictures = Pictures()
    schema = pyarrow.schema([("image", pyarrow.binary()), ("caption", pyarrow.string())])
    group = 100
    groups = max(1, size // (group * PICTURE_BYTES))
    with pyarrow.parquet.ParquetWriter(path, schema, use_dictionary=False,
                                       write_statistics=False) as writer:
        for _ in range(groups):
            writer.write_table(pyarrow.table(
                [[pictures.next() for _ in range(group)], ["A grey slope."] * group], schema))
    return groups * group


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kale")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--gigabytes", type=float, default=4)
    parser.add_argument("--kind", choices=("tar", "parquet"), default="tar")
    given = parser.parse_args()
    work = given.folder / "flat_memory"
    work.mkdir(parents=True)
    try:
        path = work / f"input.{given.kind}"
        make = make_tar if given.kind == "tar" else make_parquet
        rows = make(path, int(given.gigabytes * 1e9))
        recipe = work / "recipe.yaml"
        source = {"tar": "webdataset", "parquet": "table"}[given.kind]
        recipe.write_text(f"name: flat_memory\nsource: {{kind: {source}, path: {path.resolve()}}}\n"
                          "steps: [decode]\n")
        subprocess.run([given.kale, "run", str(recipe), "--out", str(work / "out")], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        metrics = json.loads((work / "out/state/metrics.json").read_text())
        print(f"{given.kind} of {path.stat().st_size / 1e9:.2f} GB, {rows} rows, "
              f"{metrics['kept']} kept: peak {peak:.0f} MiB, "
              f"{rows / metrics['seconds']:.0f} rows/s")
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
