// Makes students of the networks and tokenisers of tests/parity/student.py, case by case:
//
//   student_probe CASES
//
// CASES/<case>/base is a folder as transformers writes it, with tokenizer.json; prompts.jsonl has
// {"text", "image"} on each line, the image a binary PPM beside it. Written: student/, the folder
// as a training run leaves it, and replies.jsonl with {"prompt", "reply"}, both as tokens.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kale/networks/checkpoint.h"
#include "kale/networks/generate.h"
#include "kale/networks/llava.h"
#include "kale/networks/picture.h"
#include "kale/student/companions.h"
#include "kale/tokens/tokenizer.h"

namespace {

namespace fs = std::filesystem;
using namespace kale;
using Json = nlohmann::json;

constexpr std::int64_t kNewTokens = 24;  // as in student.py

template <class T>
T value_of(Result<T> result) {
  if (!result) fmt::print(stderr, "{}\n", describe_error(result.error()));
  KALE_CHECK(result.has_value(), "the case runs");
  return std::move(*result);
}

void fine(const Status& status) {
  if (!status) fmt::print(stderr, "{}\n", describe_error(status.error()));
  KALE_CHECK(status.has_value(), "the case runs");
}

Pixels read_ppm(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string magic;
  int most = 0;
  Pixels pixels;
  in >> magic >> pixels.width >> pixels.height >> most;
  in.get();
  pixels.rgb.resize(static_cast<std::size_t>(pixels.width) *
                    static_cast<std::size_t>(pixels.height) * 3);
  in.read(reinterpret_cast<char*>(pixels.rgb.data()),
          static_cast<std::streamsize>(pixels.rgb.size()));
  KALE_CHECK(in && magic == "P6" && most == 255, path.string());
  return pixels;
}

at::Tensor tensor_of(Planes planes) {
  return at::from_blob(planes.values.data(), {1, 3, planes.height, planes.width}, at::kFloat)
      .clone();
}

// A text begins with the model's first token, the picture, the prompt and a line's end.
std::vector<std::int64_t> prompt_tokens(const Tokenizer& tokenizer, const LlavaConfig& config,
                                        const std::string& text) {
  std::vector<std::int64_t> tokens;
  if (auto begins = tokenizer.begins()) tokens.push_back(*begins);
  tokens.insert(tokens.end(), static_cast<std::size_t>(config.image_tokens()), config.image_token);
  for (std::int64_t token : tokenizer.encode(text + "\n")) tokens.push_back(token);
  return tokens;
}

void run_case(const fs::path& folder) {
  auto network = value_of(load_network(real_disk(), folder / "base", {}));
  auto* llava = dynamic_cast<Llava*>(network.get());
  KALE_CHECK(llava != nullptr, "the case is a LLaVA");
  const LlavaConfig config = std::get<LlavaConfig>(llava->config());
  const PictureConfig pictures = student_pictures(config.vision);
  fine(save_network(real_disk(), folder / "student", *network));
  fine(write_companions(real_disk(), folder / "student",
                        {.config = config,
                         .tokenizer = value_of(student_tokenizer(real_disk(), folder / "base")),
                         .pictures = pictures,
                         .new_tokens_max = kNewTokens}));
  auto tokenizer = value_of(Tokenizer::open(real_disk(), folder / "student"));
  KALE_CHECK(tokenizer->id_of(kImageToken) == config.image_token, "the picture has its token");

  std::ifstream prompts(folder / "prompts.jsonl");
  std::ofstream replies(folder / "replies.jsonl");
  for (std::string line; std::getline(prompts, line);) {
    Json asked = Json::parse(line);
    auto prompt = prompt_tokens(*tokenizer, config, asked["text"].get<std::string>());
    Pixels picture = read_ppm(folder / asked["image"].get<std::string>());
    at::Tensor features =
        llava->image_features(tensor_of(prepare_picture(std::move(picture), pictures)));
    at::Tensor tokens = at::tensor(prompt, at::kLong).unsqueeze(0);
    at::Tensor reply = generate(llava->text(), llava->embed(tokens, features),
                                at::ones_like(tokens, at::kBool), {.new_tokens_max = kNewTokens});
    const auto* begin = reply.data_ptr<std::int64_t>();
    std::vector<std::int64_t> written(begin, begin + reply.numel());
    replies << Json{{"prompt", prompt}, {"reply", written}, {"text", tokenizer->decode(written)}}
            << '\n';
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return fmt::print(stderr, "student_probe CASES\n"), 2;
  at::set_num_threads(1);
  at::NoGradGuard no_grad;
  for (const auto& entry : fs::directory_iterator(words[1])) run_case(entry.path());
}
