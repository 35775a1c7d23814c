// A folder of its own for a test, gone at the end of the scope.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "kale/core/check.h"

namespace kale {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "kale-XXXXXX").string();
    KALE_CHECK(::mkdtemp(name.data()) != nullptr, "tests can write to the temporary folder");
    path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;  // what is left over is the system's to clean
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace kale
