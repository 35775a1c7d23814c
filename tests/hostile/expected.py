"""What must become of the input of make_hostile.py."""
KEPT = "kept"
# Of formats that decode may or may not know.
UNKNOWN = ("not_an_image", "too_many_pixels", "broken_image")

# Path of a picture, or the beginning of several that ends in *: kept, or every reason that is
# right. The first that fits counts.
FATES = {
    "png_whole.png": KEPT,
    "png_cut_00.png": "not_an_image",
    "png_cut_01.png": "not_an_image",
    "png_cut_07.png": "not_an_image",
    "png_cut_*": "broken_image",
    "png_lost_*": "broken_image",
    "jpeg_whole.jpg": KEPT,
    "jpeg_cut_00.jpg": "not_an_image",
    "jpeg_cut_01.jpg": "not_an_image",
    "jpeg_cut_*": "broken_image",
    "jpeg_lost_*": "broken_image",
    "header_png_50000.png": "too_many_pixels",
    "header_png_2147483647.png": "too_many_pixels",
    "header_png_2147483648.png": "broken_image",
    "header_png_4294967295.png": "broken_image",
    "header_png_0.png": "broken_image",
    "header_png_no_lines.png": "broken_image",
    "header_jpeg_50000.jpg": "too_many_pixels",
    "header_jpeg_65535.jpg": "too_many_pixels",
    "header_jpeg_0.jpg": "broken_image",
    "header_bmp_2147483647.bmp": "not_an_image",
    "header_*": UNKNOWN,
    "wrong_ending_png_as.jpg": KEPT,
    "wrong_ending_jpeg_as.png": KEPT,
    "wrong_ending_text_as.png": "not_an_image",
    "wrong_ending_zip_as.png": "not_an_image",
    "wrong_ending_gif_as.png": UNKNOWN,
    "size_1x1.png": "too_small",
    "size_5000x1.png": "too_small",
    "size_5000x16.png": KEPT,
    "size_6000x6000_bilevel.png": KEPT,
    "interlaced_5000x5000.png": "too_many_pixels",
    "cmyk.jpg": KEPT,
    "grey.jpg": KEPT,
    "profile_bomb.png": (KEPT, "broken_image"),
    "scans_100.jpg": KEPT,
    "scans_2000.jpg": "not_an_image",
    "bad_checksum.png": "broken_image",
    "bad_data.png": "broken_image",
    "svg_huge.svg": "too_many_pixels",
    "svg_cut.svg": "broken_image",
    "svg_*": "unsafe_svg",
    "alt_latin1.png": "not_utf8",
    "alt_utf16.png": "not_utf8",
    "alt_surrogate.png": "not_utf8",
    "alt_cut_utf8.png": "not_utf8",
    "alt_nul.png": "control_chars",
    "alt_escape.png": "control_chars",
    "alt_override.png": "control_chars",
    "alt_isolate.png": "control_chars",
    "alt_empty.png": "empty_alt_text",
    "alt_blank.png": "empty_alt_text",
    "alt_over_1mb.png": "too_many_bytes",
    "alt_1mb.png": KEPT,
    "alt_one_word_1mb.png": KEPT,
    "alt_right_to_left.png": KEPT,
    "alt_marks_2000.png": KEPT,
    "alt_injection.png": KEPT,
    "alt_token_*": KEPT,
    "name_%FF%FE.png": "not_utf8",
    "name_%ED%A0%80.png": "not_utf8",
    "name\ttab.png": KEPT,
    "name\nnewline.png": KEPT,
    "name *": KEPT,
    "name'*": KEPT,
    "-name-like-an-option.png": KEPT,
    "n" * 251 + ".png": KEPT,
    "deep/*": KEPT,
    "text_is_missing.png": "no_alt_text",
    "text_is_*": "kIo",
    "link_inside.png": KEPT,
    "link_inside_target.png": KEPT,
}
# Links out of the folder, to devices, in loops and to nowhere; pipes.
NEVER_LISTED = ("link_out", "link_absolute", "link_device", "link_to_itself", "link_up",
                "link_loop", "link_nowhere", "pipe")

# Of each tar, what becomes of its samples, in order: the name behind the tar's (a sample without a
# picture has its key; "" is the tar itself, from its damage on).
TARS = {
    "good.tar": {"a.png": KEPT, "b.png": KEPT},
    "absolute.tar": {"tmp/kale_hostile_extracted/a.png": KEPT, "b.png": KEPT},
    "dotdot.tar": {"%2E%2E/%2E%2E/kale_hostile_extracted/a.png": KEPT,
                   "b/%2E%2E/%2E%2E/%2E%2E/c.png": KEPT, "d.png": KEPT},
    "cut_in_member.tar": {"a.png": "kCorrupt"},
    "cut_in_header.tar": {"a.png": "no_alt_text", "": "kCorrupt"},
    # Without some of its last zeros, which tell nothing.
    "cut_before_end.tar": {"a.png": KEPT, "b.png": KEPT},
    "empty.tar": {"": "kCorrupt"},
    "zeros.tar": {},
    "not_a_tar.tar": {"": "kCorrupt"},
    "repeated_field.tar": {"a.png": "kCorrupt"},
    # Members of a sample stand together; what comes later is another sample.
    "out_of_order.tar": {"a.png": "no_alt_text", "b.png": KEPT, "a": "no_image"},
    "only_text.tar": {"a": "no_image"},
    "only_picture.tar": {"a.png": "no_alt_text"},
    "broken_json.tar": {"a.png": "kCorrupt"},
    "deep_json.tar": {"a.png": "kCorrupt"},
    # Links and devices are no pictures, whatever their names.
    "links.tar": {"a": "no_image", "b": "no_image", "c": "no_image", "d": "no_image",
                  "e.png": KEPT},
    "odd_names.tar": {"tab%09.png": KEPT, "new%0Aline.png": KEPT, "%FF%FE.png": KEPT,
                      "n" * 300 + ".png": KEPT, "x/" * 200 + "y.png": KEPT,
                      "%E2%80%AEx.png": KEPT},
    "bad_checksum.tar": {"": "kCorrupt"},
    "huge_size.tar": {"a.png": "kCorrupt"},
    "negative_size.tar": {"": "kCorrupt"},
    "many_fields.tar": {"a": "kLimit", "b.png": KEPT},
    "nested.tar": {"a": "no_image", "b.png": KEPT},
    "good.tar.gz": {"a.png": KEPT, "b.png": KEPT},
    "cut.tar.gz": {"": "kCorrupt"},
    # The checksum stands behind the tar's end, where nobody reads.
    "bad_crc.tar.gz": {"a.png": KEPT, "b.png": KEPT},
    "bomb.tar.gz": {"a.png": "too_many_bytes", "b.png": KEPT},
}

# Of each table, what becomes of its records, in order. A file that cannot be read at all is one.
TABLES = {
    "jsonl/good.jsonl": [KEPT],
    "jsonl/broken_lines.jsonl": [KEPT] + ["kCorrupt"] * 7 + [KEPT],
    "jsonl/base64.jsonl": ["kNotFound", "too_many_bytes"],  # text is a path
    "jsonl/no_newline.jsonl": [KEPT, KEPT],
    "jsonl/repeated_key.jsonl": ["no_image"],
    # 3, null, true, [], {}, [1], 1e308: what is no list or map is taken for text.
    "jsonl/wrong_types.jsonl": ["kNotFound", "no_alt_text", "kNotFound", "kCorrupt", "kCorrupt",
                                "kCorrupt", "kNotFound"],
    "jsonl/deep.jsonl": ["kCorrupt", KEPT],
    "jsonl/long_line.jsonl": ["kCorrupt", KEPT],
    "jsonl/numbers.jsonl": ["kCorrupt"],
    "jsonl/latin1.jsonl": ["kCorrupt"],
    "jsonl/nul.jsonl": ["kCorrupt", "control_chars", "kCorrupt"],
    "jsonl/surrogate.jsonl": ["kCorrupt"],
    "jsonl/paths.jsonl": ["kIo", "kIo", "kIo", "no_image", "not_utf8", "too_many_bytes"],
    "jsonl/many_keys.jsonl": [KEPT] * 10,
    "jsonl/empty.jsonl": [],
    "jsonl/cut.jsonl.gz": [KEPT, "kCorrupt"],
    "jsonl/bomb.jsonl.gz": [KEPT, "kCorrupt"],
    "jsonl/not_packed.jsonl.gz": [KEPT],
    "csv/good.csv": [KEPT],
    "csv/unclosed_quote.csv": [KEPT, "kCorrupt"],
    "csv/ragged.csv": ["no_alt_text", "kCorrupt", "no_alt_text", KEPT],
    "csv/quotes.csv": [KEPT, "kCorrupt", "empty_alt_text"],
    "csv/no_header.csv": ["no_alt_text"],
    "csv/repeated_column.csv": ["kCorrupt"],
    "csv/long_field.csv": ["kCorrupt", KEPT],
    "csv/nul.csv": ["control_chars", "not_utf8"],
    "csv/many_columns.csv": ["kCorrupt"],
    "csv/only_header.csv": [],
    "csv/bom.csv": [KEPT],
    "csv/carriage_returns.csv": ["kCorrupt"],
    "csv/latin1.csv": ["not_utf8"],
    "parquet/good.parquet": [KEPT] * 3,
    "parquet/cut.parquet": ["kCorrupt"],
    "parquet/cut_footer.parquet": ["kCorrupt"],
    "parquet/no_footer.parquet": ["kCorrupt"],
    "parquet/huge_footer.parquet": ["kCorrupt"],
    "parquet/flipped.parquet": ["broken_image"] * 3,
    "parquet/not_parquet.parquet": ["kCorrupt"],
    "parquet/empty.parquet": ["kCorrupt"],
    "parquet/no_rows.parquet": [],
    "parquet/wrong_types.parquet": ["kCorrupt", "kCorrupt"],
    "parquet/nulls.parquet": ["no_alt_text", "no_image"],
    "parquet/nested.parquet": [KEPT],
    "parquet/no_alt_text.parquet": ["no_alt_text"],
    "parquet/repeated_uid.parquet": [KEPT, KEPT],
    "parquet/many_columns.parquet": ["kLimit"],
    "parquet/our_columns.parquet": [KEPT],
}

# Of each recipe, what the message must say.
RECIPES = {
    "unknown_key.yaml": "unknown key 'sauce' (did you mean 'source'?)",
    "unknown_option.yaml": "unknown option run.coars (did you mean 'cores'?)",
    "long_key.yaml": "long_key.yaml",
    "long_step.yaml": "unknown step 'kkkk",
    "laughs.yaml": "laughs.yaml: holds more than 100000 values",
    "circle.yaml": "circle.yaml: an alias stands inside the value that it names",
    "deep_flow.yaml": "deep_flow.yaml: nests deeper than 32 levels",
    "deep_block.yaml": "deep_block.yaml: nests deeper than 32 levels",
    "many.yaml": "many.yaml: holds more than 100000 values",
    "huge.yaml": "huge.yaml is larger than its limit of 1048576 bytes",
    "binary.yaml": "binary.yaml must be a map",
    "not_a_map.yaml": "not_a_map.yaml must be a map",
    "unclosed.yaml": "unclosed.yaml: 'steps' must be a list of steps",
    "wrong_types.yaml": "wrong_types.yaml: 'steps' must be a list of steps",
    "number.yaml": "run.cores must be a whole number",
    "not_a_number.yaml": "run.memory_mb must be a whole number",
    "no_steps.yaml": "no_steps.yaml: 'steps' must be a list of steps",
    "tab.yaml": "tab.yaml: yaml-cpp: error at line 4",
}


def entry_of(path):
    """The key of FATES that a path falls under, or None."""
    for key in FATES:
        if path == key or (key.endswith("*") and path.startswith(key[:-1])):
            return key
    return None


def is_right(path, fate):
    entry = entry_of(path)
    if entry is None:
        return False
    wanted = FATES[entry] if isinstance(FATES[entry], tuple) else (FATES[entry],)
    return fate in wanted
