#include "kale/tokens/tokenizer.h"

#include <fmt/format.h>
#include <gguf.h>
#include <llama.h>

#include <array>
#include <unordered_map>
#include <utility>

#include "kale/llama_log/llama_log.h"
#include "kale/models/vocabulary.h"
#include "kale/text/utf8.h"
#include "kale/tokens/gguf_vocabulary.h"

namespace kale {
namespace {

constexpr std::int32_t kPieceBytes = 256;  // of most tokens; longer ones are asked for again

struct FreeGguf {
  void operator()(gguf_context* file) const { gguf_free(file); }
};
struct FreeModel {
  void operator()(llama_model* model) const { llama_model_free(model); }
};

}  // namespace

struct Tokenizer::State {
  std::unique_ptr<llama_model, FreeModel> model;  // a vocabulary without weights
  const llama_vocab* vocabulary = nullptr;
  std::unordered_map<std::string, std::int64_t> numbers;
  std::int64_t size = 0;
  bool nfc = false;
  std::optional<std::int64_t> begins;
};

Tokenizer::Tokenizer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Tokenizer::~Tokenizer() = default;

Result<std::unique_ptr<Tokenizer>> Tokenizer::open(Disk& disk,
                                                   const std::filesystem::path& folder) {
  std::filesystem::path path = folder / "tokenizer.json";
  KALE_TRY(auto json, disk.read(path, kTokenizerBytesMax));
  KALE_TRY(auto vocabulary, read_vocabulary(json, path.string()));
  begin_llama();
  last_llama_errors();
  std::unique_ptr<gguf_context, FreeGguf> file(gguf_init_empty());
  gguf_set_val_str(file.get(), "general.architecture", "llama");
  set_vocabulary(*file, vocabulary, 0);
  auto params = llama_model_default_params();
  params.vocab_only = true;
  auto no_tensors = [](ggml_tensor*, void*) {};
  auto state = std::make_unique<State>();
  state->model.reset(llama_model_init_from_user(file.get(), no_tensors, nullptr, params));
  if (!state->model) {
    return Error{Code::kBadConfig,
                 fmt::format("{}: llama.cpp cannot use its vocabulary ({}); take another model",
                             path.string(), last_llama_errors())};
  }
  state->vocabulary = llama_model_get_vocab(state->model.get());
  state->numbers = vocabulary.numbers();
  state->size = std::ssize(vocabulary.tokens);
  state->nfc = vocabulary.nfc;
  state->begins = vocabulary.begins;
  return std::unique_ptr<Tokenizer>(new Tokenizer(std::move(state)));
}

std::vector<std::int64_t> Tokenizer::encode(std::string_view text) const {
  std::string changed;
  if (!is_valid_utf8(text)) text = changed = to_valid_utf8(text);
  std::string composed;
  if (state_->nfc) text = composed = compose_marks(text);
  // No token is shorter than a byte.
  std::vector<llama_token> tokens(text.size());
  auto count =
      llama_tokenize(state_->vocabulary, text.data(), static_cast<std::int32_t>(text.size()),
                     tokens.data(), static_cast<std::int32_t>(tokens.size()), false, false);
  KALE_CHECK(count >= 0, "a text with more tokens than bytes");
  return {tokens.begin(), tokens.begin() + count};
}

std::string Tokenizer::decode(std::span<const std::int64_t> tokens) const {
  std::string text;
  std::string piece;
  for (std::int64_t token : tokens) {
    if (token < 0 || token >= state_->size) continue;
    auto number = static_cast<llama_token>(token);
    piece.resize(kPieceBytes);
    auto get = [&] {
      return llama_token_to_piece(state_->vocabulary, number, piece.data(),
                                  static_cast<std::int32_t>(piece.size()), 0, false);
    };
    std::int32_t bytes = get();
    if (bytes < 0) {
      piece.resize(static_cast<std::size_t>(-bytes));
      bytes = get();
    }
    KALE_CHECK(bytes >= 0, "llama_token_to_piece wants more room than it asked for");
    text.append(piece, 0, static_cast<std::size_t>(bytes));
  }
  return to_valid_utf8(text);
}

std::int64_t Tokenizer::size() const { return state_->size; }

std::optional<std::int64_t> Tokenizer::id_of(std::string_view token) const {
  auto found = state_->numbers.find(std::string(token));
  if (found == state_->numbers.end()) return std::nullopt;
  return found->second;
}

std::optional<std::int64_t> Tokenizer::begins() const { return state_->begins; }

}  // namespace kale
