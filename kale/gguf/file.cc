#include "kale/gguf/file.h"

#include <fmt/format.h>
#include <ggml.h>
#include <gguf.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "kale/core/check.h"

namespace kale {
namespace {

constexpr float kF16Max = 65504;
// Of llama.cpp's enum llama_ftype, for whoever lists files.
constexpr std::int64_t kFileF32 = 0, kFileF16 = 1, kFileQ8 = 7, kQuantisation = 2;

ggml_type type_of(const GgufTensor& tensor, WeightType type) {
  if (tensor.exact || tensor.shape.size() == 1 || type == WeightType::kF32) return GGML_TYPE_F32;
  bool whole_blocks = tensor.shape.back() % ggml_blck_size(GGML_TYPE_Q8_0) == 0;
  return type == WeightType::kQ8_0 && whole_blocks ? GGML_TYPE_Q8_0 : GGML_TYPE_F16;
}

struct FreeTensors {
  void operator()(ggml_context* tensors) const { ggml_free(tensors); }
};

Result<std::string> bytes_of(const GgufTensor& tensor, const ggml_tensor& form) {
  KALE_TRY(auto values, tensor.values());
  KALE_CHECK(std::ssize(values) == ggml_nelements(&form), "a value for every place of a tensor");
  float most = form.type == GGML_TYPE_F32 ? std::numeric_limits<float>::max() : kF16Max;
  for (float value : values) {
    if (std::abs(value) <= most) continue;
    return Error{Code::kBadConfig,
                 fmt::format("tensor {} holds {}, which {} does not; {}", tensor.name, value,
                             ggml_type_name(form.type),
                             std::isfinite(value) ? "export as f32"
                                                  : "the weights are damaged, train them again")};
  }
  std::string bytes(ggml_nbytes(&form), '\0');
  std::int64_t row = form.ne[0];
  std::size_t written = ggml_quantize_chunk(form.type, values.data(), bytes.data(), 0,
                                            std::ssize(values) / row, row, nullptr);
  KALE_CHECK(written == bytes.size(), "all rows of a tensor are written");
  return bytes;
}

}  // namespace

void GgufFile::Free::operator()(gguf_context* keys) const { gguf_free(keys); }

GgufFile::GgufFile(WeightType type) : type_(type), keys_(gguf_init_empty()) {
  std::int64_t known = type == WeightType::kF32   ? kFileF32
                       : type == WeightType::kF16 ? kFileF16
                                                  : kFileQ8;
  set("general.file_type", known);
  if (type == WeightType::kQ8_0) set("general.quantization_version", kQuantisation);
}

GgufFile::~GgufFile() = default;

void GgufFile::set(const std::string& key, std::int64_t value) {
  KALE_CHECK(value >= 0 && value <= std::int64_t{UINT32_MAX}, key);
  gguf_set_val_u32(keys_.get(), key.c_str(), static_cast<std::uint32_t>(value));
}
void GgufFile::set(const std::string& key, double value) {
  gguf_set_val_f32(keys_.get(), key.c_str(), static_cast<float>(value));
}
void GgufFile::set(const std::string& key, bool value) {
  gguf_set_val_bool(keys_.get(), key.c_str(), value);
}
void GgufFile::set(const std::string& key, const std::string& value) {
  gguf_set_val_str(keys_.get(), key.c_str(), value.c_str());
}
void GgufFile::set(const std::string& key, const std::vector<float>& values) {
  gguf_set_arr_data(keys_.get(), key.c_str(), GGUF_TYPE_FLOAT32, values.data(), values.size());
}
void GgufFile::set(const std::string& key, const std::vector<std::int32_t>& values) {
  gguf_set_arr_data(keys_.get(), key.c_str(), GGUF_TYPE_INT32, values.data(), values.size());
}

Status GgufFile::write(Disk& disk, const std::filesystem::path& path) {
  std::unique_ptr<ggml_context, FreeTensors> forms(
      ggml_init({ggml_tensor_overhead() * (tensors_.size() + 1), nullptr, true}));
  std::vector<const ggml_tensor*> written;
  for (const GgufTensor& tensor : tensors_) {
    std::vector<std::int64_t> sides(tensor.shape.rbegin(), tensor.shape.rend());
    ggml_tensor* form = ggml_new_tensor(forms.get(), type_of(tensor, type_),
                                        static_cast<int>(sides.size()), sides.data());
    ggml_set_name(form, tensor.name.c_str());
    gguf_add_tensor(keys_.get(), form);
    written.push_back(form);
  }
  std::string head(gguf_get_meta_size(keys_.get()), '\0');
  gguf_get_meta_data(keys_.get(), head.data());

  std::filesystem::path aside = path;
  aside += ".aside";
  KALE_TRY(auto file, disk.create(aside));
  KALE_OK(file->append(head));
  const std::size_t alignment = gguf_get_alignment(keys_.get());
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    KALE_TRY(auto bytes, bytes_of(tensors_[i], *written[i]));
    bytes.resize((bytes.size() + alignment - 1) / alignment * alignment, '\0');
    KALE_OK(file->append(bytes));
  }
  KALE_OK(file->sync());
  KALE_OK(file->close());
  return disk.rename(aside, path);
}

}  // namespace kale
