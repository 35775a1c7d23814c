// A vocabulary in the keys that llama.cpp reads.
// Threads  free functions
#pragma once

#include "kale/models/vocabulary.h"

struct gguf_context;

namespace kale {

// tokenizer.ggml.{model,pre,tokens,token_type,merges,add_bos_token}, and bos_token_id where every
// text begins with one. `rows` of the embedding may be more than there are tokens.
void set_vocabulary(gguf_context& file, const BpeVocabulary& vocabulary, std::int64_t rows);

}  // namespace kale
