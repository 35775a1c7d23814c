#include "kale/models/config.h"

namespace kale {

// The defaults are those of transformers, for files that leave keys out.
VisionConfig::VisionConfig(TowerForm kind) : form(kind) {
  encoder.width = 768;
  encoder.mlp_width = 3072;
  encoder.heads = 12;
  if (form == TowerForm::kSiglip) {
    encoder.activation = Activation::kGeluTanh;
    encoder.epsilon = 1e-6;
    patch_side = 16;
  }
}

TextTowerConfig::TextTowerConfig(TowerForm kind) : form(kind) {
  bool clip = form == TowerForm::kClip;
  encoder.width = clip ? 512 : 768;
  encoder.mlp_width = clip ? 2048 : 3072;
  encoder.heads = clip ? 8 : 12;
  encoder.activation = clip ? Activation::kQuickGelu : Activation::kGeluTanh;
  encoder.epsilon = clip ? 1e-5 : 1e-6;
  vocabulary = clip ? 49408 : 32000;
  positions = clip ? 77 : 64;
  projection_width = clip ? 512 : 0;
}

void TextTowerConfig::complete() {
  if (projection_width == 0) projection_width = encoder.width;
}

DecoderConfig::DecoderConfig(DecoderForm kind) : form(kind) {
  if (form == DecoderForm::kLlama) {
    bos_token = 1;
    eos_tokens = {2};
    return;
  }
  vocabulary = 151936;
  mlp_width = 22016;
  kv_heads = 32;
  positions = 32768;
}

void DecoderConfig::complete() {
  if (kv_heads == 0) kv_heads = heads;
  if (head_width == 0) head_width = width / heads;
}

LlavaConfig::LlavaConfig() {
  vision.encoder.width = 1024;
  vision.encoder.mlp_width = 4096;
  vision.encoder.layers = 24;
  vision.encoder.heads = 16;
  vision.image_side = 336;
  vision.patch_side = 14;
  vision.projection_width = 768;
}

}  // namespace kale
