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
    "scans_2000.jpg": (KEPT, "broken_image"),
    "bad_checksum.png": "broken_image",
    "bad_data.png": "broken_image",
    "svg_huge.svg": ("too_small", "too_many_pixels", "unsafe_svg"),
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


def is_right(path, fate, reason):
    entry = entry_of(path)
    if entry is None:
        return False
    wanted = FATES[entry] if isinstance(FATES[entry], tuple) else (FATES[entry],)
    return (KEPT if fate == "kept" else reason) in wanted
