// The samples of a WebDataset tar: members that stand together and share a key. The key is a
// member's name to the first dot of its last part, the field what follows, in lower case
// (`a/b.seg.PNG`: key a/b, field seg.png).
//
// Passed over: what is no regular file; names without a dot, or with nothing before it
// (`._a.jpg`, of other systems' making); `__x__` in the tar's root.
// A key that comes again after another one begins a sample of its own.
//
// Rows     a sample comes out Failed kCorrupt where it has a field twice, or where the tar is cut
//          or damaged inside it, and is then the last; where that is between members, after the
//          sample before it one more without a key comes out so. Failed kLimit beyond
//          kSampleFieldsMax fields. Dropped kTooManyBytes for a member that is too large. What is
//          asked for changes nothing of how many samples there are.
// Errors   the disk's
// Threads  one at a time
// Units    memory: one sample's best picture and texts, each within its limit
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kale/core/outcome.h"
#include "kale/io/tar/tar_reader.h"

namespace kale {

inline constexpr std::size_t kSampleFieldsMax = 1000;

// Which fields are read.
struct SampleFields {
  std::vector<std::string> pictures;  // the best first; one of them is taken
  std::string text;
  std::string json;
  std::int64_t picture_bytes_max = 0;
  std::int64_t text_bytes_max = 0;  // of text and json each
};

struct SampleWants {
  bool picture = false;
  bool texts = false;
};

struct Sample {
  std::string key;
  std::string picture;  // name of its member; empty: the sample has none
  std::shared_ptr<const std::string> picture_bytes;
  std::optional<std::string> text;
  std::optional<std::string> json;
  std::int64_t bytes = 0;  // of pictures and texts, whether they were read or not
  Outcome outcome = On{};  // On, Dropped or Failed
};

class SampleReader {
 public:
  // `fields` is kept by reference.
  SampleReader(std::unique_ptr<ReadableFile> file, std::string shown_name,
               const SampleFields& fields)
      : tar_(std::move(file), shown_name), shown_name_(std::move(shown_name)), fields_(fields) {}

  // The next sample; nothing after the last.
  Result<std::optional<Sample>> next(SampleWants wants);

 private:
  struct Member {
    std::string name;
    std::string key;
    std::string field;
    std::int64_t bytes = 0;
  };
  enum class Use { kNone, kPicture, kText, kJson };

  Status look_ahead();
  Status take(Sample& sample, SampleWants wants);
  Use use_of(const std::string& field, std::int64_t bytes, Sample& sample);
  static void put(Use use, std::string bytes, Sample& sample);

  TarReader tar_;
  std::string shown_name_;
  const SampleFields& fields_;
  std::optional<Member> ahead_;  // first member of the next sample
  std::optional<Error> torn_;    // what ended the tar, until a sample has said so
  bool ended_ = false;
  std::set<std::string> seen_;  // fields of the sample at hand
  std::size_t best_picture_ = 0;
};

}  // namespace kale
