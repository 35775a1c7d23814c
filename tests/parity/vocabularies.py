"""Small byte-level BPE vocabularies of each kind of split that kale knows, trained on the spot, and
the texts that they are trained on and tried with."""

import json
import pathlib
import random

from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, trainers
from tokenizers.models import BPE
from tokenizers.processors import TemplateProcessing

TRIPLETS = pathlib.Path(__file__).parents[3] / "shared/data/capsfusion-triplets.jsonl"
WEB_ROWS = 3000
MADE_UP = 3000

SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*|"
         r"\s*[\r\n]+|\s+(?!\S)|\s+")

PIECES = [
    " ", "  ", "    ", "\n", "\r\n", "\n\n ", "\t", " ", "\u3000", " ", "\u200b", "\ufeff", "a",
    "The", "don't", "DON'T", "it's", "we'll", "we’ll", "I'm", "'s", "'S", "'", "''", "\"", "“x”",
    "1", "42", "007", "1,234.56", "2024", "12345678", "٣٤", "½", "Ⅷ", "x2", "3D", "10km", "$5",
    "€9,99", "é", "é", "ñandú", "Ünï", "ﬁn", "Å", "ΑΒΓ", "привет", "Ё", "שלום", "مرحبا",
    "नमस\u094dत\u0947", "ไทย", "日本語", "你好世界", "한국어", "각", "😀", "👩\u200d👩\u200d👧", "🇩🇪", "❤\ufe0f",
    "☃", "™", "©", "…", "—", "–", "¿", "_", "__init__", "<b>", "</b>", "&amp;", "&quot;",
    "<img src=\"a.jpg\" alt='x'>", "https://a.example/b?c=d&e=%20", "a@b.example", "#tag", "@me",
    "C++", "foo_bar", "CamelCase", "IMG_0042.JPG", "1/2", "a/b", "(c)", "[x]", "{}", "!!!", "???",
    "...", "- -", "=====", "\\n", "\x00", "\x1b", "\x7f", "�", "\u0301", "𝕏", "<|im_end|>",
    "<image>", "<word>", "<|end|>", "ſ", "'ſ", "K", "'ll", "İ", "ß", "ǅ", "ª", "²", "①",
]


def web_texts():
    if not TRIPLETS.exists():
        return []
    rows = [json.loads(line) for line in TRIPLETS.read_text(encoding="utf-8").split("\n") if line]
    return [text for row in rows[:WEB_ROWS] for text in row.values() if isinstance(text, str)]


def made_up_texts():
    dice = random.Random(20)
    texts = [""] + PIECES + [piece * 3 for piece in PIECES]
    for _ in range(MADE_UP):
        texts.append("".join(dice.choice(PIECES) for _ in range(dice.randint(1, 12))))
    for _ in range(MADE_UP):  # any code points at all
        ranges = [(0x20, 0x7f), (0x80, 0x250), (0x300, 0x370), (0x400, 0x530), (0x5d0, 0x700),
                  (0x900, 0xe80), (0x1100, 0x1200), (0x2000, 0x2c00), (0x3000, 0x3200),
                  (0x4e00, 0x4f00), (0xac00, 0xad00), (0x1f300, 0x1f700)]
        texts.append("".join(chr(dice.randrange(*dice.choice(ranges)))
                             for _ in range(dice.randint(1, 20))))
    return texts


WEB, MADE = web_texts(), made_up_texts()


def split_of(kind):
    letters = pre_tokenizers.ByteLevel(add_prefix_space=False)
    if kind == "gpt-2":
        return letters
    if kind == "smollm":
        return pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), letters])
    cut = Regex(SPLIT % ("" if kind == "qwen2" else "{1,3}"))
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(cut, "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def train(kind, vocabulary):
    """A tokeniser as the kind's models have it."""
    tokenizer = Tokenizer(BPE(ignore_merges=kind == "llama-bpe"))
    tokenizer.pre_tokenizer = split_of(kind)
    tokenizer.decoder = decoders.ByteLevel()
    if kind == "qwen2":
        tokenizer.normalizer = normalizers.NFC()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, show_progress=False, special_tokens=["<|end|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(WEB[:3000] + MADE, trainer)
    tokenizer.add_special_tokens([AddedToken("<image>", special=True, normalized=False)])
    tokenizer.add_tokens([AddedToken("<word>", special=False, normalized=False)])
    if kind == "llama-bpe":
        tokenizer.post_processor = TemplateProcessing(
            single="<|end|> $A", special_tokens=[("<|end|>", tokenizer.token_to_id("<|end|>"))])
    return tokenizer
