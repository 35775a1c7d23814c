#include "kale/engines/tesseract/recogniser.h"

#include <fmt/format.h>
#include <leptonica/allheaders.h>
#include <omp.h>
#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace kale {
namespace {

using Json = nlohmann::ordered_json;

struct PixFree {
  void operator()(Pix* pix) const { pixDestroy(&pix); }
};
using PixPtr = std::unique_ptr<Pix, PixFree>;

PixPtr to_pix(const Pixels& pixels) {
  PixPtr pix(pixCreate(pixels.width, pixels.height, 32));
  l_uint32* row = pixGetData(pix.get());
  const std::uint8_t* from = pixels.rgb.data();
  for (int y = 0; y < pixels.height; ++y, row += pixGetWpl(pix.get())) {
    for (int x = 0; x < pixels.width; ++x, from += 3) {
      composeRGBPixel(from[0], from[1], from[2], row + x);
    }
  }
  return pix;
}

// Letters below about 20 pixels are misread; small pictures are enlarged.
PixPtr enlarged(PixPtr pix, int side_px_min) {
  int side = std::max(pixGetWidth(pix.get()), pixGetHeight(pix.get()));
  if (side >= side_px_min) return pix;
  float scale = static_cast<float>(side_px_min) / static_cast<float>(side);
  PixPtr large(pixScale(pix.get(), scale, scale));
  return large ? std::move(large) : std::move(pix);
}

double rounded(double value) { return std::round(value * 1000) / 1000; }

Json word_json(const tesseract::ResultIterator& at, const char* text, int width, int height) {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
  at.BoundingBox(tesseract::RIL_WORD, &left, &top, &right, &bottom);
  double w = width;
  double h = height;
  double confidence = static_cast<double>(at.Confidence(tesseract::RIL_WORD)) / 100;
  return {{"text", text},
          {"box",
           {rounded(left / w), rounded(top / h), rounded((right - left) / w),
            rounded((bottom - top) / h)}},
          {"confidence", rounded(std::clamp(confidence, 0.0, 1.0))}};
}

}  // namespace

Recogniser::Recogniser(std::unique_ptr<tesseract::TessBaseAPI> api, int side_px_min)
    : api_(std::move(api)), side_px_min_(side_px_min) {}

Recogniser::~Recogniser() { api_->End(); }

Result<std::unique_ptr<Recogniser>> Recogniser::make(const RecogniserPlan& plan) {
  setMsgSeverity(L_SEVERITY_NONE);
  auto api = std::make_unique<tesseract::TessBaseAPI>();
  if (api->Init(plan.data.c_str(), plan.language.c_str(), tesseract::OEM_LSTM_ONLY) != 0) {
    return Error{Code::kBadConfig,
                 fmt::format("tesseract cannot load {} from {}; install the language data again",
                             plan.language, plan.data.string())};
  }
  api->SetVariable("debug_file", "/dev/null");
  // Text anywhere, in no order: signs, coins and labels, not pages.
  api->SetPageSegMode(tesseract::PSM_SPARSE_TEXT);
  return std::unique_ptr<Recogniser>(new Recogniser(std::move(api), plan.side_px_min));
}

std::string Recogniser::words_json(const Pixels& pixels) {
  omp_set_num_threads(1);  // of this thread's own; rows are the parallelism
  Json words = Json::array();
  PixPtr pix = enlarged(to_pix(pixels), side_px_min_);
  int width = pixGetWidth(pix.get());
  int height = pixGetHeight(pix.get());
  api_->SetImage(pix.get());
  api_->SetSourceResolution(150);
  if (api_->Recognize(nullptr) == 0) {
    std::unique_ptr<tesseract::ResultIterator> at(api_->GetIterator());
    if (at) {
      do {
        std::unique_ptr<char[]> text(at->GetUTF8Text(tesseract::RIL_WORD));
        if (text && text[0] != '\0') words.push_back(word_json(*at, text.get(), width, height));
      } while (at->Next(tesseract::RIL_WORD));
    }
  }
  api_->Clear();
  return Json{{"words", words}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

RecogniserPool::RecogniserPool(RecogniserPlan plan) : plan_(std::move(plan)) {}
RecogniserPool::~RecogniserPool() = default;

Result<std::unique_ptr<Recogniser>> RecogniserPool::take() {
  {
    std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      auto recogniser = std::move(free_.back());
      free_.pop_back();
      return recogniser;
    }
  }
  return Recogniser::make(plan_);
}

void RecogniserPool::give(std::unique_ptr<Recogniser> recogniser) {
  std::lock_guard lock(mutex_);
  free_.push_back(std::move(recogniser));
}

}  // namespace kale
