"""Tars and tables that mean harm. pyarrow is needed for parquet only."""
import base64
import csv
import gzip
import io
import json
import tarfile

import encoders as e

GOOD = ("A penguin in Chile.", e.png())
PICTURE = "pictures/a.png"  # that one, beside the tables of text
# Where a careless reader of the tars would put what they hold.
EXTRACTED = "kale_hostile_extracted"


def tar(members, form=tarfile.GNU_FORMAT):
    """`members` are (name, bytes) or (name, type, link name)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, *what in members:
            info = tarfile.TarInfo(name)
            if len(what) == 1:
                info.size = len(what[0])
                archive.addfile(info, io.BytesIO(what[0]))
            else:
                info.type, info.linkname = what
                archive.addfile(info)
    return out.getvalue()


def pair(stem, ending="png"):
    return [(f"{stem}.{ending}", GOOD[1]), (f"{stem}.txt", GOOD[0].encode())]


def tars():
    whole = tar(pair("a") + pair("b"))
    yield "good.tar", whole
    yield "absolute.tar", tar(pair(f"/tmp/{EXTRACTED}/a") + pair("b"))
    yield "dotdot.tar", tar(pair(f"../../{EXTRACTED}/a") + pair("b/../../../c") + pair("d"))
    yield "cut_in_member.tar", whole[:512 + 40]
    yield "cut_in_header.tar", whole[:2 * 512 + 100]
    yield "cut_before_end.tar", whole[:-1024 * 5]
    yield "empty.tar", b""
    yield "zeros.tar", b"\0" * 10_240
    yield "not_a_tar.tar", b"no tar at all\n" * 100
    yield "repeated_field.tar", tar([*pair("a"), ("a.txt", b"A second text.")])
    yield "out_of_order.tar", tar([("a.png", GOOD[1]), *pair("b"), ("a.txt", b"Late.")])
    yield "only_text.tar", tar([("a.txt", b"No picture.")])
    yield "only_picture.tar", tar([("a.png", GOOD[1])])
    yield "broken_json.tar", tar([("a.png", GOOD[1]), ("a.json", b'{"caption": "cut')])
    yield "deep_json.tar", tar([("a.png", GOOD[1]), ("a.json", b"[" * 100_000)])
    yield "links.tar", tar([("a.png", tarfile.SYMTYPE, "/etc/passwd"), ("a.txt", b"A link."),
                            ("b.png", tarfile.LNKTYPE, "a.png"), ("b.txt", b"A hard link."),
                            ("c.png", tarfile.CHRTYPE, ""), ("c.txt", b"A device."),
                            ("d.png", tarfile.FIFOTYPE, ""), ("d.txt", b"A pipe."), *pair("e")])
    yield "odd_names.tar", tar(pair("tab\t") + pair("new\nline") + pair("\udcff\udcfe")
                               + pair("n" * 300) + pair("x/" * 200 + "y") + pair("\u202ex")
                               + [("", b""), (".", b""), (".png", GOOD[1]), (".txt", b"x")])
    yield "bad_checksum.tar", whole[:148] + b"777777\0 " + whole[156:]
    yield "huge_size.tar", _with_size(whole, 2**62)
    yield "negative_size.tar", _with_size(whole, -1)
    yield "many_fields.tar", tar([(f"a.f{i}", b"x") for i in range(5000)] + pair("b"))
    yield "nested.tar", tar([("a.tar", whole), *pair("b")])
    packed = gzip.compress(whole, mtime=0)
    yield "good.tar.gz", packed
    yield "cut.tar.gz", packed[:len(packed) // 2]
    yield "bad_crc.tar.gz", packed[:-8] + b"\0" * 8
    zeros = tar([("a.png", b"\0" * (48 << 20)), ("a.txt", b"Zeros.")] + pair("b"))
    yield "bomb.tar.gz", gzip.compress(zeros, mtime=0)


def _with_size(whole, size):
    """The first member's header says it is so large, in the binary form."""
    raw = size.to_bytes(12, "big", signed=True)
    raw = bytes((raw[0] | 0x80,)) + raw[1:]
    header = bytearray(whole[:512])
    header[124:136] = raw
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + whole[512:]


def make_tars(folder):
    folder.mkdir()
    for name, data in tars():
        (folder / name).write_bytes(data)


def jsonl():
    good = json.dumps({"url": "http://192.0.2.1/a.png", "alt_text": GOOD[0], "image": PICTURE})
    yield "good.jsonl", good + "\n"
    yield "broken_lines.jsonl", "\n".join([good, "{", '{"alt_text": }', "[]", "3", "null", '"x"',
                                           "", good[:40], good]) + "\n"
    yield "base64.jsonl", "\n".join(json.dumps({"alt_text": GOOD[0],
                                                "image": base64.b64encode(image).decode()})
                                    for image in (GOOD[1], b"\0" * 6000)) + "\n"
    yield "no_newline.jsonl", good + "\n" + good
    yield "repeated_key.jsonl", '{"alt_text": "one", "alt_text": "two", "url": "x"}\n'
    yield "wrong_types.jsonl", "\n".join(json.dumps({"alt_text": value, "image": value})
                                         for value in (3, None, True, [], {}, [1], 1e308)) + "\n"
    yield "deep.jsonl", '{"alt_text": ' + "[" * 100_000 + "]" * 100_000 + "}\n" + good + "\n"
    yield "long_line.jsonl", '{"alt_text": "' + "x" * (8 << 20) + '"}\n' + good + "\n"
    yield "numbers.jsonl", '{"alt_text": "n", "a": 1e999, "b": -0, "c": ' + "9" * 400 + "}\n"
    yield "latin1.jsonl", b'{"alt_text": "caf\xe9"}\n'
    yield "nul.jsonl", b'{"alt_text": "a\0b"}\n{"alt_text": "a\\u0000b"}\n\0\0\0\n'
    yield "surrogate.jsonl", '{"alt_text": "a\\ud800b"}\n'
    yield "paths.jsonl", "\n".join(json.dumps({"path": path, "alt_text": GOOD[0]}) for path in (
        "../../outside/secret.png", "/etc/passwd", "a/../../../b.png", "", "\0", "x" * 5000)) + "\n"
    yield "many_keys.jsonl", "\n".join(
        json.dumps({"alt_text": GOOD[0], "image": PICTURE}
                   | {f"k{line}_{i}": i for i in range(1000)}) for line in range(10)) + "\n"
    yield "empty.jsonl", ""
    packed = gzip.compress(good.encode() + b"\n" + bytes(range(32, 127)) * 99, mtime=0)
    yield "cut.jsonl.gz", packed[:-20]
    yield "bomb.jsonl.gz", gzip.compress(good.encode() + b"\n" + b"x" * (32 << 20), mtime=0)
    yield "not_packed.jsonl.gz", good + "\n"


def csvs():
    good = io.StringIO()
    writer = csv.writer(good)
    writer.writerow(["path", "alt_text"])
    writer.writerow([PICTURE, GOOD[0]])
    yield "good.csv", good.getvalue()
    yield "unclosed_quote.csv", (f'path,alt_text\n{PICTURE},a\nx,"never closed\n'
                                  + "y,z\n" * 1000)
    yield "ragged.csv", f"path,alt_text\nx\nx,y,z\n,\n\n{PICTURE},y\n"
    yield "quotes.csv", f'path,alt_text\n{PICTURE},a"b"c\nx,"a"b\n"x""","\n"\n'
    yield "no_header.csv", "x,y\nx,y\n"
    yield "repeated_column.csv", "alt_text,alt_text,path\na,b,c\n"
    yield "long_field.csv", 'path,alt_text\nx,"' + "y" * (8 << 20) + f'"\n{PICTURE},y\n'
    yield "nul.csv", b"path,alt_text\nx,a\0b\n\0,\n"
    yield "many_columns.csv", ",".join(f"c{i}" for i in range(20_000)) + "\n" + "," * 19_999 + "\n"
    yield "only_header.csv", "path,alt_text\n"
    yield "bom.csv", f"\ufeffpath,alt_text\n{PICTURE},y\n"
    yield "carriage_returns.csv", b"path,alt_text\rx,y\rx,y\r"
    yield "latin1.csv", b"path,alt_text\nx,caf\xe9\n"


def parquets():
    import pyarrow as pa
    import pyarrow.parquet as pq

    def written(columns):
        out = io.BytesIO()
        pq.write_table(pa.table(columns), out, compression="zstd")
        return out.getvalue()

    good = written({"alt_text": [GOOD[0]] * 3, "image": [GOOD[1]] * 3, "uid": ["a", "b", "c"]})
    yield "good.parquet", good
    yield "cut.parquet", good[:len(good) // 2]
    yield "cut_footer.parquet", good[:-6]
    yield "no_footer.parquet", good[:60]
    yield "huge_footer.parquet", good[:-8] + b"\xff\xff\xff\x7f" + b"PAR1"
    yield "flipped.parquet", good[:200] + bytes(byte ^ 0x55 for byte in good[200:240]) + good[240:]
    yield "not_parquet.parquet", b"PAR1" + b"no" * 50 + b"PAR1"
    yield "empty.parquet", b""
    yield "no_rows.parquet", written({"alt_text": pa.array([], pa.string()),
                                      "image": pa.array([], pa.binary())})
    yield "wrong_types.parquet", written({"alt_text": [1, 2], "image": [1.5, 2.5]})
    yield "nulls.parquet", written({"alt_text": pa.array([None, "x"], pa.string()),
                                    "image": pa.array([GOOD[1], None], pa.binary())})
    yield "nested.parquet", written({"alt_text": ["x"],
                                     "image": [{"bytes": GOOD[1], "path": "../a"}],
                                     "other": [[[{"a": [1]}]]]})
    yield "no_alt_text.parquet", written({"image": [GOOD[1]]})
    yield "repeated_uid.parquet", written({"alt_text": ["x", "y"], "image": [GOOD[1]] * 2,
                                           "uid": ["same", "same"]})
    yield "many_columns.parquet", written({"alt_text": ["x"]} | {f"c{i}": [i] for i in range(3000)})
    yield "our_columns.parquet", written({"alt_text": ["x"], "image": [GOOD[1]], "caption": ["old"],
                                          "ordinal": [5], "fate": ["kept"], "provenance": ["{}"]})


def make_tables(folder):
    for kind, made in (("jsonl", jsonl()), ("csv", csvs()), ("parquet", parquets())):
        (folder / kind).mkdir(parents=True)
        for name, data in made:
            data = data if isinstance(data, bytes) else data.encode()
            (folder / kind / name).write_bytes(data)
    for kind in ("jsonl", "csv"):
        picture = folder / kind / PICTURE
        picture.parent.mkdir()
        picture.write_bytes(GOOD[1])
