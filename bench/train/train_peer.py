"""Trains the tiny LLaVA with transformers and torch, as one would write the loop, and prints
seconds a step. bench/train/train.py starts it, with its settings as JSON.

float32, scaled-dot-product attention, fused AdamW with decay on matrices alone, gradients clipped;
texts are tokenised once before the first step; worker processes of a DataLoader decode and prepare
pictures; a step adds up the gradients of several batches, each loss divided by the labels of all.
"""
import json
import pathlib
import random
import sys
import time

import torch
import transformers

import tiny


class Pairs(torch.utils.data.Dataset):
    def __init__(self, folder, rows, tokens_max):
        tokenizer = tiny.load_tokenizer(folder)
        self.prepare = tiny.load_pictures(folder)
        self.rows = rows
        self.prompts = tiny.prompts(tokenizer, rows)
        captions = tokenizer([row["caption"] for row in rows])["input_ids"]
        self.captions = [tokens + [tokenizer.eos_token_id] if len(tokens) <= tokens_max
                         else tokens[:tokens_max] for tokens in captions]

    def __len__(self):
        return len(self.rows)

    def length(self, i):
        return len(self.prompts[i]) + len(self.captions[i])

    def __getitem__(self, i):
        prompt, caption = self.prompts[i], self.captions[i]
        return {"tokens": torch.tensor(prompt + caption),
                "labels": torch.tensor([-100] * len(prompt) + caption),
                "pixels": self.prepare(self.rows[i]["picture"])}


def side_by_side(samples):
    def pad(name, value):
        return torch.nn.utils.rnn.pad_sequence([sample[name] for sample in samples],
                                               batch_first=True, padding_value=value)
    mask = [torch.ones_like(sample["tokens"]) for sample in samples]
    return {"input_ids": pad("tokens", 0), "labels": pad("labels", -100),
            "attention_mask": torch.nn.utils.rnn.pad_sequence(mask, batch_first=True),
            "pixel_values": torch.stack([sample["pixels"] for sample in samples])}


def batches(pairs, given):
    """Rows of each batch, for all steps: shuffled each epoch, and where `by_length` is asked for
    cut into steps of like length, as kale does."""
    dice, found = random.Random(1), []
    at_once, step_rows = given["rows_at_once"], given["step_rows"]
    while len(found) < given["steps"] * step_rows // at_once:
        order = list(range(len(pairs)))
        dice.shuffle(order)
        if given["by_length"]:
            order.sort(key=pairs.length)
        steps = [order[i:i + step_rows] for i in range(0, len(order) - step_rows + 1, step_rows)]
        if given["by_length"]:
            dice.shuffle(steps)
        found += [step[i:i + at_once] for step in steps for i in range(0, step_rows, at_once)]
    return found[:given["steps"] * step_rows // at_once]


def optimiser_of(model, given):
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    others = [p for p in model.parameters() if p.dim() < 2]
    return torch.optim.AdamW([{"params": matrices, "weight_decay": given["decay"]},
                              {"params": others, "weight_decay": 0.0}],
                             lr=given["rate"], betas=(0.9, 0.98), eps=1e-8, fused=True)


def main():
    given = json.loads(sys.argv[1])
    torch.set_num_threads(given["threads"])
    torch.manual_seed(1)
    transformers.utils.logging.disable_progress_bar()
    folder = pathlib.Path(given["student"])
    pairs = Pairs(folder, tiny.read_world(pathlib.Path(given["world"])), given["tokens_max"])
    loader = torch.utils.data.DataLoader(pairs, batch_sampler=batches(pairs, given),
                                         collate_fn=side_by_side, num_workers=given["workers"])
    model = transformers.LlavaForConditionalGeneration.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="sdpa").train()
    optimiser = optimiser_of(model, given)
    seconds, losses, norms, labels = [], [], [], []
    stream = iter(loader)
    for _ in range(given["steps"]):
        begun = time.perf_counter()
        step = [next(stream) for _ in range(given["step_rows"] // given["rows_at_once"])]
        learnt = sum(int((batch["labels"] != -100).sum()) for batch in step)
        loss_sum = 0.0
        for batch in step:
            loss = model(**batch, num_items_in_batch=learnt, use_cache=False).loss
            loss.backward()
            loss_sum += loss.item()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        seconds.append(time.perf_counter() - begun)
        losses.append(loss_sum)
        norms.append(float(norm))
        labels.append(learnt)
    print(json.dumps({"seconds": seconds, "losses": losses, "gradient_norms": norms,
                      "labels": labels}))


if __name__ == "__main__":
    main()
