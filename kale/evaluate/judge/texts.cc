#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "kale/evaluate/judge/hearing.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale::evaluate {
namespace {

// A quotation is near a text when at most this share of its letters must change.
constexpr double kNearShare = 0.34;

std::size_t edit_distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j - 1] + 1, above + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string all_texts(const world::Scene& scene) {
  std::string all;
  for (const world::Text& text : scene.texts)
    all += (all.empty() ? "" : " ") + text_form(text.text);
  return all;
}

bool is_known_name(const world::Scene& scene, const std::string& quoted) {
  const auto sources = true_sources(scene);
  return std::any_of(sources.begin(), sources.end(), [&](const std::string& source) {
    return !source.empty() && holds_words(text_form(source), quoted);
  });
}

// Words that are all written there, in whatever order they are read: columns and bars have none.
bool is_made_of_texts(const world::Scene& scene, std::string_view quoted) {
  std::multiset<std::string> written;
  for (const world::Text& text : scene.texts)
    for (const std::string_view word : words(text.text)) written.insert(normal_form(word));
  const auto all = words(quoted);
  return all.size() > 1 && std::all_of(all.begin(), all.end(), [&](std::string_view word) {
           const auto found = written.find(normal_form(word));
           if (found == written.end()) return false;
           written.erase(found);
           return true;
         });
}

struct Nearest {
  const world::Text* text = nullptr;
  double share = 1;  // of its letters that differ
};

std::u32string letters_of(std::string_view text) {
  std::u32string letters;
  for (std::size_t at = 0; at < text.size();) letters.push_back(next_code_point(text, at));
  return letters;
}

Nearest nearest_text(const world::Scene& scene, const std::string& quotation) {
  Nearest nearest;
  const std::u32string quoted = letters_of(quotation);
  for (const world::Text& text : scene.texts) {
    const std::u32string form = letters_of(text_form(text.text));
    const std::size_t longest = std::max({form.size(), quoted.size(), std::size_t{1}});
    const double share =
        static_cast<double>(edit_distance(form, quoted)) / static_cast<double>(longest);
    if (nearest.text == nullptr || share < nearest.share) nearest = {&text, share};
  }
  return nearest;
}

void judge_quote(Hearing& hearing, const TextClaim& claim) {
  const std::string quoted = text_form(claim.text);
  JudgedClaim& judged = hearing.add(ClaimKind::kText, claim.span, Verdict::kTrue);
  judged.said = "\"" + claim.text + "\"";
  if (quoted.empty()) judged.verdict = Verdict::kUnknown;  // only marks: nothing is quoted
  if (quoted.empty() || holds_words(all_texts(hearing.scene), quoted)) return;
  if (is_made_of_texts(hearing.scene, quoted)) return;
  if (is_known_name(hearing.scene, quoted)) {
    judged.kind = ClaimKind::kName;
    return;
  }
  const Nearest nearest = nearest_text(hearing.scene, quoted);
  judged.verdict = nearest.share <= kNearShare ? Verdict::kNear : Verdict::kWrong;
  judged.why = nearest.text == nullptr
                   ? "nothing is written in the picture"
                   : fmt::format("the nearest text is \"{}\"", nearest.text->text);
}

// "The sign does not say \"OPEN\"."
void deny(JudgedClaim& claim) {
  claim.denial = true;
  claim.said = "not " + claim.said;
  if (claim.verdict == Verdict::kUnknown) return;
  claim.verdict = claim.verdict == Verdict::kTrue ? Verdict::kWrong : Verdict::kTrue;
  if (claim.verdict == Verdict::kWrong) claim.why = "it is written there";
}

}  // namespace

std::string text_form(std::string_view text) {
  std::string form = normal_form(text);
  static constexpr std::string_view kMarks = ".,;:!?\"'()[] ";
  const std::size_t begin = std::min(form.find_first_not_of(kMarks), form.size());
  const std::size_t end = form.find_last_not_of(kMarks);
  return end == std::string::npos ? std::string() : form.substr(begin, end + 1 - begin);
}

bool holds_words(std::string_view text, std::string_view words) {
  if (words.empty()) return true;
  const auto inside_word = [&](std::size_t at) {
    std::size_t after = at;
    if (at >= text.size()) return false;
    const char32_t c = next_code_point(text, after);
    return is_letter(c) || is_digit(c);
  };
  for (std::size_t at = text.find(words); at != std::string_view::npos;
       at = text.find(words, at + 1)) {
    const bool begins = at == 0 || !inside_word(at - 1);
    if (begins && !inside_word(at + words.size())) return true;
  }
  return false;
}

void judge_texts(Hearing& hearing) {
  for (const TextClaim& claim : hearing.claims.texts) {
    if (!claim.text.empty()) {
      judge_quote(hearing, claim);
      if (claim.negated) deny(hearing.judgement.claims.back());
      continue;
    }
    const bool none = hearing.scene.texts.empty();
    JudgedClaim& judged =
        hearing.add(ClaimKind::kText, claim.span, none ? Verdict::kTrue : Verdict::kWrong);
    judged.said = "no text";
    if (!none)
      judged.why = fmt::format("\"{}\" is written there", hearing.scene.texts.front().text);
  }
}

}  // namespace kale::evaluate
