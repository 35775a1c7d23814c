// Writes a GGUF model again with other quantisation of its weights.
//
//   kale_requantize IN.gguf OUT.gguf Q8_0
//
// For models that come in a form for which llama.cpp has no blocked matrix product (Q4_1, Q5_1):
// batches then gain little. Going to Q8_0 loses next to nothing; to Q4_0 it loses as much again.
#include <fmt/format.h>
#include <llama.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <string_view>

namespace {

const std::map<std::string_view, llama_ftype> kTypes = {
    {"F16", LLAMA_FTYPE_MOSTLY_F16},
    {"Q8_0", LLAMA_FTYPE_MOSTLY_Q8_0},
    {"Q6_K", LLAMA_FTYPE_MOSTLY_Q6_K},
    {"Q4_0", LLAMA_FTYPE_MOSTLY_Q4_0},
};

void print_errors(ggml_log_level level, const char* text, void*) {
  if (level == GGML_LOG_LEVEL_ERROR) std::fputs(text, stderr);
}

int fail(std::string_view why) {
  fmt::print(stderr, "kale_requantize: {}\n", why);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return fail("usage: kale_requantize IN.gguf OUT.gguf F16|Q8_0|Q6_K|Q4_0");
  auto type = kTypes.find(argv[3]);
  if (type == kTypes.end())
    return fail(fmt::format("unknown type {}; known: F16 Q8_0 Q6_K Q4_0", argv[3]));
  llama_log_set(print_errors, nullptr);
  llama_backend_init();
  auto params = llama_model_quantize_default_params();
  params.ftype = type->second;
  params.allow_requantize = true;
  std::filesystem::path out(argv[2]);
  auto aside = out;
  aside += ".part";
  if (llama_model_quantize(argv[1], aside.c_str(), &params) != 0)
    return fail(fmt::format("{}: cannot be read, or {} not written", argv[1], aside.string()));
  std::error_code error;
  std::filesystem::rename(aside, out, error);
  if (error) return fail(fmt::format("{}: {}", out.string(), error.message()));
  return 0;
}
