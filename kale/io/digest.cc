#include "kale/io/digest.h"

#include <fmt/format.h>
#include <openssl/sha.h>
#include <xxhash.h>

#include <array>
#include <cstdio>

namespace kale {
namespace {

std::string hex_of(XXH128_hash_t hash) {
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace

std::uint64_t xxh3_64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string xxh128_hex(std::string_view bytes) {
  return hex_of(XXH3_128bits(bytes.data(), bytes.size()));
}

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  std::string hex;
  for (unsigned char byte : digest) fmt::format_to(std::back_inserter(hex), "{:02x}", byte);
  return hex;
}

Result<std::string> xxh128_file(const std::filesystem::path& path) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) return Error{Code::kNotFound, "cannot open " + path.string()};
  std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state(XXH3_createState(),
                                                                        XXH3_freeState);
  XXH3_128bits_reset(state.get());
  std::string block(std::size_t{1} << 20, '\0');
  while (std::size_t got = std::fread(block.data(), 1, block.size(), file.get()))
    XXH3_128bits_update(state.get(), block.data(), got);
  if (std::ferror(file.get())) return Error{Code::kIo, "cannot read " + path.string()};
  return hex_of(XXH3_128bits_digest(state.get()));
}

struct Digest::State {
  XXH3_state_t* xxh = XXH3_createState();
  ~State() { XXH3_freeState(xxh); }
};

Digest::Digest() : state_(std::make_unique<State>()) { XXH3_128bits_reset(state_->xxh); }
Digest::~Digest() = default;

Digest& Digest::add(std::string_view field) {
  add(static_cast<std::int64_t>(field.size()));
  XXH3_128bits_update(state_->xxh, field.data(), field.size());
  return *this;
}

Digest& Digest::add(std::int64_t field) {
  XXH3_128bits_update(state_->xxh, &field, sizeof field);
  return *this;
}

Digest& Digest::append(std::string_view bytes) {
  XXH3_128bits_update(state_->xxh, bytes.data(), bytes.size());
  return *this;
}

std::string Digest::hex() const { return hex_of(XXH3_128bits_digest(state_->xxh)); }
std::uint64_t Digest::low64() const { return XXH3_128bits_digest(state_->xxh).low64; }

}  // namespace kale
