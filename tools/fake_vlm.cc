// Writes small models with random weights, for trying the way of pictures where no VLM is at hand.
//
//   kale_fake_vlm OUT.gguf llava 576 [SEED]      a projector for a model of that width; also
//                                                internvl, gemma3, qwen2vl
//   kale_fake_vlm OUT.gguf mrope MODEL.gguf      a language model of Qwen2-VL's form (width 64) with
//                                                the vocabulary of another; goes with qwen2vl
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
  if (std::string_view(argv[2]) == "mrope")
    return kale::llama::write_fake_mrope_model(argv[1], argv[3]);
  kale::llama::FakeProjector projector{.form = argv[2], .width = number(argv[3])};
  if (argc == 5) projector.seed = static_cast<std::uint64_t>(number(argv[4]));
  return kale::llama::write_fake_projector(argv[1], projector);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 && argc != 5) {
    fmt::print(stderr, "kale_fake_vlm: usage: kale_fake_vlm OUT.gguf FORM WIDTH|MODEL [SEED]\n");
    return 1;
  }
  auto written = write(argc, argv);
  if (!written) fmt::print(stderr, "kale_fake_vlm: {}\n", kale::describe_error(written.error()));
  return written ? 0 : 1;
}
