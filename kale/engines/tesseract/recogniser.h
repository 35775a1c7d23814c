// One tesseract instance, and a pool of them.
// Errors   kBadConfig when tesseract cannot load its language data
// Threads  a Recogniser belongs to one thread at a time; the pool is safe from many
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kale/core/pixels.h"
#include "kale/core/result.h"

namespace tesseract {
class TessBaseAPI;
}

namespace kale {

struct RecogniserPlan {
  std::filesystem::path data;
  std::string language;
  int side_px_min = 0;
};

class Recogniser {
 public:
  static Result<std::unique_ptr<Recogniser>> make(const RecogniserPlan& plan);
  ~Recogniser();

  // {"words": [...]} as tesseract.h describes it.
  std::string words_json(const Pixels& pixels);

 private:
  Recogniser(std::unique_ptr<tesseract::TessBaseAPI> api, int side_px_min);

  std::unique_ptr<tesseract::TessBaseAPI> api_;
  int side_px_min_;
};

// Grows to the number of calls that compute at once, which is the number of worker threads.
class RecogniserPool {
 public:
  explicit RecogniserPool(RecogniserPlan plan);
  ~RecogniserPool();
  Result<std::unique_ptr<Recogniser>> take();
  void give(std::unique_ptr<Recogniser> recogniser);

 private:
  RecogniserPlan plan_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Recogniser>> free_;
};

}  // namespace kale
