// Runs our networks on the weights and inputs of tests/parity/networks.py, case by case:
//
//   networks_probe CASES
//
// CASES/<case>/model is a folder as transformers writes it, CASES/<case>/inputs.safetensors has
// tokens, mask, labels, pixels. Written beside them: outputs.safetensors with what the network
// says, its loss, gradients and weights after ten steps of AdamW; saved/, the network as we write
// it.
// A case with preprocessor_config.json has pictures [height, width, 3], and gets planes.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "kale/models/safetensors.h"
#include "kale/networks/adamw.h"
#include "kale/networks/checkpoint.h"
#include "kale/networks/dual.h"
#include "kale/networks/generate.h"
#include "kale/networks/llava.h"
#include "kale/networks/picture.h"

namespace {

namespace fs = std::filesystem;
using namespace kale;
using Tensors = std::map<std::string, at::Tensor>;

constexpr int kSteps = 10;
// With epsilon 1e-8, gradients that are zero but for rounding (of a key's bias, say) would move a
// weight by whole steps.
constexpr AdamwOptions kAdamw = {.rate = 1e-3, .epsilon = 1e-4, .decay = 0.01};

template <class T>
T value_of(Result<T> result) {
  if (!result) fmt::print(stderr, "{}\n", describe_error(result.error()));
  KALE_CHECK(result.has_value(), "the case runs");
  return std::move(*result);
}

at::ScalarType type_of(std::string_view dtype) {
  if (dtype == "U8") return at::kByte;
  return dtype == "I64" ? at::kLong : at::kFloat;
}

Tensors read_tensors(const fs::path& path) {
  auto file = value_of(SafetensorsFile::open(real_disk(), path));
  Tensors tensors;
  for (const auto& [name, place] : file.tensors()) {
    at::Tensor x = at::empty(place.shape, type_of(place.dtype));
    KALE_CHECK(file.read(place, {static_cast<char*>(x.data_ptr()), x.nbytes()}), "it reads");
    tensors[name] = x;
  }
  return tensors;
}

void write_tensors(const fs::path& path, Tensors& tensors) {
  std::map<std::string, Tensor, std::less<>> out;
  for (auto& [name, x] : tensors) {
    x = x.detach().contiguous();
    std::vector<std::int64_t> shape(x.sizes().begin(), x.sizes().end());
    out[name] = {.dtype = x.scalar_type() == at::kLong ? "I64" : "F32",
                 .shape = std::move(shape),
                 .bytes = {static_cast<const char*>(x.data_ptr()), x.nbytes()}};
  }
  KALE_CHECK(write_safetensors(real_disk(), path, out, {}), "outputs can be written");
}

// The loss of the case; what the network says goes to `out`.
at::Tensor forward(Network& network, Tensors& in, Tensors& out) {
  at::Tensor mask = in["mask"].defined() ? in["mask"].to(at::kBool) : at::Tensor();
  if (auto* vision = dynamic_cast<VisionTower*>(&network)) {
    out["last"] = vision->last(in["pixels"]);
    out["pooled"] = vision->pooled(in["pixels"]);
    out["large"] = vision->last(in["large_pixels"]);
    return (out["last"] * in["probe"]).sum() + out["pooled"].sum() + out["large"].mean();
  }
  if (auto* dual = dynamic_cast<DualEncoder*>(&network)) {
    out["similarity"] =
        dual->similarity(dual->text_features(in["tokens"]), dual->image_features(in["pixels"]));
    return dual->loss(out["similarity"]);
  }
  auto* llava = dynamic_cast<Llava*>(&network);
  Decoder& text = llava != nullptr ? llava->text() : dynamic_cast<Decoder&>(network);
  if (llava != nullptr) {
    out["logits"] = text.logits(llava->hidden(in["tokens"], in["pixels"], mask));
    return llava->loss(in["tokens"], in["pixels"], mask, in["labels"]).mean();
  }
  const DecoderInput input{.embeddings = text.embed(in["tokens"]), .mask = mask, .positions = {}};
  out["logits"] = text.logits(text.hidden(input));
  return text.loss(input, in["labels"]).mean();
}

void generate_case(Network& network, Tensors& in, Tensors& out) {
  if (!in["prompt"].defined()) return;
  at::NoGradGuard no_grad;
  auto* llava = dynamic_cast<Llava*>(&network);
  const Decoder& text = llava != nullptr ? llava->text() : dynamic_cast<Decoder&>(network);
  at::Tensor embeddings = llava != nullptr
                              ? llava->embed(in["prompt"], llava->image_features(in["pixels"]))
                              : text.embed(in["prompt"]);
  GenerateOptions options;
  options.new_tokens_max = 24;
  at::Tensor mask = in["prompt_mask"].to(at::kBool);
  out["generated"] = generate(text, embeddings, mask, options);
  options.beams = 3;
  out["beams"] = generate(text, embeddings, mask, options);
}

void run_case(const fs::path& folder) {
  auto network = value_of(load_network(real_disk(), folder / "model", {}));
  Tensors in = read_tensors(folder / "inputs.safetensors");
  Tensors out;
  generate_case(*network, in, out);
  auto parameters = network->parameters();
  std::vector<at::Tensor> tensors;
  for (const Parameter& p : parameters) tensors.push_back(p.tensor->set_requires_grad(true));
  KALE_CHECK(save_network(real_disk(), folder / "saved", *network), "the network can be written");

  Adamw optimiser(tensors, kAdamw);
  std::vector<at::Tensor> losses;
  for (int step = 0; step <= kSteps; ++step) {
    Tensors said;
    at::Tensor loss = forward(*network, in, said);
    losses.push_back(loss.detach());
    if (step == kSteps) break;
    optimiser.forget_gradients();
    loss.backward();
    if (step == 0) {
      out.merge(said);
      for (const Parameter& p : parameters) {
        at::Tensor gradient = p.tensor->grad();
        if (gradient.defined()) out["gradient." + p.name] = gradient.clone();
      }
    }
    optimiser.step();
  }
  out["losses"] = at::stack(losses);
  for (const Parameter& p : parameters) out["after." + p.name] = *p.tensor;
  write_tensors(folder / "outputs.safetensors", out);
}

void run_pictures(const fs::path& folder) {
  auto json = value_of(real_disk().read(folder / "preprocessor_config.json", kConfigBytesMax));
  PictureConfig config = value_of(read_picture_config(json, folder.string()));
  Tensors out;
  for (const auto& [name, picture] : read_tensors(folder / "inputs.safetensors")) {
    auto* first = picture.const_data_ptr<std::uint8_t>();
    Pixels pixels{.width = static_cast<int>(picture.size(1)),
                  .height = static_cast<int>(picture.size(0)),
                  .rgb = {first, first + picture.numel()}};
    Planes planes = prepare_picture(std::move(pixels), config);
    out[name] =
        at::from_blob(planes.values.data(), {3, planes.height, planes.width}, at::kFloat).clone();
  }
  write_tensors(folder / "outputs.safetensors", out);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: networks_probe CASES\n", stderr);
    return 2;
  }
  at::set_num_threads(1);  // these networks are too small to share
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(argv[1])) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) {
    bool pictures = fs::exists(folder / "preprocessor_config.json");
    pictures ? run_pictures(folder) : run_case(folder);
  }
  return 0;
}
