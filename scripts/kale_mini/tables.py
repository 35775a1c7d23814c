"""What the programs here share: their command line, tables of the world, tables of pairs."""

import argparse
import concurrent.futures
import csv
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

WORLD = pathlib.Path(__file__).resolve().parents[2] / "kale/world"
ROW_GROUP = 200
SCHEMA = pa.schema([("key", pa.string()), ("image", pa.binary()), ("alt_text", pa.string()),
                    ("caption", pa.string())])


def parser(doc):
    """Of a program that makes the folder OUT of a world."""
    made = argparse.ArgumentParser(description=doc,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("world", type=pathlib.Path, help="a folder of kale world make")
    made.add_argument("out", type=pathlib.Path, help="made where it is missing")
    return made


def tsv(name):
    """The rows of a table of kale/world."""
    with (WORLD / name).open(encoding="utf-8") as lines:
        rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t")
        return [row for row in rows if row]


def shards(world):
    files = sorted(world.glob("parquet/*.parquet"))
    if not files:
        raise SystemExit(f"no parquet in {world}; kale world make makes it")
    return files


def write_each(arguments, write_shard, *more):
    """The sum of write_shard(shard, arguments.out, *more) over a world's shards, on all cores."""
    arguments.out.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ProcessPoolExecutor() as pool:
        written = [pool.submit(write_shard, shard, arguments.out, *more)
                   for shard in shards(arguments.world)]
        return sum(rows.result() for rows in written)


def write(path, schema, rows):
    """Returns how many there were; of none there is no file."""
    columns = list(zip(*rows))
    if not columns:
        return 0
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema)]
    pq.write_table(pa.table(arrays, schema), path, row_group_size=ROW_GROUP)
    return len(columns[0])
