// Writes small models with random weights, for trying the way of pictures where no VLM is at hand.
//
//   kale_fake_vlm OUT.gguf projector FORM WIDTH [SEED]
//       for a model of that width; forms llava, internvl, gemma3, qwen2vl
//   kale_fake_vlm OUT.gguf model FORM OTHER.gguf
//       of width 64, with the vocabulary of another; forms llama, qwen2vl
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <string_view>

#include "kale/engines/llama/vlm_fake.h"

namespace {

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

kale::Status write(int argc, char** argv) {
  if (std::string_view(argv[2]) == "model")
    return kale::llama::write_fake_model(argv[1], argv[3], argv[4]);
  kale::llama::FakeProjector projector{.form = argv[3], .width = number(argv[4])};
  if (argc == 6) projector.seed = static_cast<std::uint64_t>(number(argv[5]));
  return kale::llama::write_fake_projector(argv[1], projector);
}

}  // namespace

int main(int argc, char** argv) {
  std::string_view what = argc > 2 ? argv[2] : "";
  if (!(what == "projector" && (argc == 5 || argc == 6)) && !(what == "model" && argc == 5)) {
    fmt::print(stderr,
               "kale_fake_vlm: usage: kale_fake_vlm OUT.gguf projector FORM WIDTH [SEED], or\n"
               "  kale_fake_vlm OUT.gguf model FORM OTHER.gguf\n");
    return 1;
  }
  auto written = write(argc, argv);
  if (!written) fmt::print(stderr, "kale_fake_vlm: {}\n", kale::describe_error(written.error()));
  return written ? 0 : 1;
}
