#include "kale/train/validation.h"

#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "kale/evaluate/report/evaluation.h"
#include "kale/networks/door.h"
#include "kale/train/data/loader.h"
#include "kale/world/scene/truth.h"

namespace kale {
namespace {

constexpr std::size_t kSamplesShown = 16;
// Of the proving ground's measures, those that are followed during training.
constexpr std::array<std::string_view, 8> kMeasures = {"chair_i",  "colour_errors", "wrong_claims",
                                                       "all_true", "facts_told",    "names_kept",
                                                       "cider_d",  "words"};

using Scenes = std::vector<std::shared_ptr<const world::Scene>>;

evaluate::CaptionSet caption_set(const std::vector<Pair>& pairs, const Scenes& truths,
                                 const std::vector<std::string>& captions) {
  evaluate::CaptionSet set;
  for (std::size_t i = 0; i < captions.size(); ++i) {
    evaluate::CaptionRow row{
        .key = pairs[i].key, .alt_text = pairs[i].alt_text, .caption = captions[i]};
    row.truth = truths[i];
    set.has_truth |= row.truth != nullptr;
    set.rows.push_back(std::move(row));
  }
  return set;
}

Status add_measures(evaluate::CaptionSet set, std::int64_t threads, Validated& out) {
  evaluate::EvaluationOptions options;
  options.resampling.resamples = 1;  // no intervals are shown
  options.threads =
      static_cast<int>(threads > 0 ? threads : std::max(1U, std::thread::hardware_concurrency()));
  KALE_TRY(auto evaluation, evaluate::evaluate(std::move(set), {}, options));
  const auto& table = evaluate::measure_table();
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto& sum = evaluation->column.sums[i];
    if (sum && std::find(kMeasures.begin(), kMeasures.end(), table[i].name) != kMeasures.end())
      out.measures.emplace_back(table[i].name, sum->value);
  }
  return {};
}

std::string sample_text(const Pair& pair, const std::string& caption) {
  return fmt::format("**{}**\n\n- alt-text: {}\n- student: {}\n- wanted: {}\n\n", pair.key,
                     pair.alt_text, caption, pair.caption);
}

}  // namespace

Result<Validation> Validation::make(Corpus& corpus, Pictures pictures, ValidationOptions options) {
  Validation validation(std::move(pictures), std::move(options));
  for (std::size_t i = 0; i < corpus.blocks().size(); ++i) {
    KALE_TRY(Block block, corpus.read(i));
    if (block.unusable > 0) validation.leave_out(block.first_reason, block.unusable);
    for (Pair& pair : block.pairs) {
      std::string key = pair.key;
      Status added = validation.add(std::move(pair));
      if (!added) validation.leave_out(fmt::format("{}: {}", key, added.error().message));
    }
  }
  if (validation.pairs_.empty())
    return Error{Code::kBadConfig,
                 fmt::format("data.validation: no row has a picture and a caption: {}; see "
                             "data.caption_column and data.images_root",
                             validation.first_left_out_)};
  return validation;
}

void Validation::leave_out(const std::string& why, std::int64_t rows) {
  if (left_out_ == 0) first_left_out_ = why;
  left_out_ += rows;
}

Status Validation::add(Pair pair) {
  std::shared_ptr<const world::Scene> truth;
  if (!pair.truth.empty()) {
    KALE_TRY(world::Scene scene, world::parse_truth(pair.truth));
    truth = std::make_shared<world::Scene>(std::move(scene));
  }
  KALE_TRY(auto planes, pictures_.prepare(std::exchange(pair.image_bytes, nullptr)));
  pairs_.push_back(std::move(pair));
  planes_.push_back(std::move(planes));
  truths_.push_back(std::move(truth));
  return {};
}

double Validation::loss(const Student& student) const {
  at::NoGradGuard no_grad;
  const Layout layout = student.layout();
  std::vector<Example> examples;
  for (const Pair& pair : pairs_)
    examples.push_back(lay_out(layout, options_.layout, pair.alt_text, pair.caption));
  std::vector<std::size_t> rows(pairs_.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
  std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    return examples[a].tokens.size() < examples[b].tokens.size();
  });
  double sum = 0;
  std::int64_t tokens = 0;
  const auto at_once = static_cast<std::size_t>(options_.rows_at_once);
  for (std::size_t first = 0; first < rows.size(); first += at_once) {
    BatchMaker maker(pictures_.side(), layout.end_token);
    for (std::size_t i = first; i < std::min(rows.size(), first + at_once); ++i)
      maker.add(examples[rows[i]], planes_[rows[i]]);
    const Loss loss = batch_loss(*student.network, std::move(maker).finish(), options_.computing);
    sum += loss.sum.item<double>();
    tokens += loss.tokens;
  }
  return sum / static_cast<double>(tokens);
}

std::vector<std::string> Validation::captions(const Student& student) const {
  std::vector<std::string> all;
  const std::size_t wanted = std::min(pairs_.size(), static_cast<std::size_t>(options_.captions));
  const auto at_once = static_cast<std::size_t>(options_.rows_at_once);
  for (std::size_t first = 0; first < wanted; first += at_once) {
    std::vector<std::string> alt_texts;
    std::vector<float> pixels;
    for (std::size_t i = first; i < std::min(wanted, first + at_once); ++i) {
      alt_texts.push_back(pairs_[i].alt_text);
      pixels.insert(pixels.end(), planes_[i].begin(), planes_[i].end());
    }
    auto written = write_captions(student, options_.layout, alt_texts, pixels, options_.computing);
    all.insert(all.end(), written.begin(), written.end());
  }
  return all;
}

Result<Validated> Validation::run(const Student& student) const {
  return behind_door("validating", [&]() -> Result<Validated> {
    Validated out;
    out.measures.emplace_back("loss", loss(student));
    if (options_.captions == 0) return out;
    const std::vector<std::string> written = captions(student);
    KALE_OK(add_measures(caption_set(pairs_, truths_, written), options_.threads, out));
    for (std::size_t i = 0; i < std::min(written.size(), kSamplesShown); ++i)
      out.samples += sample_text(pairs_[i], written[i]);
    return out;
  });
}

}  // namespace kale
