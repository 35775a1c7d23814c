"""Each step alone: seconds, rows/s, and what the demo costs.

Usage:  bench/steps.py KALE RECIPE OUT [ROWS]

Grows a recipe step by step in OUT. A run with one step more redoes nothing before it, except that
see and read need the pixels again; their rows show decode's share taken off. Nothing else should
run on the machine. Prints a Markdown table.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import time

STEPS = ["decode", "see", "read", "describe", "fuse", "clean"]


def run(kale, recipe, out, steps, rows):
    begun = time.monotonic()
    subprocess.run([kale, "run", recipe, "--out", out, "--set", f"steps=[{', '.join(steps)}]",
                    "--set", f"source.limit={rows}"], check=True, stderr=subprocess.DEVNULL)
    whole = time.monotonic() - begun
    metrics = json.loads((pathlib.Path(out) / "state/metrics.json").read_text())
    return metrics["seconds"], whole, {step["step"]: step for step in metrics["steps"]}


def main():
    kale, recipe, out = sys.argv[1:4]
    rows = int(sys.argv[4]) if len(sys.argv) > 4 else 60
    shutil.rmtree(out, ignore_errors=True)
    decode_seconds = 0
    print(f"{rows} rows\n\n| step alone | seconds | rows/s | requests | new tokens |")
    print("| --- | --- | --- | --- | --- |")
    for i, step in enumerate(STEPS):
        seconds, _, counted = run(kale, recipe, out, STEPS[:i + 1], rows)
        if step == "decode":
            decode_seconds = seconds
        elif step == "clean":  # a redo of clean starts at fuse, so its own time is what counts
            seconds = counted[step]["seconds_inside"]
        elif counted["decode"]["calls"]:
            seconds = max(seconds - decode_seconds, 0)
        calls = counted[step]["calls"]
        print(f"| {step} | {seconds:.2f} | {calls / max(seconds, 1e-6):.1f} "
              f"| {counted[step]['requests']} | {counted[step]['new_tokens']} |", flush=True)
    shutil.rmtree(out)
    seconds, whole, _ = run(kale, recipe, out, STEPS, rows)
    print(f"| all, pipelined | {seconds:.2f} | {rows / seconds:.2f} | | |")
    _, again, _ = run(kale, recipe, out, STEPS, rows)
    print(f"\nStart to end {whole:.1f} s; a second run with nothing to do {again:.2f} s.")


if __name__ == "__main__":
    main()
