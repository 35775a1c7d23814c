// Whoever answers a prompt: an LLM, a VLM, a classifier, an OCR program, or a fake. One door for
// all of them, so that one memo, one fake and one fingerprint serve all of them.
// Errors   kEngineGone stops the run; kLimit and kRejected fail the row; kCancelled while stopping
// Threads  generate() is safe from many threads; the engine forms its own batches from whoever
//          waits
// Units    tokens are the engine's own; engines that are no language models answer with JSON and
//          count no tokens
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/pixels.h"
#include "kale/core/result.h"
#include "kale/core/task.h"

namespace kale {

struct Message {
  std::string role;     // "system", "user", "assistant"
  std::string content;  // plain text; never holds the model's own control tokens
};

struct Prompt {
  std::vector<Message> messages;
  std::vector<PixelsPtr> images;
  std::vector<std::string> image_urls;  // for engines that fetch pictures themselves, in order
  int shared_messages = 0;  // leading messages that every row of the step sends alike; computed
                            // once by engines that can
};

struct Decoding {
  int new_tokens_max = 256;
  double temperature = 0;  // 0 is greedy
  double top_p = 1;
  int top_k = 0;                  // 0 is off
  double repetition_penalty = 1;  // over the reply so far, 1 is off
  int candidates = 1;             // replies to one prompt; the prompt is computed once
  std::uint64_t seed = 0;  // set by Context::ask from (recipe seed, row, step, attempt, call)
  std::vector<std::string> stop;  // a reply ends before any of these
  // Every reply begins with this text and goes on from there; counts as prompt, stands in
  // Choice::text. Only for engines with the trait continues_replies.
  std::string begins_with;
};

enum class Finish { kStop, kLength, kRepetition };
std::string_view finish_name(Finish finish);

struct Choice {
  std::string text;
  Finish finish = Finish::kStop;
  int new_tokens = 0;
};

struct Reply {
  std::vector<Choice> choices;  // as many as asked for, at least one
  int prompt_tokens = 0;
};

struct EngineTraits {
  std::string id;             // "llama:SmolLM2-135M-Instruct", for people
  std::string model_digest;   // of the weights; part of the fingerprint. Known before start().
  int revision = 1;           // raised when the engine's own behaviour changes
  bool reproducible = false;  // the same request gives the same reply whatever else is in flight
  bool sees_images = false;
  bool fetches_urls = false;       // takes Prompt::image_urls
  bool continues_replies = false;  // takes Decoding::begins_with
};

class Engine {
 public:
  virtual ~Engine() = default;
  virtual EngineTraits traits() const = 0;
  // Loads weights, starts threads. kBadConfig when model, template or context do not fit each
  // other.
  virtual Status start() { return {}; }
  // Answers every waiter kCancelled and joins the engine's threads. generate() after it answers
  // kCancelled.
  virtual void stop() {}
  virtual Task<Result<Reply>> generate(Prompt prompt, Decoding decoding) = 0;
};

}  // namespace kale
