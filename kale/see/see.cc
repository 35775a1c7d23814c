#include "kale/see/see.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "kale/see/measure.h"

namespace kale {
namespace {

using Json = nlohmann::ordered_json;

// Three digits: more would be noise, and would differ between processors.
double rounded(double share) { return std::round(share * 1000) / 1000; }

Json classes_json(const Json& classes) {
  Json list = Json::array();
  for (const Json& item : classes) {
    list.push_back(
        {{"name", item["name"]}, {"probability", rounded(item["probability"].get<double>())}});
  }
  return list;
}

bool is_class_list(const Json& reply) {
  if (!reply.is_object() || !reply.contains("classes")) return false;
  const Json& classes = reply["classes"];
  if (!classes.is_array() || classes.empty()) return false;
  for (const Json& item : classes) {
    if (!item.is_object() || !item.contains("name") || !item["name"].is_string()) return false;
    if (!item.contains("probability") || !item["probability"].is_number()) return false;
  }
  return true;
}

std::string facts_json(const Json& classes, const Measured& measured) {
  Json colours = Json::array();
  for (const ColourShare& share : measured.colours) {
    colours.push_back({{"name", colour_name(share.colour)}, {"share", rounded(share.share)}});
  }
  Json box = Json::array();
  for (double side : measured.box) box.push_back(rounded(side));
  Json facts = {
      {"classes", classes_json(classes)},
      {"colours", colours},
      {"background",
       {{"colour", colour_name(measured.background)},
        {"share", rounded(measured.background_share)},
        {"plain", measured.plain}}},
      {"layout",
       {{"box", box},
        {"position", measured.position},
        {"area_share", rounded(measured.area_share)},
        {"orientation", measured.orientation}}},
      {"look",
       {{"kind", measured.kind},
        {"distinct_colours", measured.distinct_colours},
        {"brightness", measured.brightness}}},
  };
  return facts.dump();
}

class See : public Step {
 public:
  explicit See(Engine& eyes) : eyes_(eyes) {}

  StepTraits traits() const override {
    return {.name = "see",
            .reads = {Column::kPixels},
            .writes = {Column::kFacts},
            .revision = 2,
            .engines = {&eyes_}};
  }

  Task<Outcome> apply(Row& row, Context& ctx) override {
    KALE_CHECK(row.pixels != nullptr, "see is handed pixels");
    Measured measured = measure_picture(*row.pixels);
    Prompt prompt;
    prompt.images.push_back(row.pixels);
    Decoding decoding;
    auto reply = co_await ctx.ask(eyes_, std::move(prompt), std::move(decoding));
    if (!reply) co_return Failed{std::move(reply).error()};
    Json answer = Json::parse(reply->choices.front().text, nullptr, false);
    if (!is_class_list(answer)) {
      co_return Failed{Error{Code::kCorrupt, eyes_.traits().id +
                                                 " does not answer with classes; name a "
                                                 "classifier in see.engine"}};
    }
    row.facts = facts_json(answer["classes"], measured);
    co_return On{};
  }

 private:
  Engine& eyes_;
};

}  // namespace

Result<std::unique_ptr<Step>> make_see(SeeOptions options, const BuildContext& build) {
  KALE_TRY(Engine * eyes, build.engine(options.engine));
  return std::unique_ptr<Step>(std::make_unique<See>(*eyes));
}

}  // namespace kale
