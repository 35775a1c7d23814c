// Tars for tests, made in memory by libarchive.
#pragma once

#include <string>
#include <vector>

namespace kale {

struct FakeMember {
  enum class Kind { kFile, kFolder, kHardLink, kSymbolicLink, kPipe };
  std::string name;
  std::string bytes;  // of a link: where it leads
  Kind kind = Kind::kFile;
};

// `packing`: "none", "gzip", "zstd", "xz" or "bzip2"; `format`: "ustar", "gnutar" or "pax".
std::string fake_tar(const std::vector<FakeMember>& members, const std::string& packing = "none",
                     const std::string& format = "ustar");

}  // namespace kale
