#include "kale/resume/journal.h"

#include <bit>
#include <cstring>
#include <utility>

#include "kale/io/digest.h"

namespace kale {
namespace {

static_assert(std::endian::native == std::endian::little, "the journal is little-endian");

constexpr std::string_view kVersionLine = "kale journal 1\n";
constexpr std::size_t kFrameHeadBytes = sizeof(std::uint32_t) + sizeof(std::uint64_t);

class Writer {
 public:
  void number(std::uint64_t value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_.append(value);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    std::string_view raw = take(sizeof value);
    if (ok_) std::memcpy(&value, raw.data(), sizeof value);
    return value;
  }
  std::string_view text() { return take(number()); }
  bool ok() const { return ok_; }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size()) ok_ = false;
    if (!ok_) return {};
    std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  std::string_view bytes_;
  bool ok_ = true;
};

std::string encode(const Reply& reply) {
  Writer writer;
  writer.number(static_cast<std::uint64_t>(reply.prompt_tokens));
  writer.number(reply.choices.size());
  for (const Choice& choice : reply.choices) {
    writer.text(choice.text);
    writer.number(static_cast<std::uint64_t>(choice.finish));
    writer.number(static_cast<std::uint64_t>(choice.new_tokens));
  }
  return writer.take();
}

std::optional<Reply> decode(std::string_view bytes) {
  Reader reader(bytes);
  Reply reply;
  reply.prompt_tokens = static_cast<int>(reader.number());
  std::uint64_t choices = reader.number();
  for (std::uint64_t i = 0; i < choices && reader.ok(); ++i) {
    Choice choice;
    choice.text = reader.text();
    std::uint64_t finish = reader.number();
    if (finish > static_cast<std::uint64_t>(Finish::kRepetition)) return {};
    choice.finish = static_cast<Finish>(finish);
    choice.new_tokens = static_cast<int>(reader.number());
    reply.choices.push_back(std::move(choice));
  }
  if (!reader.ok() || reply.choices.empty()) return {};
  return reply;
}

std::string frame(std::string_view payload) {
  auto size = static_cast<std::uint32_t>(payload.size());
  std::uint64_t sum = xxh3_64(payload);
  std::string bytes(kFrameHeadBytes, '\0');
  std::memcpy(bytes.data(), &size, sizeof size);
  std::memcpy(bytes.data() + sizeof size, &sum, sizeof sum);
  bytes += payload;
  return bytes;
}

// The payload of the frame at the front of `bytes`, or nothing where it is cut or damaged.
std::optional<std::string_view> unframe(std::string_view bytes) {
  if (bytes.size() < kFrameHeadBytes) return {};
  std::uint32_t size = 0;
  std::uint64_t sum = 0;
  std::memcpy(&size, bytes.data(), sizeof size);
  std::memcpy(&sum, bytes.data() + sizeof size, sizeof sum);
  bytes.remove_prefix(kFrameHeadBytes);
  if (size > bytes.size() || xxh3_64(bytes.substr(0, size)) != sum) return {};
  return bytes.substr(0, size);
}

}  // namespace

std::string memo_key(std::string_view row_key, const StepPrint& step, int call,
                     const Engine& engine, const Prompt& prompt, const Decoding& decoding) {
  EngineTraits traits = engine.traits();
  Digest digest;
  digest.add(row_key)
      .add(step.name)
      .add(step.print)
      .add(call)
      .add(traits.id)
      .add(traits.model_digest);
  digest.add(traits.revision).add(static_cast<std::int64_t>(prompt.messages.size()));
  for (const Message& message : prompt.messages) digest.add(message.role).add(message.content);
  for (const PixelsPtr& image : prompt.images) {
    digest.add(image->width).add(image->height);
    digest.add({reinterpret_cast<const char*>(image->rgb.data()), image->rgb.size()});
  }
  for (const std::string& url : prompt.image_urls) digest.add(url);
  digest.add(decoding.new_tokens_max).add(std::bit_cast<std::int64_t>(decoding.temperature));
  digest.add(std::bit_cast<std::int64_t>(decoding.top_p)).add(decoding.top_k);
  digest.add(std::bit_cast<std::int64_t>(decoding.repetition_penalty)).add(decoding.candidates);
  digest.add(static_cast<std::int64_t>(decoding.seed));
  for (const std::string& stop : decoding.stop) digest.add(stop);
  if (!decoding.begins_with.empty())
    digest.add(static_cast<std::int64_t>(decoding.stop.size())).add(decoding.begins_with);
  return digest.hex();
}

Result<std::unique_ptr<Journal>> Journal::open(Disk& disk, const std::filesystem::path& path) {
  std::unique_ptr<Journal> journal(new Journal(disk, path));
  KALE_OK(journal->load());
  return journal;
}

Status Journal::load() {
  auto bytes = disk_.read(path_, kStateFileBytesMax);
  if (!bytes) {
    if (bytes.error().code == Code::kNotFound) return {};
    return std::move(bytes).error();
  }
  std::string_view rest = *bytes;
  if (!rest.starts_with(kVersionLine)) return {};  // cut before anything was in it
  rest.remove_prefix(kVersionLine.size());
  while (auto payload = unframe(rest)) {
    Reader reader(*payload);
    std::string key(reader.text());
    std::string_view reply = reader.text();
    if (!reader.ok()) break;
    replies_.emplace(std::move(key), reply);
    rest.remove_prefix(kFrameHeadBytes + payload->size());
  }
  must_rewrite_ = !rest.empty();
  if (must_rewrite_) valid_ = bytes->substr(0, bytes->size() - rest.size());
  return {};
}

Status Journal::open_for_append() {
  if (file_) return {};
  if (must_rewrite_) {
    KALE_OK(
        write_whole_file(disk_, path_, valid_.empty() ? kVersionLine : std::string_view(valid_)));
    valid_.clear();
    must_rewrite_ = false;
  }
  KALE_TRY(file_, disk_.append_to(path_));
  return {};
}

std::optional<Reply> Journal::find(const std::string& key) const {
  std::lock_guard lock(mutex_);
  auto found = replies_.find(key);
  return found == replies_.end() ? std::nullopt : decode(found->second);
}

Status Journal::record(const std::string& key, const Reply& reply) {
  Writer payload;
  payload.text(key);
  payload.text(encode(reply));
  std::string framed = frame(payload.take());
  std::lock_guard lock(mutex_);
  KALE_OK(open_for_append());
  KALE_OK(file_->append(framed));
  dirty_ = true;
  return {};
}

Status Journal::sync() {
  std::lock_guard lock(mutex_);
  if (!std::exchange(dirty_, false)) return {};
  return file_->sync();
}

Status Journal::remove() {
  std::lock_guard lock(mutex_);
  file_.reset();
  dirty_ = false;
  return disk_.remove(path_);
}

std::size_t Journal::answers() const {
  std::lock_guard lock(mutex_);
  return replies_.size();
}

}  // namespace kale
