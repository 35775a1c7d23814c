// What every option of a training recipe is called and means.
#include "kale/train/recipe.h"

namespace kale {

void StudentOptions::visit(OptionVisitor& v) {
  v.field(
      {.name = "from",
       .help = "folder of a LLaVA network: config.json, tokenizer.json and, where it has learnt "
               "already, weights; without them it begins at random"},
      from);
  v.field({.name = "vision",
           .help = "folder of a CLIP or SigLIP checkpoint whose tower the student takes over"},
          vision);
  v.field({.name = "text",
           .help = "folder of a Llama or Qwen2 checkpoint whose decoder the student takes over"},
          text);
  v.field({.name = "image_side",
           .help = "px of the pictures the student sees, a multiple of the tower's patch; position "
                   "embeddings are resized to it; 0: the tower's own",
           .min = 0,
           .max = 4096},
          image_side);
}

void DataOptions::visit(OptionVisitor& v) {
  v.field({.name = "train",
           .help = "what to learn from: a run's output folder, a world, or tables or tars of "
                   "pictures with captions",
           .affects = Affects::kSpeedOnly},
          train.path);
  v.field({.name = "validation",
           .help = "the same, never learnt from; empty: no validation",
           .affects = Affects::kSpeedOnly},
          validation.path);
  v.field({.name = "caption_column", .help = "column with the caption that is learnt"},
          train.caption_column);
  v.field({.name = "alt_text_columns", .help = "names of the column that holds the alt-text"},
          train.alt_text_columns);
  v.field({.name = "images_root",
           .help = "where the pictures lie that the tables name by path, if not beside them",
           .affects = Affects::kSpeedOnly},
          train.images_root);
  v.field({.name = "rows_max", .help = "learn from the first so many rows; 0: all", .min = 0},
          train.rows_max);
  v.field({.name = "validation_rows",
           .help = "validate on the first so many rows, which are in memory",
           .affects = Affects::kSpeedOnly,
           .min = 1,
           .max = 100000},
          validation.rows_max);
  layout.visit(v);
}

void LoopOptions::visit(OptionVisitor& v) {
  v.field({.name = "step_rows",
           .help = "pairs of one optimiser step, of all processes together",
           .min = 1,
           .max = 1 << 20},
          step_rows);
  v.field({.name = "rows_at_once",
           .help = "pairs computed at once, fewer where memory is short; a step adds up the "
                   "gradients of several. Another number rounds otherwise",
           .affects = Affects::kSpeedOnly,
           .min = 1,
           .max = 1 << 16},
          rows_at_once);
  v.field({.name = "shuffle_rows",
           .help = "pairs that are shuffled together, in memory with their encoded pictures",
           .min = 1,
           .max = 1 << 24},
          shuffle_rows);
  v.field(
      {.name = "threads",
       .help = "threads that compute on a CPU; 0: all cores. Another number may round otherwise",
       .affects = Affects::kSpeedOnly,
       .min = 0,
       .max = 1024},
      threads);
  v.field({.name = "decode_threads",
           .help = "threads that decode pictures beside it",
           .affects = Affects::kSpeedOnly,
           .min = 1,
           .max = 256},
          decode_threads);
  v.field({.name = "device",
           .help = "auto takes a CUDA device where there is one",
           .affects = Affects::kSpeedOnly,
           .choices = {"auto", "cpu", "cuda"}},
          device);
  v.field({.name = "precision",
           .help = "bf16 multiplies matrices in bfloat16; weights and optimiser stay in float32",
           .choices = {"f32", "bf16"}},
          precision);
  v.field(
      {.name = "recompute",
       .help = "keep the blocks' inputs alone and compute the rest again for the gradients: less "
               "memory, a third more work",
       .affects = Affects::kSpeedOnly},
      recompute);
  v.field({.name = "checkpoint_steps",
           .help = "steps from one checkpoint to the next",
           .affects = Affects::kSpeedOnly,
           .min = 1},
          checkpoint_steps);
  v.field({.name = "checkpoints_kept",
           .help = "the newest so many; older ones are removed",
           .affects = Affects::kSpeedOnly,
           .min = 1,
           .max = 1000},
          checkpoints_kept);
  v.field({.name = "validation_steps",
           .help = "steps from one validation to the next; the last step validates too",
           .affects = Affects::kSpeedOnly,
           .min = 1},
          validation_steps);
  v.field({.name = "validation_captions",
           .help = "captions that a validation writes and measures; 0: the loss alone",
           .affects = Affects::kSpeedOnly,
           .min = 0,
           .max = 10000},
          validation_captions);
}

void Stage::visit(OptionVisitor& v) {
  v.field(
      {.name = "learns", .help = "parts that learn: vision, projector, text; others are frozen"},
      learns);
  v.field({.name = "steps", .help = "optimiser steps; 0: as epochs says", .min = 0}, steps);
  v.field({.name = "epochs", .help = "times that all rows are seen, instead of steps", .min = 0},
          epochs);
  v.field({.name = "rate", .help = "learning rate after the warm-up", .min = 0, .max = 1}, rate);
  v.field({.name = "rate_end_share",
           .help = "what of the rate is left at the end of the cosine",
           .min = 0,
           .max = 1},
          rate_end_share);
  v.field({.name = "warmup_share",
           .help = "share of the steps until the rate is reached",
           .min = 0,
           .max = 1},
          warmup_share);
  v.field({.name = "decay", .help = "weight decay of matrices (not of norms and biases)", .min = 0},
          decay);
  v.field({.name = "beta2", .help = "AdamW's second moment", .min = 0, .max = 0.99999}, beta2);
  v.field({.name = "clip_norm",
           .help = "gradients longer than this are shortened to it; 0: never",
           .min = 0},
          clip_norm);
}

}  // namespace kale
