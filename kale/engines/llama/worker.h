// One context and the replies it writes. run() is the loop of one thread: take requests, decode a
// picture, decode a batch, pick tokens, answer.
// Errors   when llama.cpp fails: closes the queue with kEngineGone, which ends all workers
// Threads  belongs to the thread that calls run()
#pragma once

#include <deque>
#include <list>
#include <string>
#include <vector>

#include "kale/engines/llama/model.h"
#include "kale/engines/llama/prefixes.h"
#include "kale/engines/llama/queue.h"
#include "kale/engines/llama/reply_text.h"
#include "kale/engines/llama/sampler.h"

struct llama_vocab;

namespace kale::llama {

struct WorkerLimits {
  int replies = 1;     // written at once
  int prefixes = 1;    // shared prompt beginnings kept
  int cells = 0;       // of the KV cache
  bool exact = false;  // the cache's layout depends on the request alone
  int loop_tokens_max = 0;
  int loop_times = 0;
};

ContextSize context_size(const WorkerLimits& limits, int threads);

class Worker {
 public:
  // `projector`: nullptr where no request has pictures.
  Worker(std::size_t index, Decoder decoder, const WorkerLimits& limits, Queue& queue,
         const Projector* projector);
  ~Worker();

  void run();

 private:
  // A request in flight. Its prompt lies in a sequence of its own, from which each of its replies
  // begins as a copy.
  struct Asked {
    Request request;
    Prefix* prefix = nullptr;
    int sequence = 0;
    int cells = 0;             // of its own prompt
    std::size_t computed = 0;  // tokens of the prompt that are in the cache
    std::vector<float> first;  // logits after the prompt, once it is computed
    int begun = 0;             // replies
    int ended = 0;
    Reply reply;
  };
  struct Writing {
    Writing(Asked& of, int index, int sequence_id);
    Asked* asked;
    int candidate;
    int sequence;
    int cells;  // reserved for the whole reply
    Sampler sampler;
    ReplyText text;
    std::vector<Token> tokens;
    bool done = false;
  };
  // Whose logits stand at a place of the batch.
  struct Output {
    int place;
    Asked* asked = nullptr;      // after the last token of its prompt, or
    Writing* writing = nullptr;  // after the last token of this reply
  };

  bool admit();
  bool fits(const Request& request);
  void accept(Request request);
  Status compute_prefix(const Request& request);
  void evict(Prefix& prefix);
  void begin_replies();
  Status decode_picture();
  void fill_batch();
  Status decode();
  void read_outputs();
  void go_on(Writing& writing, std::span<const float> logits);
  void end(Writing& writing, Finish finish);
  void sweep();
  void cancel_all(const Error& why);

  std::span<const float> logits_at(int place) const;
  void add_to_batch(Token token, std::size_t position, int sequence, bool output);
  void forget(int sequence);

  const std::size_t index_;
  const WorkerLimits limits_;
  Decoder decoder_;
  llama_context* const context_;
  const llama_vocab* const vocab_;
  Queue& queue_;
  const Projector* const projector_;

  Prefixes prefixes_;
  std::vector<int> free_prompts_;  // sequence ids
  std::vector<int> free_replies_;
  int cells_used_ = 0;
  std::list<Asked> asked_;
  std::list<Writing> writing_;
  std::vector<Output> outputs_;
  struct Batch;
  std::unique_ptr<Batch> batch_;
};

}  // namespace kale::llama
