"""Captioning: kale's libtorch against transformers' generate, and llama.cpp, captions/s.

The same tiny LLaVA with random weights that never end a text captions the same rows of a world,
greedily, --new-tokens each, in batches of --rows-at-once. kale in libtorch and transformers run in
turn, in float32, with the same threads; both sides' pictures are prepared before the clock starts,
and kale's tokens must be those of transformers up to a row's first near tie. Beside them kale's
llama engine, in batches of its own, with the exported files of each --types; its pictures have the
tower's size, a run on one row is taken off for the start. Needs `pip install --no-deps -r
requirements-parity.txt`; nothing else should run on the machine. Prints a line of JSON a run, then
Markdown.

Usage:  bench/train/captions.py --kale build/release/apps/kale/kale --bench
        build/release/bench/train/student_bench --llama-ask build/release/tools/llama_ask
        --out out/bench-captions
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

import tiny

HERE = pathlib.Path(__file__).resolve().parent
COMPARED_MIN = 0.5  # of all tokens; the rest comes behind near ties


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.out = pathlib.Path(arguments.out).resolve()
        self.out.mkdir(parents=True, exist_ok=True)
        self.world = tiny.make_world(arguments, self.out)
        self.rows = tiny.read_world(self.world)
        self.student = self.out / "student"
        tiny.write_student(self.student, self.rows, speaks=True)
        self.asked = self.write_asked()

    def kale(self):
        given = self.arguments
        return tiny.run([given.bench, "--student", self.student, "--data", self.world,
                         "--rows-at-once", str(given.rows_at_once), "--new-tokens",
                         str(given.new_tokens)], given.threads)

    def peer(self, scores=False):
        given = {"student": str(self.student), "world": str(self.world), "scores": scores,
                 "threads": self.arguments.threads, "rows_at_once": self.arguments.rows_at_once,
                 "new_tokens": self.arguments.new_tokens}
        return tiny.run([sys.executable, HERE / "captions_peer.py", json.dumps(given)],
                        self.arguments.threads)

    def check(self):
        ours, theirs = self.kale(), self.peer(scores=True)
        tokenizer = tiny.load_tokenizer(self.student)
        new_tokens, compared = self.arguments.new_tokens, 0
        for said, tokens, clear in zip(ours["captions"], theirs["tokens"], theirs["clear"],
                                       strict=True):
            assert len(tokens) == new_tokens, "every text goes on to the last token"
            expected = tokenizer.decode(tokens[:clear]).rstrip("\ufffd")
            assert said.startswith(expected), (said, expected)
            compared += clear
        total = new_tokens * len(self.rows)
        print(f"the same tokens: {compared} of {total}, the others behind near ties", flush=True)
        assert compared > COMPARED_MIN * total

    def export(self, kind):
        made = subprocess.run([self.arguments.kale, "export", "gguf", self.student, "--out",
                               self.out / f"gguf-{kind}", "--type", kind],
                              check=True, capture_output=True, text=True)
        return made.stdout.split()

    def ask(self, model, projector, lines):
        """Seconds from the start of llama_ask to its end."""
        given, begun = self.arguments, time.perf_counter()
        done = subprocess.run(
            [given.llama_ask, "--model", model, "--mmproj", projector, "--chat-template", "plain",
             "--tokens", str(given.new_tokens), "--loop-tokens", "0", "--context-tokens", "1024",
             "--sequences", str(given.rows_at_once), "--threads", str(given.threads)],
            input="".join(lines), check=True, capture_output=True, text=True)
        seconds = time.perf_counter() - begun
        told = [json.loads(line)["choices"][0] for line in done.stdout.splitlines()]
        assert all(one["new_tokens"] == given.new_tokens for one in told), "each text goes on"
        return seconds

    def llama(self, model, projector):
        whole = self.ask(model, projector, self.asked)
        start = self.ask(model, projector, self.asked[:1])
        return (whole - start) * len(self.asked) / (len(self.asked) - 1)

    def write_asked(self):
        """Lines for llama_ask, whose pictures are as the tower takes them."""
        folder = self.out / "pictures"
        folder.mkdir(exist_ok=True)
        lines = []
        for i, row in enumerate(self.rows):
            tiny.square(row["picture"]).save(folder / f"{i}.ppm")
            lines.append(json.dumps({
                "messages": [{"role": "user", "content": row["alt_text"]}],
                "images": [str(folder / f"{i}.ppm")]}) + "\n")
        return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    tiny.add_arguments(parser, rows=96)
    parser.add_argument("--bench", required=True, help="the program student_bench")
    parser.add_argument("--llama-ask", required=True, help="the program llama_ask")
    parser.add_argument("--rows-at-once", type=int, default=16, help="(%(default)s)")
    parser.add_argument("--new-tokens", type=int, default=96, help="of each row (%(default)s)")
    parser.add_argument("--types", nargs="*", default=["f32", "q8_0"],
                        help="of llama.cpp's weights (%(default)s)")
    arguments = parser.parse_args()
    bench, rates = Bench(arguments), {}
    bench.check()

    def measure(name, seconds, told):
        rates.setdefault(name, []).append(len(bench.rows) / seconds)
        print(json.dumps({"by": name, "captions_per_second": rates[name][-1], **told}), flush=True)

    exported = {kind: bench.export(kind) for kind in arguments.types}
    for _ in range(arguments.rounds):
        for name, run in (("kale", bench.kale), ("transformers", bench.peer)):
            seconds = run()["seconds"]
            measure(name, sum(seconds), {"seconds": seconds})
        for kind, files in exported.items():
            measure(kind, bench.llama(*files), {})
    print(f"\n{len(bench.rows)} rows, {arguments.new_tokens} new tokens each, "
          f"{arguments.rows_at_once} at once, {arguments.threads} threads of {os.cpu_count()} "
          f"cores; captions/s, the median of {arguments.rounds} (from to)\n")
    print("| captions by | captions/s | of transformers |\n| --- | --- | --- |")
    names = {"kale": "kale, libtorch, float32", "transformers": "transformers, generate, float32"}
    for name, found in rates.items():
        print(f"| {names.get(name, f'kale, llama.cpp, {name}')} "
              f"| {tiny.spread(found)} | {tiny.times(found, rates['transformers']):.2f} times |")


if __name__ == "__main__":
    main()
