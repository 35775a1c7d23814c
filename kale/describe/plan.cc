#include "kale/describe/plan.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

#include "kale/text/utf8.h"

namespace kale::describe {
namespace {

constexpr double kKinTrust = 0.5;        // of the unlisted probability, where all classes agree
constexpr double kDoubtedMin = 0.9;      // for classes that are named too readily
constexpr double kDrawingDoubt = 0.15;   // classifiers learn from photographs
constexpr double kColourShareMin = 0.1;  // less is not worth a word
constexpr double kColourAll = 0.85;      // "almost entirely brown"
constexpr double kColourMost = 0.55;     // "mostly brown"
constexpr std::size_t kColoursMax = 3;
constexpr std::size_t kQuotedWordsMax = 10;
constexpr std::size_t kQuotedBytesMax = 80;

struct Best {
  std::string name;
  double probability = 0;
};

// The likeliest kind. Classes of one kind vouch for each other: five different birds at 0.05 each
// are a bird far more surely than 0.25 says, for what the classifier spreads over the classes that
// are not listed goes to other birds.
Best likeliest(const Facts& facts, const ClassGroups& groups, std::string ClassKind::*member) {
  struct Kin {
    double probability = 0;
    int classes = 0;
  };
  std::map<std::string, Kin> kins;
  double unlisted = 1;
  for (const ClassGuess& guess : facts.classes) {
    unlisted -= guess.probability;
    ClassKind kind = groups.find(guess.name);
    if ((kind.*member).empty()) continue;
    kins[kind.*member].probability += guess.probability;
    ++kins[kind.*member].classes;
  }
  Best best;
  double others = std::max<double>(1, static_cast<double>(facts.classes.size()) - 1);
  for (const auto& [name, kin] : kins) {
    double vouched = kKinTrust * std::max(0.0, unlisted) * (kin.classes - 1) / others;
    if (kin.probability + vouched > best.probability) best = {name, kin.probability + vouched};
  }
  return best;
}

void name_subject(Plan& plan, const Facts& facts, const ClassGroups& groups,
                  Thresholds thresholds) {
  if (facts.classes.empty()) return;
  if (facts.kind == "drawing") {
    thresholds.sure = std::min(thresholds.sure + kDrawingDoubt, 1.0);
    thresholds.unsure = std::min(thresholds.unsure + kDrawingDoubt, 1.0);
  }
  ClassKind first = groups.find(facts.classes[0].name);
  Best named{first.phrase, facts.classes[0].probability};
  if (first.doubted && named.probability < kDoubtedMin) named.probability = 0;
  if (named.probability >= thresholds.sure) {
    plan.flat = named.name;
    return;
  }
  Best kind = likeliest(facts, groups, &ClassKind::kind);
  Best wider = likeliest(facts, groups, &ClassKind::wider);
  for (const Best* best : {&kind, &wider}) {
    if (best->probability < thresholds.sure || !plan.flat.empty()) continue;
    plan.flat = with_article(best->name);
  }
  for (const Best* best : {&named, &kind, &wider}) {
    if (best->probability < thresholds.unsure || !plan.hedged.empty()) continue;
    plan.hedged = best == &named ? best->name : with_article(best->name);
    plan.hedged_likely = best->probability >= (thresholds.sure + thresholds.unsure) / 2;
  }
  // "An animal, perhaps a bird" adds a kind to a wider one; the other way round says nothing.
  bool names_class = plan.hedged == named.name;
  bool adds_kind = plan.flat == with_article(wider.name) && plan.hedged == with_article(kind.name);
  if (plan.hedged == plan.flat || (!plan.flat.empty() && !names_class && !adds_kind))
    plan.hedged.clear();
}

void name_colours(Plan& plan, const Facts& facts) {
  for (const ColourShare& colour : facts.colours) {
    if (plan.colours.size() == kColoursMax || colour.share < kColourShareMin) break;
    plan.colours.push_back(colour.name);
  }
  if (!plan.colours.empty()) {
    double first = facts.colours[0].share;
    plan.colour_extent = first >= kColourAll ? "all" : first >= kColourMost ? "most" : "mixed";
  }
}

std::string size_name(double area_share) {
  struct Step {
    double from;
    const char* name;
  };
  static constexpr std::array<Step, 6> kSteps{Step{0.85, "whole"}, {0.6, "most"},
                                              {0.42, "half"},      {0.29, "third"},
                                              {0.225, "quarter"},  {0.15, "fifth"}};
  if (area_share < 0) return "";
  for (const Step& step : kSteps)
    if (area_share >= step.from) return step.name;
  return "small";
}

// What OCR makes of texture is short and full of marks: "| -- ~", "ha", "_". Two capitals or digits
// may be meant: "UP", "25".
bool is_worth_quoting(std::string_view text) {
  int letters = 0;
  int lower = 0;
  int marks = 0;
  for (std::size_t at = 0; at < text.size();) {
    char32_t c = next_code_point(text, at);
    bool counts = is_letter(c) || is_digit(c);
    letters += counts ? 1 : 0;
    lower += is_lower(c) ? 1 : 0;
    marks += counts || c == ' ' ? 0 : 1;
  }
  return letters >= (lower > 0 ? 3 : 2) && marks * 2 <= letters;
}

void quote_text(Plan& plan, std::string_view ocr_text) {
  std::size_t words = 0;
  std::string quoted;
  while (!ocr_text.empty()) {
    std::size_t begin = ocr_text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) break;
    ocr_text.remove_prefix(begin);
    std::string_view word = ocr_text.substr(0, ocr_text.find_first_of(" \t\r\n"));
    ocr_text.remove_prefix(word.size());
    if (words == kQuotedWordsMax || quoted.size() + word.size() >= kQuotedBytesMax) {
      plan.text_cut = true;
      break;
    }
    if (words++ > 0) quoted += ' ';
    // A quotation mark inside would end the quotation.
    std::ranges::copy_if(word, std::back_inserter(quoted), [](char c) { return c != '"'; });
  }
  if (is_worth_quoting(quoted)) plan.text = quoted;
}

}  // namespace

Plan make_plan(const Facts& facts, std::string_view ocr_text, const ClassGroups& groups,
               const Thresholds& thresholds) {
  Plan plan;
  name_subject(plan, facts, groups, thresholds);
  name_colours(plan, facts);
  plan.orientation = facts.orientation;
  plan.kind = facts.kind;
  if (facts.background_plain && !facts.background_colour.empty()) {
    plan.background = facts.background_colour;
    plan.position = facts.position;
    plan.size = size_name(facts.area_share);
  } else if (facts.brightness == "dark" || facts.brightness == "bright") {
    plan.brightness = facts.brightness;
  }
  quote_text(plan, ocr_text);
  return plan;
}

}  // namespace kale::describe
