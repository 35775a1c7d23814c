// A prompt as the JSON body of POST /v1/chat/completions.
// Errors   make(): kBadConfig for extra fields that are no JSON object, or that are ours to set
//          (temperature and seed may be null, which takes them out);
//          body(): kBadConfig for pictures that the engine is not told it sees, kRejected for a
//          picture's URL that is none of http and https, kLimit for a picture JPEG cannot hold
// Threads  safe: nothing changes after make()
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "kale/core/engine.h"

namespace kale::http {

struct BodyOptions {
  std::string model;
  bool sees_images = false;
  bool sends_urls = false;
  int jpeg_quality = 90;
};

class ChatBody {
 public:
  static Result<ChatBody> make(BodyOptions options, std::string_view extra_fields);

  // Asks for `decoding.candidates` replies at once.
  Result<std::string> text(const Prompt& prompt, const Decoding& decoding) const;

 private:
  Status add_pictures(nlohmann::json& messages, const Prompt& prompt) const;

  BodyOptions options_;
  std::string extra_fields_;  // JSON object, or empty
};

// What is sent of a seed: servers differ in what they take, and all take 31 bits.
std::uint64_t sent_seed(std::uint64_t seed, int candidate);

}  // namespace kale::http
