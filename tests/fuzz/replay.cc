// The main of a fuzz target where libFuzzer is not at hand: runs it over its seeds, over every
// truncation of each, and over a fixed number of seeded byte flips. What kills it, and what takes
// too long, is named.
//
//   journal_fuzz tests/fuzz/corpus/journal [INPUT...]    folders of seeds, or single files
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {
namespace fs = std::filesystem;

constexpr std::size_t kSeedBytesMax = 4096;  // all truncations of a seed are run
constexpr int kFlips = 500;                  // a seed
constexpr int kBytesFlippedMax = 4;          // at once
constexpr unsigned kInputSeconds = 20;

char now_running[512];  // read by the signal handler

extern "C" void tell(int signal) {
  constexpr char kDied[] = "\nreplay: died at ";
  constexpr char kSlow[] = "\nreplay: took too long at ";
  bool slow = signal == SIGALRM;
  std::size_t length = std::char_traits<char>::length(now_running);
  if (::write(STDERR_FILENO, slow ? kSlow : kDied, (slow ? sizeof kSlow : sizeof kDied) - 1) < 0 ||
      ::write(STDERR_FILENO, now_running, length) < 0 || ::write(STDERR_FILENO, "\n", 1) < 0 ||
      slow)
    ::_exit(1);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run(const std::string& bytes, const std::string& name) {
  auto end = fmt::format_to_n(now_running, sizeof now_running - 1, "{}", name);
  *end.out = '\0';
  ::alarm(kInputSeconds);
  // A copy of exactly this size, so that a sanitizer sees a read past its end.
  std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(input.data(), input.size());
  ::alarm(0);
}

// False where the seed is too large to be one.
bool run_seed(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string seed{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  run(seed, path.string());
  if (seed.size() > kSeedBytesMax) {
    fmt::print(stderr, "{} has {} bytes, a seed at most {}\n", path.string(), seed.size(),
               kSeedBytesMax);
    return false;
  }
  for (std::size_t length = 0; length < seed.size(); ++length)
    run(seed.substr(0, length), fmt::format("{} cut to {} bytes", path.string(), length));
  std::mt19937 random(1);
  for (int flip = 0; flip < kFlips && !seed.empty(); ++flip) {
    std::string flipped = seed;
    std::string places;
    int count = std::uniform_int_distribution(1, kBytesFlippedMax)(random);
    for (int i = 0; i < count; ++i) {
      auto at = std::uniform_int_distribution<std::size_t>(0, seed.size() - 1)(random);
      auto byte = static_cast<unsigned char>(std::uniform_int_distribution(0, 255)(random));
      flipped[at] = static_cast<char>(byte);
      places += fmt::format(" [{}]={:#04x}", at, byte);
    }
    run(flipped, path.string() + " with" + places);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  for (int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM}) std::signal(signal, tell);
  std::vector<fs::path> seeds;
  for (int i = 1; i < argc; ++i) {
    if (!fs::is_directory(argv[i])) {
      seeds.emplace_back(argv[i]);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(argv[i])) seeds.push_back(entry.path());
  }
  std::sort(seeds.begin(), seeds.end());
  if (seeds.empty()) {
    fmt::print(stderr, "no seeds; give a folder of tests/fuzz/corpus\n");
    return 1;
  }
  bool fits = true;
  for (const fs::path& seed : seeds) fits = run_seed(seed) && fits;
  fmt::print("{} seeds\n", seeds.size());
  return fits ? 0 : 1;
}
