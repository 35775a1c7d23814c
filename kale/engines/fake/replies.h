// Replies picked by a hash, in the form that each kind of engine gives. Pure functions.
#pragma once

#include <cstdint>
#include <string>

#include "kale/core/engine.h"

namespace kale {

// Of everything that may change a reply: messages, images, decoding.
std::uint64_t request_hash(const Prompt& prompt, const Decoding& decoding);
// Of messages and images alone: what a classifier or OCR program depends on.
std::uint64_t content_hash(const Prompt& prompt);

// "The small harbour waits beside the old tower."
std::string sentence_by_hash(std::uint64_t hash);
std::string classes_by_hash(std::uint64_t hash);  // {"classes": [{"name", "probability"} x 5]}
std::string words_by_hash(std::uint64_t hash);    // {"words": [{"text", "box", "confidence"}]}

}  // namespace kale
