#!/usr/bin/env python3
"""Copies a student's folder with its weights in 16 bits.

  python scripts/kale_mini/halve.py STUDENT OUT
"""

import pathlib
import shutil
import sys

import numpy as np
from safetensors.numpy import load_file, save_file


def main():
    student, out = map(pathlib.Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    for file in student.iterdir():
        if file.suffix in (".json", ".jinja"):
            shutil.copy(file, out)
    weights = load_file(student / "model.safetensors")
    halves = {name: values.astype(np.float16) for name, values in weights.items()}
    if not all(np.isfinite(values).all() for values in halves.values()):
        raise SystemExit(f"{student}: a weight is beyond 16 bits")
    save_file(halves, out / "model.safetensors", metadata={"format": "pt"})
    (out / "model.safetensors").chmod(0o644)


if len(sys.argv) != 3:
    raise SystemExit(__doc__)
main()
