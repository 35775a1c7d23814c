"""What both sides of bench/train are given: a world of scenes, and a tiny LLaVA with its tokeniser.

The network is of CLIP and Llama form, 10.9 million numbers; a picture of 112 px is 49 rows. Its
weights are random, from a seed, as are the words that it says.
"""
import json
import os
import statistics
import subprocess

import pyarrow.parquet

CAPTION = "caption_fused_dense"
END, IMAGE = "<|endoftext|>", "<image>"
VOCABULARY = 4096
SIDE, PATCH = 112, 16
TANH = "gelu_pytorch_tanh"
CONFIG = {
    "architectures": ["LlavaForConditionalGeneration"], "model_type": "llava",
    "image_token_index": 1, "projector_hidden_act": TANH, "vision_feature_layer": -1,
    "vision_feature_select_strategy": "default", "multimodal_projector_bias": True,
    "tie_word_embeddings": True,
    "vision_config": {
        "model_type": "clip_vision_model", "hidden_size": 256, "intermediate_size": 1024,
        "num_hidden_layers": 6, "num_attention_heads": 4, "image_size": SIDE, "patch_size": PATCH,
        "hidden_act": TANH, "projection_dim": 256, "layer_norm_eps": 1e-5},
    "text_config": {
        "model_type": "llama", "vocab_size": VOCABULARY, "hidden_size": 256,
        "intermediate_size": 704, "num_hidden_layers": 6, "num_attention_heads": 4,
        "num_key_value_heads": 4, "max_position_embeddings": 1024, "rms_norm_eps": 1e-5,
        "tie_word_embeddings": True, "hidden_act": "silu", "bos_token_id": None,
        "eos_token_id": 0, "pad_token_id": None}}
PICTURES = {
    "image_processor_type": "LlavaImageProcessor", "do_pad": True, "do_resize": True,
    "size": {"shortest_edge": SIDE}, "do_center_crop": True,
    "crop_size": {"height": SIDE, "width": SIDE}, "do_rescale": True, "rescale_factor": 1 / 255,
    "do_normalize": True, "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711], "resample": 3, "do_convert_rgb": True}


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


def train_tokenizer(rows):
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        (text for row in rows for text in (row["alt_text"], row["caption"])),
        trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=[END, IMAGE],
                            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                            show_progress=False))
    return tokenizer


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
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "preprocessor_config.json").write_text(json.dumps(PICTURES))
    train_tokenizer(rows).save(str(folder / "tokenizer.json"))


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
    colour = tuple(int(255 * mean) for mean in PICTURES["image_mean"])
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
