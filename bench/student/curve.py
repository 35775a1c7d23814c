#!/usr/bin/env python3
"""A student's worth over its training, and what captioning costs with it and with stage 1.

Usage:  .venv/bin/python bench/student/curve.py --kale PROGRAM --training FOLDER... --world WORLD
            --stage1 RUN --rates STUDENT STAGE1 --out FOLDER

FOLDERs of --training are what `kale train` left, one after the other; each checkpoint of the last
(loop.checkpoints_kept) captions WORLD's scenes. What it tells and invents is drawn over the minutes
that all training had taken by then, beside stage 1's (RUN) as level lines. Beside it stand the
hours that captioning takes, the training among them: STUDENT and STAGE1 are captions a second on
the same cores. Writes OUT/curve.svg, prints Markdown.
"""

import argparse
import json
import math
import pathlib

from measure import Kale, captions

MEASURES = [("facts told", "facts_told", "#1b6ca8"), ("objects invented", "chair_i", "#c0392b"),
            ("true names kept", "names_kept", "#2e8b57")]
PANEL, MARGIN, HIGH = 420, 56, 300
PICTURES = [10 ** power for power in range(3, 9)]


class Panel:
    """A rectangle with axes; x and y are shares of it."""

    def __init__(self, left, title, below):
        self.left = left + MARGIN
        self.parts = [self.text(0.5, 1.08, title, "middle", 13), self.text(0.5, -0.17, below)]
        self.line([(0, 1), (0, 0), (1, 0)], "#444")

    def at(self, x, y):
        return self.left + x * (PANEL - MARGIN), MARGIN + (1 - y) * HIGH

    def text(self, x, y, words, anchor="middle", size=11, colour="#222"):
        left, top = self.at(x, y)
        return (f'<text x="{left:.1f}" y="{top:.1f}" font-size="{size}" text-anchor="{anchor}" '
                f'fill="{colour}">{words}</text>')

    def write(self, *arguments, **options):
        self.parts.append(self.text(*arguments, **options))

    def line(self, points, colour, dashed=False):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (self.at(*point) for point in points))
        dashes = ' stroke-dasharray="5 4"' if dashed else ""
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" '
                          f'stroke-width="2"{dashes}/>')


def quality_panel(student, stage1):
    panel = Panel(0, "what checkpoints of the student tell", "minutes of training")
    last = max(minutes for minutes, _ in student)
    for share in (0, 0.25, 0.5, 0.75, 1):
        panel.write(-0.02, share - 0.01, f"{100 * share:.0f} %", anchor="end")
        panel.write(share, -0.07, f"{share * last:.0f}")
    for row, (name, measure, colour) in enumerate(MEASURES):
        panel.line([(minutes / last, of[measure]["value"]) for minutes, of in student], colour)
        panel.line([(0, stage1[measure]["value"]), (1, stage1[measure]["value"])], colour, True)
        panel.write(0.98, 0.96 - 0.06 * row, f"{name} (dashed: stage 1)", anchor="end",
                    colour=colour)
    return panel.parts


def cost_panel(rates, hours):
    panel = Panel(PANEL + MARGIN, "hours on the same cores", "pictures to caption")

    def share(value, values):
        low, high = math.log10(values[0]), math.log10(values[-1])
        return (math.log10(value) - low) / (high - low)

    spans = [10.0 ** power for power in range(-1, 6)]
    for pictures in PICTURES:
        panel.write(share(pictures, PICTURES), -0.07, f"1e{math.log10(pictures):.0f}")
    for span in spans:
        panel.write(-0.02, share(span, spans) - 0.01, f"{span:g}", anchor="end")
    for row, (name, rate, begun, colour) in enumerate([
            ("the student, its training among it", rates[0], hours, "#1b6ca8"),
            ("stage 1", rates[1], 0, "#c0392b")]):
        line = [(n, begun + n / rate / 3600) for n in PICTURES]
        panel.line([(share(n, PICTURES), share(max(span, spans[0]), spans)) for n, span in line],
                   colour)
        panel.write(0.02, 0.96 - 0.06 * row, name, anchor="start", colour=colour)
    return panel.parts


def minutes_at(training):
    """{step: minutes from the start}, pauses between runs left out."""
    spent, at = 0.0, {}
    for line in (training / "train.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spent += row.get("seconds", 0)
        at[row["step"]] = spent / 60
    return at


def measures(kale, told, out):
    """Of {key: caption}."""
    rows = {key: {"caption": caption} for key, caption in told.items()}
    return kale.evaluate(rows, "caption", out)["columns"][0]["measures"]


def measures_of(kale, checkpoint, out):
    gguf = out / "gguf"
    kale.call("export", "gguf", checkpoint, "--out", gguf, "--name", "student", "--type", "f16")
    told = kale.caption(kale.world / "tar", gguf / "student-f16.gguf",
                        gguf / "mmproj-student-f16.gguf", out / "run")
    return measures(kale, told, out / "evaluated")


def points(kale, trainings, out):
    """(minutes, measures) of each checkpoint of the last training, the earlier ones' before."""
    *before, last = map(minutes_at, trainings)
    begun = sum(max(at.values()) for at in before)
    checkpoints = sorted(trainings[-1].glob("checkpoints/step-*"))
    if not checkpoints:
        raise SystemExit(f"{trainings[-1]} has no checkpoints")
    return [(begun + last[int(folder.name.removeprefix("step-"))],
             measures_of(kale, folder, out / folder.name)) for folder in checkpoints]


def draw(student, stage1, rates):
    trained = max(minutes for minutes, _ in student) / 60
    parts = quality_panel(student, stage1) + cost_panel(rates, trained)
    width, height = 2 * PANEL + 3 * MARGIN, HIGH + 2 * MARGIN + 20
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'font-family="sans-serif"><rect width="100%" height="100%" fill="white"/>'
            f'{"".join(parts)}</svg>\n')


def show(student, stage1):
    print("| minutes | " + " | ".join(f"{name}, %" for name, _, _ in MEASURES) + " |")
    print("| --- " * (len(MEASURES) + 1) + "|")
    for head, of in [(f"{minutes:.0f}", of) for minutes, of in student] + [("stage 1", stage1)]:
        cells = [f"{100 * of[measure]['value']:.1f}" for _, measure, _ in MEASURES]
        print(f"| {head} | " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--training", type=pathlib.Path, nargs="+", required=True)
    for name in ("kale", "world", "stage1", "out"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--rates", type=float, nargs=2, required=True)
    arguments = parser.parse_args()
    kale, out = Kale(arguments.kale, arguments.world), arguments.out
    student = points(kale, arguments.training, out)
    stage1 = measures(kale, captions(arguments.stage1), out / "stage1")
    (out / "curve.svg").write_text(draw(student, stage1, arguments.rates), encoding="utf-8")
    show(student, stage1)


main()
