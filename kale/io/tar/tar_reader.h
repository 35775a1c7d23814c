// The members of a tar, one after another: plain, or compressed with gzip, zstd, xz or bzip2; which
// of these, the bytes say. Nothing is ever written to disk: names are only names, whatever they
// look like.
// Errors   kCorrupt where the tar is cut, damaged or no tar at all, naming it and the member, kIo
//          as the disk said it; both for good, for what stands behind them cannot be found. kLimit
//          from read() for a member that is too large, after which the next one can be read
// Threads  one at a time
// Units    memory: a buffer of kTarBufferBytes, what the compression needs (xz: at most 1 GiB, zstd
//          128 MiB, as the file says), and the member that read() returns
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "kale/core/result.h"
#include "kale/io/disk.h"

namespace kale {

inline constexpr std::size_t kTarBufferBytes = std::size_t{1} << 16;

struct TarMember {
  std::string name;      // its bytes as they stand in the tar; may be absolute, or hold ".."
  bool is_file = false;  // a regular file: no folder, link, device or pipe
  std::int64_t bytes = 0;
  std::int64_t position = 0;  // of its header, in the bytes of the uncompressed tar
};

class TarReader {
 public:
  // `shown_name` names the tar in errors. Bytes that are no tar are noticed by next().
  TarReader(std::unique_ptr<ReadableFile> file, std::string shown_name);
  ~TarReader();

  // The next member, passing over what is left of the one before; nothing after the last.
  Result<std::optional<TarMember>> next();
  // The member's bytes; once, and not after skip().
  Result<std::string> read(std::int64_t bytes_max);
  // Passes over what is left of the member: seeks where the tar is plain, else reads on. An error
  // here means that the member is not whole.
  Status skip();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kale
