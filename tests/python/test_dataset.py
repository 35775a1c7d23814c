"""Loads a folder that kale has published, as its users do, and checks what they rely on.

Usage:  .venv/bin/python tests/python/test_dataset.py out/demo

It needs the packages `datasets`, `pyarrow` and `xxhash` (requirements.txt) and no network. It
checks that `datasets.load_dataset(folder)` gives the rows of core/*.parquet, which are those of the
parts that the ledger names and none of its rejects, that columns and their types are those of
docs/formats.md, that no caption is empty, that provenance is JSON naming the version, and that the
files suit the Hub's viewer: a page index on every column, row groups below 286 MiB, `huggingface`
metadata in the schema. Prints one line a check; the exit code is 0 when all hold.
"""

import glob
import json
import os
import sys
import tempfile

TEXTS = ["alt_text", "caption_dense", "fused_by", "caption", "key", "sha256", "licence",
         "attribution", "provenance"]
WHOLES = ["width", "height"]
GROUP_BYTES_MAX = 286 * 2**20
FILES_MAX = 10_000  # entries the Hub takes in one folder


def ledger_shards(folder):
    """The newest record of every shard, in shard order (docs/formats.md, "Ledger")."""
    import xxhash

    with open(os.path.join(folder, "state", "ledger"), "rb") as file:
        version, *lines = file.read().split(b"\n")[:-1]  # a torn last line counts for nothing
    assert version == b"kale ledger 1", f"the ledger's version line is {version}"
    newest = {}
    for line in lines:
        checksum, _, payload = line.partition(b" ")
        if checksum.decode() != xxhash.xxh3_64_hexdigest(payload):
            continue
        record = json.loads(payload)
        known = newest.get(record["shard"])
        if known is None or record["generation"] > known["generation"]:
            newest[record["shard"]] = record
    assert newest, "the ledger names no shard"
    return [newest[shard] for shard in sorted(newest)]


def keys_of(folder, named):
    """Keys of the file that a ledger record names, in its order."""
    import pyarrow.parquet as pq

    path = os.path.join(folder, named["name"])
    keys = pq.read_table(path, columns=["key"]).column("key").to_pylist()
    assert len(keys) == named["rows"], f"{path} has {len(keys)} rows, the ledger {named['rows']}"
    return keys


def check_loads(folder, files):
    """What load_dataset gives is what the published files hold, and no reject is among it."""
    import pyarrow.parquet as pq
    from datasets import load_dataset

    loaded = load_dataset(folder)
    assert list(loaded) == ["train"], f"splits are {list(loaded)}"
    rows = loaded["train"]
    published = pq.ParquetDataset(files).read().column("key").to_pylist() if files else []
    assert rows["key"][:] == published, "load_dataset gives other rows than core/*.parquet holds"
    assert len(set(published)) == len(published), "a key stands twice"
    # Of parts and rejects only those that the ledger names count: others are of older generations.
    shards = ledger_shards(folder)
    kept = [key for shard in shards for key in keys_of(folder, shard["part"])]
    rejected = {key for shard in shards for key in keys_of(folder, shard["rejects"])}
    leaked = rejected & set(published)
    assert not leaked, f"rejected rows are published: {sorted(leaked)[:3]}"
    assert published == kept, "core/ holds other rows than the parts that the ledger names"
    return rows


def check_features(rows):
    """Columns and types are those that are documented."""
    features = rows.features
    for names, dtype in ((TEXTS, "string"), (WHOLES, "int64")):
        for name in names:
            assert name in features, f"no column {name}"
            assert features[name].dtype == dtype, f"{name} is {features[name]}, not {dtype}"
    assert "url" in features or "path" in features, "neither url nor path says where a picture is"


def check_rows(rows):
    """Every row has a caption, and provenance that a program can read."""
    for row in rows:
        assert row["caption"] and row["caption"].strip(), f"{row['key']}: empty caption"
        provenance = json.loads(row["provenance"])
        assert provenance["kale"], f"{row['key']}: provenance names no version"


def check_files(files):
    """The files suit the Hub's viewer."""
    import pyarrow.parquet as pq

    assert 0 < len(files) < FILES_MAX, f"{len(files)} published files"
    for name in files:
        file = pq.ParquetFile(name)
        metadata = json.loads(file.schema_arrow.metadata[b"huggingface"])
        assert set(TEXTS + WHOLES) <= set(metadata["info"]["features"]), f"{name}: {metadata}"
        for i in range(file.metadata.num_row_groups):
            group = file.metadata.row_group(i)
            assert group.total_byte_size < GROUP_BYTES_MAX, f"{name}: row group {i} is too large"
            for c in range(group.num_columns):
                column = group.column(c)
                assert column.has_offset_index, f"{name}: {column.path_in_schema} has no page index"


def check_card(folder):
    """The card tells loaders which files are data."""
    from huggingface_hub import DatasetCard

    card = DatasetCard.load(os.path.join(folder, "README.md"))
    config = card.data.to_dict()["configs"][0]
    assert config["config_name"] == "core" and config["default"] is True, config
    assert config["data_files"] == [{"split": "train", "path": "core/*.parquet"}], config
    assert "image-to-text" in card.data.task_categories, card.data.task_categories


def main(folder):
    with tempfile.TemporaryDirectory() as cache:
        os.environ.update(HF_HOME=cache, HF_HUB_OFFLINE="1", HF_DATASETS_DISABLE_PROGRESS_BARS="1")
        files = sorted(glob.glob(os.path.join(folder, "core", "*.parquet")))
        check_files(files)
        print(f"ok: {len(files)} files with page index, metadata and small row groups")
        check_card(folder)
        print("ok: the card's config core is core/*.parquet")
        rows = check_loads(folder, files)
        print(f"ok: load_dataset gives {len(rows)} rows and no rejects")
        check_features(rows)
        print(f"ok: columns {', '.join(rows.column_names)}")
        check_rows(rows)
        print("ok: every row has a caption and its provenance")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
