"""Captions with transformers' generate, batch by batch, pictures prepared beforehand, and prints
seconds a batch, tokens, and how many of each row's come before the first near tie.
bench/train/captions.py starts it, with its settings as JSON.

float32, scaled-dot-product attention, greedy, the cache that generate makes by itself.
"""
import json
import pathlib
import sys
import time

import torch
import transformers

import tiny

GAP = 0.01  # nats between the likeliest token and the next; below it rounding may part replies


def inputs_of(tokens, pixels):
    """Padded at the left."""
    longest = max(map(len, tokens))
    return {"input_ids": torch.tensor([[0] * (longest - len(one)) + one for one in tokens]),
            "attention_mask": torch.tensor([[0] * (longest - len(one)) + [1] * len(one)
                                            for one in tokens]),
            "pixel_values": torch.stack(pixels)}


def clear(scores):
    """How many tokens of each row come before its first near tie."""
    best = torch.stack(scores, 1).topk(2).values  # [rows, tokens, 2]
    tie = best[..., 0] - best[..., 1] < GAP
    return torch.where(tie.any(1), tie.int().argmax(1), tie.shape[1]).tolist()


def main():
    given = json.loads(sys.argv[1])
    torch.set_num_threads(given["threads"])
    transformers.utils.logging.disable_progress_bar()
    folder = pathlib.Path(given["student"])
    rows = tiny.read_world(pathlib.Path(given["world"]))
    prompts = tiny.prompts(tiny.load_tokenizer(folder), rows)
    prepare = tiny.load_pictures(folder)
    pictures = [prepare(row["picture"]) for row in rows]
    model = transformers.LlavaForConditionalGeneration.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="sdpa").eval()
    at_once = given["rows_at_once"]
    batches = [inputs_of(prompts[i:i + at_once], pictures[i:i + at_once])
               for i in range(0, len(rows), at_once)]

    def write(batch, **more):
        with torch.inference_mode():
            return model.generate(**batch, do_sample=False, max_new_tokens=given["new_tokens"],
                                  pad_token_id=0, **more)
    write(batches[0])
    seconds, tokens, clears = [], [], []
    for batch in batches:
        begun = time.perf_counter()
        found = write(batch)
        seconds.append(time.perf_counter() - begun)
        tokens += found[:, batch["input_ids"].shape[1]:].tolist()
        if given["scores"]:
            clears += clear(write(batch, output_scores=True, return_dict_in_generate=True).scores)
    print(json.dumps({"seconds": seconds, "tokens": tokens, "clear": clears}))


if __name__ == "__main__":
    main()
