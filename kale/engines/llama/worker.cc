#include "kale/engines/llama/worker.h"

#include <fmt/format.h>
#include <llama.h>

#include <algorithm>
#include <array>
#include <utility>

#include "kale/llama_log/llama_log.h"

namespace kale::llama {
namespace {

constexpr int kPieceBytesMax = 256;

int reply_tokens(const Request& request) { return request.decoding.new_tokens_max; }

Error gone(int status) {
  return {Code::kEngineGone,
          fmt::format("llama.cpp failed to decode ({}): {}", status, last_llama_errors())};
}

}  // namespace

struct Worker::Batch {
  Batch() : tokens(llama_batch_init(kBatchTokensMax, 0, 1)) {}
  ~Batch() { llama_batch_free(tokens); }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  bool full() const { return tokens.n_tokens == kBatchTokensMax; }
  llama_batch tokens;
};

// Sequence ids: prefixes first, then one for each prompt and one for each reply.
ContextSize context_size(const WorkerLimits& limits, int threads) {
  return {.cells = limits.cells,
          .sequence_ids = limits.prefixes + 2 * limits.replies,
          .threads = threads,
          .batch_tokens = kBatchTokensMax};
}

Worker::Writing::Writing(Asked& of, int index, int sequence_id)
    : asked(&of),
      candidate(index),
      sequence(sequence_id),
      cells(reply_tokens(of.request)),
      sampler(of.request.decoding, index),
      text(of.request.decoding.stop) {}

Worker::Worker(std::size_t index, Decoder decoder, const WorkerLimits& limits, Queue& queue,
               const Projector* projector)
    : index_(index),
      limits_(limits),
      decoder_(std::move(decoder)),
      context_(decoder_.context.get()),
      vocab_(llama_model_get_vocab(llama_get_model(context_))),
      queue_(queue),
      projector_(projector),
      prefixes_(limits.prefixes),
      batch_(std::make_unique<Batch>()) {
  for (int i = limits.replies; i-- > 0;) {
    free_prompts_.push_back(limits.prefixes + i);
    free_replies_.push_back(limits.prefixes + limits.replies + i);
  }
}

Worker::~Worker() = default;

void Worker::run() {
  while (admit()) {
    auto decoded = decode_picture();
    if (decoded) {
      fill_batch();
      decoded = decode();
    }
    if (!decoded) {
      queue_.close(std::move(decoded).error());
      continue;
    }
    read_outputs();
    begin_replies();
    sweep();
  }
  cancel_all(*queue_.closed());
}

// Takes requests while there is room; false once the queue is closed.
bool Worker::admit() {
  auto fit = [this](const Request& request) { return fits(request); };
  while (true) {
    int outstanding = 0;
    for (const Asked& asked : asked_)
      outstanding += asked.request.decoding.candidates - asked.ended;
    auto request = queue_.take(index_, static_cast<std::size_t>(outstanding), fit);
    if (queue_.closed() && !request) return false;
    if (!request) {
      KALE_CHECK(outstanding > 0, "an idle worker has no room for a request within the limits");
      return true;
    }
    accept(std::move(*request));
  }
}

// Makes room by evicting prefixes that nobody uses, so that what it says stays true in accept().
bool Worker::fits(const Request& request) {
  std::size_t not_begun = 0;
  for (const Asked& asked : asked_)
    not_begun += static_cast<std::size_t>(asked.request.decoding.candidates - asked.begun);
  if (free_prompts_.empty() || not_begun >= free_replies_.size()) return false;
  std::span<const Token> tokens(request.prompt.tokens);
  auto shared = tokens.first(request.prompt.shared);
  Prefix* known = prefixes_.find(shared);
  if (known) prefixes_.take(*known);  // not to be evicted below
  auto needed = static_cast<int>(tokens.size() - (known ? shared.size() : 0));
  auto cramped = [&] {
    bool no_place = !known && !shared.empty() && !prefixes_.free_place();
    return no_place || cells_used_ + needed + reply_tokens(request) > limits_.cells;
  };
  bool start_afresh = limits_.exact && !known;
  while (start_afresh || cramped()) {
    Prefix* idle = prefixes_.oldest_idle();
    if (!idle) break;
    evict(*idle);
  }
  if (known) prefixes_.give_back(*known);
  return !cramped();
}

void Worker::accept(Request request) {
  auto computed = compute_prefix(request);
  if (!computed) {
    queue_.close(std::move(computed).error());
    return request.done->set(*queue_.closed());
  }
  Asked& asked = asked_.emplace_back();
  asked.request = std::move(request);
  std::span<const Token> tokens(asked.request.prompt.tokens);
  asked.computed = asked.request.prompt.shared;
  asked.cells = static_cast<int>(tokens.size() - asked.computed);
  asked.sequence = free_prompts_.back();
  asked.reply.prompt_tokens = static_cast<int>(tokens.size());
  asked.reply.choices.resize(static_cast<std::size_t>(asked.request.decoding.candidates));
  free_prompts_.pop_back();
  cells_used_ += asked.cells + reply_tokens(asked.request);  // room for one reply is certain
  asked.prefix = prefixes_.find(tokens.first(asked.computed));
  if (asked.prefix) {
    prefixes_.take(*asked.prefix);
    llama_memory_seq_cp(llama_get_memory(context_), asked.prefix->sequence, asked.sequence, -1, -1);
  }
}

// The others wait meanwhile: it happens once for each step of a recipe.
Status Worker::compute_prefix(const Request& request) {
  auto shared = std::span<const Token>(request.prompt.tokens).first(request.prompt.shared);
  if (shared.empty() || prefixes_.find(shared)) return {};
  Prefix* place = prefixes_.free_place();
  KALE_CHECK(place, "fits() left no place for a prefix");
  for (std::size_t at = 0; at < shared.size();) {
    batch_->tokens.n_tokens = 0;
    outputs_.clear();
    for (; at < shared.size() && !batch_->full(); ++at)
      add_to_batch(shared[at], at, place->sequence, false);
    KALE_OK(decode());
  }
  place->tokens.assign(shared.begin(), shared.end());
  cells_used_ += static_cast<int>(shared.size());
  return {};
}

void Worker::evict(Prefix& prefix) {
  forget(prefix.sequence);
  cells_used_ -= static_cast<int>(prefix.tokens.size());
  prefix.tokens.clear();
}

// Replies of requests whose prompts are computed, the oldest first, while there is room.
void Worker::begin_replies() {
  for (Asked& asked : asked_) {
    int wanted = asked.first.empty() ? 0 : asked.request.decoding.candidates;
    while (asked.begun < wanted && !free_replies_.empty()) {
      int more = asked.begun == 0 ? 0 : reply_tokens(asked.request);
      if (more > 0 && cells_used_ + more > limits_.cells) break;
      cells_used_ += more;
      Writing& writing = writing_.emplace_back(asked, asked.begun++, free_replies_.back());
      free_replies_.pop_back();
      llama_memory_seq_cp(llama_get_memory(context_), asked.sequence, writing.sequence, -1, -1);
      go_on(writing, asked.first);
    }
  }
}

// One at a time, so that replies go on between pictures. Nothing where no prompt has come to one.
Status Worker::decode_picture() {
  for (Asked& asked : asked_) {
    PromptTokens& prompt = asked.request.prompt;
    PlacedCells* picture = prompt.picture_at(asked.computed);
    if (!picture) continue;
    asked.computed += static_cast<std::size_t>(picture->part.cells);
    return projector_->decode(picture->part, context_, prompt.position(picture->at),
                              asked.sequence);
  }
  return {};
}

// One token of every reply, then as much of the waiting prompts as the batch holds.
void Worker::fill_batch() {
  batch_->tokens.n_tokens = 0;
  outputs_.clear();
  for (Writing& writing : writing_) {
    const PromptTokens& prompt = writing.asked->request.prompt;
    std::size_t position = prompt.position(prompt.tokens.size()) + writing.tokens.size() - 1;
    outputs_.push_back({batch_->tokens.n_tokens, nullptr, &writing});
    add_to_batch(writing.tokens.back(), position, writing.sequence, true);
  }
  for (Asked& asked : asked_) {
    const PromptTokens& prompt = asked.request.prompt;
    const auto& tokens = prompt.tokens;
    while (asked.computed < tokens.size() && tokens[asked.computed] != kPictureCell &&
           !batch_->full()) {
      bool last = asked.computed + 1 == tokens.size();
      if (last) outputs_.push_back({batch_->tokens.n_tokens, &asked, nullptr});
      add_to_batch(tokens[asked.computed], prompt.position(asked.computed), asked.sequence, last);
      ++asked.computed;
    }
  }
}

void Worker::add_to_batch(Token token, std::size_t position, int sequence, bool output) {
  llama_batch& batch = batch_->tokens;
  KALE_CHECK(batch.n_tokens < kBatchTokensMax, "a batch with more tokens than it has room for");
  auto at = batch.n_tokens++;
  batch.token[at] = token;
  batch.pos[at] = static_cast<llama_pos>(position);
  batch.n_seq_id[at] = 1;
  batch.seq_id[at][0] = sequence;
  batch.logits[at] = output;
}

Status Worker::decode() {
  if (batch_->tokens.n_tokens == 0) return {};
  int status = llama_decode(context_, batch_->tokens);
  if (status != 0) return gone(status);
  return {};
}

std::span<const float> Worker::logits_at(int place) const {
  const float* logits = llama_get_logits_ith(context_, place);
  KALE_CHECK(logits, "llama.cpp holds no logits where they were asked for");
  return {logits, static_cast<std::size_t>(llama_vocab_n_tokens(vocab_))};
}

void Worker::read_outputs() {
  for (const Output& output : outputs_) {
    auto logits = logits_at(output.place);
    if (output.writing) {
      go_on(*output.writing, logits);
    } else {
      output.asked->first.assign(logits.begin(), logits.end());
    }
  }
}

// Picks the reply's next token, and ends the reply where that is its last.
void Worker::go_on(Writing& writing, std::span<const float> logits) {
  Token token = writing.sampler.pick(logits, writing.tokens);
  // Other control tokens (a turn that begins) end a reply as well as those meant for it.
  if (llama_vocab_is_eog(vocab_, token) || llama_vocab_is_control(vocab_, token))
    return end(writing, Finish::kStop);
  writing.tokens.push_back(token);
  std::array<char, kPieceBytesMax> piece;
  int bytes = llama_token_to_piece(vocab_, token, piece.data(), kPieceBytesMax, 0, false);
  KALE_CHECK(bytes >= 0, "a token longer than any known vocabulary holds");
  if (writing.text.add({piece.data(), static_cast<std::size_t>(bytes)}))
    return end(writing, Finish::kStop);
  if (ends_in_loop(writing.tokens, static_cast<std::size_t>(limits_.loop_tokens_max),
                   static_cast<std::size_t>(limits_.loop_times)))
    return end(writing, Finish::kRepetition);
  if (static_cast<int>(writing.tokens.size()) >= reply_tokens(writing.asked->request))
    return end(writing, Finish::kLength);
}

void Worker::end(Writing& writing, Finish finish) {
  Asked& asked = *writing.asked;
  asked.reply.choices[static_cast<std::size_t>(writing.candidate)] = {
      writing.text.take(), finish, static_cast<int>(writing.tokens.size())};
  ++asked.ended;
  forget(writing.sequence);
  cells_used_ -= writing.cells;
  free_replies_.push_back(writing.sequence);
  writing.done = true;
}

// Takes ended replies off the list and answers the requests that have all of theirs.
void Worker::sweep() {
  writing_.remove_if([](const Writing& writing) { return writing.done; });
  for (auto asked = asked_.begin(); asked != asked_.end();) {
    if (asked->ended < asked->request.decoding.candidates) {
      ++asked;
      continue;
    }
    forget(asked->sequence);
    cells_used_ -= asked->cells;
    free_prompts_.push_back(asked->sequence);
    if (asked->prefix) prefixes_.give_back(*asked->prefix);
    asked->request.done->set(std::move(asked->reply));
    asked = asked_.erase(asked);
  }
}

void Worker::forget(int sequence) {
  llama_memory_seq_rm(llama_get_memory(context_), sequence, -1, -1);
}

void Worker::cancel_all(const Error& why) {
  for (Asked& asked : asked_) asked.request.done->set(why);
  asked_.clear();
  writing_.clear();
}

}  // namespace kale::llama
