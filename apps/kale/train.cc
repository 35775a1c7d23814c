// `kale train` is a program of its own, which lies beside this one: it alone is linked to libtorch.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "apps/kale/verbs.h"

namespace kale {
namespace fs = std::filesystem;
namespace {

// Comes back only where it could not.
Error become(const std::vector<std::string>& arguments) {
  std::error_code code;
  const fs::path self = fs::read_symlink("/proc/self/exe", code);
  const fs::path program = self.parent_path() / "kale-train";
  std::vector<std::string> words = {program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv(program.c_str(), argv.data());
  if (errno != ENOENT)
    return Error{Code::kIo, fmt::format("{}: {}", program.string(), std::strerror(errno))};
  return Error{Code::kNotBuilt,
               fmt::format("{} is not there: `make train` builds it, in a build that has libtorch",
                           program.string())};
}

}  // namespace

void add_train(CLI::App& app, int& exit) {
  CLI::App* verb = app.add_subcommand(
      "train", "distil a student: a small network that captions as a run has (kale train --help)");
  verb->set_help_flag();
  verb->prefix_command();
  verb->callback([verb, &exit] { exit = report(become(verb->remaining())); });
}

}  // namespace kale
