// The build without llama.cpp.
#include "kale/tokens/tokenizer.h"

namespace kale {

struct Tokenizer::State {};

Tokenizer::Tokenizer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Tokenizer::~Tokenizer() = default;

Result<std::unique_ptr<Tokenizer>> Tokenizer::open(Disk&, const std::filesystem::path&) {
  return Error{Code::kNotBuilt,
               "this kale is built without llama.cpp, whose vocabularies make the tokens; build "
               "with cmake --workflow --preset release"};
}

std::vector<std::int64_t> Tokenizer::encode(std::string_view) const { return {}; }
std::string Tokenizer::decode(std::span<const std::int64_t>) const { return {}; }
std::int64_t Tokenizer::size() const { return 0; }
std::optional<std::int64_t> Tokenizer::id_of(std::string_view) const { return std::nullopt; }
std::optional<std::int64_t> Tokenizer::begins() const { return std::nullopt; }

}  // namespace kale
