"""Sources and sinks against webdataset and datasets: rows/s over the same files on the same cores.

Usage:  bench/io.py KALE SOURCE_BENCH FOLDER [ROWS]

Needs `pip install -r requirements-bench.txt`. Writes ROWS (8000) made-up pictures of about 45 kB (a
small JPEG and noise in a comment) under FOLDER as a tar, as parquet with `Image` structs, and as
files with a csv and a jsonl table; everything is in the page cache before it is measured. The limit
beside each figure is what the same bytes cost without any format: read once in 1 MiB pieces, or
written once and synced. Every figure is the median of 5. Nothing else should run on the machine.
Prints Markdown.
"""
import csv
import io
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tarfile
import time

from flat_memory import JPEG

ROUNDS = 5
ROWS_A_TAR = 2_000
PIECE = 1 << 20


def make_rows(count):
    rng = random.Random(1)
    for i in range(count):
        noise = rng.randbytes(30_000 + rng.randrange(30_000))
        comment = b"\xff\xfe" + (len(noise) + 2).to_bytes(2, "big") + noise
        picture = JPEG[:2] + comment + JPEG[2:]
        yield f"{i:09}", picture, f"A Magellanic penguin number {i} in Punta Arenas."


def make_input(folder, count):
    import pyarrow as pa
    import pyarrow.parquet as pq
    for name in ("tar", "parquet", "files"):
        (folder / name).mkdir(parents=True)
    tar = writer = None
    table, group = [], []
    image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    schema = pa.schema([("image", image), ("text", pa.string())])
    for i, (key, picture, text) in enumerate(make_rows(count)):
        if i % ROWS_A_TAR == 0:
            shard = f"{i // ROWS_A_TAR:05}"
            tar = tarfile.open(folder / f"tar/{shard}.tar", "w", format=tarfile.USTAR_FORMAT)
            writer = pq.ParquetWriter(folder / f"parquet/{shard}.parquet", schema)
        for ending, data in (("jpg", picture), ("txt", text.encode())):
            member = tarfile.TarInfo(f"{key}.{ending}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
        group.append({"image": {"bytes": picture, "path": f"{key}.jpg"}, "text": text})
        (folder / f"files/{key}.jpg").write_bytes(picture)
        table.append({"path": f"{key}.jpg", "text": text})
        last = i + 1 == count or (i + 1) % ROWS_A_TAR == 0
        if len(group) == 100 or last:
            writer.write_table(pa.Table.from_pylist(group, schema))
            group = []
        if last:
            tar.close()
            writer.close()
    with open(folder / "files/table.csv", "w", newline="") as file:
        rows = csv.DictWriter(file, ["path", "text"])
        rows.writeheader()
        rows.writerows(table)
    (folder / "files/table.jsonl").write_text("".join(json.dumps(row) + "\n" for row in table))


def median(measure):
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        measure()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


def read_plainly(files):
    buffer = bytearray(PIECE)
    for path in files:
        with open(path, "rb", buffering=0) as file:
            while file.readinto(buffer):
                pass


def kale_source(bench, folder, kind, path, images):
    recipe = folder / f"{kind}.yaml"
    recipe.write_text(f"source: {{kind: {kind}, path: {path}}}\nsteps: [decode]\n"
                      "run: {shard_rows: 1000}\n")
    state = folder / "state"
    shutil.rmtree(state, ignore_errors=True)
    done = subprocess.run([bench, recipe, "--state", state, "--rounds", str(ROUNDS), "--images",
                           "true" if images else "false"],
                          check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    assert told["rejected"] == 0, told
    return told


def read_webdataset(files):
    import webdataset as wds
    rows = 0
    for sample in wds.WebDataset([str(file) for file in files], shardshuffle=False):
        rows += len(sample["jpg"]) > 0 and len(sample["txt"]) > 0
    return rows


def read_datasets(kind, files, image_column):
    import datasets
    rows = datasets.load_dataset(kind, data_files=[str(file) for file in files], split="train",
                                 streaming=True)
    if image_column:
        rows = rows.cast_column(image_column, datasets.Image(decode=False))
    return sum(1 for _ in rows)


def line(what, who, rows, seconds, limit):
    print(f"| {what} | {who} | {rows / seconds:,.0f} | {limit / seconds:.2f} |", flush=True)


def bench_sources(bench, folder, count):
    print(f"| source | by | rows/s | of the limit |\n| --- | --- | --- | --- |")
    tars, parquets = sorted((folder / "tar").iterdir()), sorted((folder / "parquet").iterdir())
    pictures = sorted((folder / "files").glob("*.jpg"))
    csvs, jsonls = [folder / "files/table.csv"], [folder / "files/table.jsonl"]
    cases = [
        ("tar", "webdataset", folder / "tar", True, tars,
         [("webdataset", lambda: read_webdataset(tars)),
          ("datasets, streaming", lambda: read_datasets("webdataset", tars, "jpg"))]),
        ("parquet with pictures", "table", folder / "parquet", True, parquets,
         [("datasets, streaming", lambda: read_datasets("parquet", parquets, "image"))]),
        ("csv with paths, pictures read", "table", csvs[0], True, [*csvs, *pictures], []),
        ("csv, text alone", "table", csvs[0], False, csvs,
         [("datasets, streaming", lambda: read_datasets("csv", csvs, None))]),
        ("jsonl, text alone", "table", jsonls[0], False, jsonls,
         [("datasets, streaming", lambda: read_datasets("json", jsonls, None))]),
    ]
    for what, kind, path, images, files, peers in cases:
        read_plainly(files)
        limit = median(lambda: read_plainly(files))
        told = kale_source(bench, folder, kind, path, images)
        assert told["rows"] == count, told
        line(what, "kale", count, told["median_seconds"], limit)
        for name, read in peers:
            assert read() == count, name
            line(what, name, count, median(read), limit)
        line(what, "the limit: its bytes", count, limit, limit)


SINK_RECIPE = """
source: {{kind: webdataset, path: {tars}}}
engines: {{vlm: {{kind: fake}}}}
steps: [decode, describe, fuse, clean]
describe: {{source: vlm, engine: vlm}}
fuse: {{engine: vlm}}
"""


def write_plainly(files, out):
    with open(out, "wb", buffering=0) as to:
        for path in files:
            with open(path, "rb", buffering=0) as file:
                while piece := file.read(PIECE):
                    to.write(piece)
        os.fsync(to.fileno())


def sync_all(folder):
    for path in pathlib.Path(folder).rglob("*"):
        if path.is_file():
            with open(path, "rb") as file:
                os.fsync(file.fileno())


def write_webdataset(tars, out):
    import webdataset as wds
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    with wds.ShardWriter(str(out / "%05d.tar"), maxsize=5e8, verbose=0) as writer:
        for sample in wds.WebDataset([str(tar) for tar in tars], shardshuffle=False):
            writer.write({name: sample[name] for name in ("__key__", "jpg", "txt")}
                         | {"json": {"caption": sample["txt"].decode()}})
    sync_all(out)


def write_datasets(tars, out):
    import datasets
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    rows = datasets.load_dataset("webdataset", data_files=[str(tar) for tar in tars], split="train",
                                 cache_dir=str(out / "cache"))
    rows.cast_column("jpg", datasets.Image(decode=False)).to_parquet(str(out / "train.parquet"))
    sync_all(out)


def bench_sinks(kale, folder, count):
    print("\n| sink, pictures included | by | rows/s | of the limit |\n| --- | --- | --- | --- |")
    tars = sorted((folder / "tar").iterdir())
    recipe, out = folder / "sink.yaml", folder / "out"
    recipe.write_text(SINK_RECIPE.format(tars=folder / "tar"))
    command = [kale, "run", recipe, "--out", out, "--set", "publish.image_bytes=true"]
    subprocess.run([kale, "run", recipe, "--out", out], check=True, capture_output=True)
    limit = median(lambda: write_plainly(tars, folder / "plain"))
    print(f"| any | the limit: the tars' bytes read and written | {count / limit:,.0f} | 1.00 |")

    def publish(form):
        shutil.rmtree(out / {"parquet": "core"}.get(form, form), ignore_errors=True)
        subprocess.run([*command, "--set", f"publish.formats=[{form}]"], check=True,
                       capture_output=True)

    for form, peer, write in [("webdataset", "webdataset.ShardWriter", write_webdataset),
                              ("parquet", "datasets, load and to_parquet", write_datasets),
                              ("imagefolder", "", None)]:
        line(form, "kale", count, median(lambda: publish(form)), limit)
        if write:
            line(form, peer, count, median(lambda: write(tars, folder / "peer")), limit)


def main():
    kale, bench = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    folder = pathlib.Path(sys.argv[3]).resolve()
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 8000
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HOME"] = str(folder / "cache")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    make_input(folder, count)
    bench_sources(bench, folder, count)
    bench_sinks(kale, folder, count)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
