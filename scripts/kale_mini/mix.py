#!/usr/bin/env python3
"""Mixes two students of one beginning: the weighted mean of their weights, in 16 bits.

  python scripts/kale_mini/mix.py STUDENT OTHER SHARE OUT     SHARE (0 to 1) of OTHER

Where OTHER was trained on from STUDENT, what lies between can be better than either (WiSE-FT,
arXiv 2109.01903).
"""

import pathlib
import shutil
import sys

import numpy as np
from safetensors.numpy import load_file, save_file


def mixed(student, other, share):
    first, second = (load_file(folder / "model.safetensors") for folder in (student, other))
    if {name: of.shape for name, of in first.items()} != {name: of.shape
                                                          for name, of in second.items()}:
        raise SystemExit(f"{student} and {other} have weights of other names or shapes; name two "
                         "of one beginning")
    return {name: ((1 - share) * of + share * second[name]).astype(np.float16)
            for name, of in first.items()}


def main():
    if len(sys.argv) != 5 or not 0 <= float(sys.argv[3]) <= 1:
        raise SystemExit(__doc__)
    student, other, out = (pathlib.Path(sys.argv[word]) for word in (1, 2, 4))
    weights = mixed(student, other, float(sys.argv[3]))
    if not all(np.isfinite(values).all() for values in weights.values()):
        raise SystemExit(f"{student}, {other}: a weight is beyond 16 bits")
    out.mkdir(parents=True, exist_ok=True)
    for file in student.iterdir():
        if file.suffix in (".json", ".jinja"):
            shutil.copy(file, out)
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    (out / "model.safetensors").chmod(0o644)


if __name__ == "__main__":
    main()
