#!/usr/bin/env python3
"""Writes the drawings of an iconify set that kale/world/parts/parts.tsv names, one SVG each.

  python3 scripts/unpack_icons.py ICONS_JSON SET OUT
"""

import json
import pathlib
import sys

PARTS = pathlib.Path(__file__).resolve().parents[1] / "kale/world/parts/parts.tsv"
SVG = ('<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
       'width="{width}" height="{height}" viewBox="{left} {top} {width} {height}">{body}</svg>\n')


def names(prefix):
    with PARTS.open(encoding="utf-8") as lines:
        parts = [line.split("\t")[0] for line in lines]
    return [part.removeprefix(prefix) for part in parts if part.startswith(prefix)]


def main():
    icons, prefix, out = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    table = json.loads(icons.read_text(encoding="utf-8"))
    shape = {"left": 0, "top": 0, "width": table.get("width", 16)}
    shape["height"] = table.get("height", shape["width"])
    out.mkdir(parents=True, exist_ok=True)
    wanted = names(f"{prefix}/")
    for name in wanted:
        drawing = SVG.format(**(shape | table["icons"][name]))
        (out / f"{name}.svg").write_text(drawing, encoding="utf-8")
    print(f"setup_world: {prefix}, {len(wanted)} pictures")


if len(sys.argv) != 4:
    raise SystemExit(__doc__)
main()
