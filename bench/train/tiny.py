"""What both sides of bench/train are given: a world of scenes, and a tiny LLaVA with its tokeniser.

The network is of CLIP and Llama form, 10.9 million numbers; a picture of 112 px is 49 rows. Its
weights are random, from a seed, as are the words that it says.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys

import pyarrow.parquet

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "scripts/kale_mini"))
import start  # noqa: E402  the network is that of kale-mini, a block deeper

CAPTION = "caption_fused_dense"
CONFIG = start.CONFIG | {"text_config": start.CONFIG["text_config"] | {
    "num_hidden_layers": 6, "attention_bias": False}}
END, SIDE, PATCH = start.END, start.SIDE, start.PATCH


def add_arguments(parser, rows):
    parser.add_argument("--kale", required=True, help="the program, kale-train beside it")
    parser.add_argument("--out", required=True, help="a folder for world, student and runs")
    parser.add_argument("--rows", type=int, default=rows, help="scenes of the world (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5,
                        help="runs of each side, in turn; medians are shown (%(default)s)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(),
                        help="that compute, on either side (%(default)s)")
    parser.add_argument("--packages", default=".deps/world",
                        help="where scripts/setup.sh put the world's pictures (%(default)s)")
    parser.add_argument("--cutouts", help="keeps the world's cut-outs from one call to the next")


def make_world(arguments, out):
    """In a folder of its size; one that is there already stays as it is."""
    world = out / f"world-{arguments.rows}"
    cutouts = ["--cutouts", arguments.cutouts] if arguments.cutouts else []
    subprocess.run([arguments.kale, "world", "make", "--rows", str(arguments.rows), "--seed", "5",
                    "--packages", arguments.packages, "--out", world, *cutouts],
                   check=True, capture_output=True)
    return world


def read_world(world):
    """Rows with image, alt_text and caption, as both sides read them."""
    columns = ["image", "alt_text", CAPTION]
    rows = pyarrow.parquet.read_table(world / "parquet", columns=columns).to_pylist()
    return [{"picture": row["image"]["bytes"], "alt_text": row["alt_text"] or "",
             "caption": row[CAPTION]} for row in rows]


def write_student(folder, rows, speaks=False):
    """A folder that both sides load. `speaks`: weights so large that replies differ from picture to
    picture, and neither the end nor a picture is ever said; else as training begins."""
    import torch
    import transformers
    transformers.utils.logging.disable_progress_bar()
    torch.manual_seed(3)
    model = transformers.LlavaForConditionalGeneration(transformers.LlavaConfig(**CONFIG))
    if speaks:
        make_talkative(model)
    model.save_pretrained(folder)
    texts = (text for row in rows for text in (row["alt_text"], row["caption"]))
    start.write_student(folder, texts, CONFIG)


def make_talkative(model):
    import torch
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if tensor.dim() == 1:
                tensor.normal_(1 if "norm" in name and name.endswith("weight") else 0, 0.1)
            elif "embed_tokens" in name:
                tensor.normal_(0, 0.4)
                tensor[:2] = 0  # END and IMAGE
            else:
                tensor.normal_(0, 1.2 / tensor[0].numel() ** 0.5)


def load_tokenizer(folder):
    import transformers
    return transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"), eos_token=END, pad_token=END)


def load_pictures(folder):
    """The picture processor, on one decoded picture: [3, SIDE, SIDE]."""
    import io

    import PIL.Image
    import transformers
    transformers.utils.logging.set_verbosity_error()  # or it tells that torchvision is missing
    processor = transformers.LlavaImageProcessor.from_pretrained(folder)

    def prepare(data):
        with PIL.Image.open(io.BytesIO(data)) as picture:
            return processor(picture, return_tensors="pt")["pixel_values"][0]
    return prepare


def square(data):
    """The picture on a square of the mean colour, as large as the tower sees it."""
    import io

    import PIL.Image
    import PIL.ImageOps
    colour = tuple(int(255 * mean) for mean in start.PROCESSOR["image_mean"])
    with PIL.Image.open(io.BytesIO(data)) as picture:
        return PIL.ImageOps.pad(picture.convert("RGB"), (SIDE, SIDE), color=colour)


def prompts(tokenizer, rows):
    """Tokens of picture, alt-text and a line's end."""
    picture = [CONFIG["image_token_index"]] * (SIDE // PATCH) ** 2
    texts = [row["alt_text"] + "\n" for row in rows]
    return [picture + tokens for tokens in tokenizer(texts)["input_ids"]]


def spread(values):
    return f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})"


def times(ours, theirs):
    """How many times faster: the median of the rounds' ratios."""
    return statistics.median(one / other for one, other in zip(ours, theirs))


def run(command, threads):
    """The JSON that the program prints last."""
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "OMP_NUM_THREADS": str(threads)})
    return json.loads(done.stdout.splitlines()[-1])
