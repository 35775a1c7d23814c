#include "kale/fuse/plural.h"

#include <algorithm>
#include <array>
#include <vector>

#include "kale/text/alt_text.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

struct VerbForms {
  std::string_view one;
  std::string_view several;
};
constexpr std::array<VerbForms, 9> kVerbs = {{{"is", "are"},
                                              {"was", "were"},
                                              {"has", "have"},
                                              {"takes", "take"},
                                              {"covers", "cover"},
                                              {"fills", "fill"},
                                              {"occupies", "occupy"},
                                              {"stands", "stand"},
                                              {"appears", "appear"}}};

std::string_view several_form(std::string_view word) {
  const std::string form = normal_form(word);
  const auto* verb = std::find_if(kVerbs.begin(), kVerbs.end(),
                                  [&](const VerbForms& forms) { return forms.one == form; });
  return verb == kVerbs.end() ? std::string_view() : verb->several;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

bool counts_several(std::string_view word) {
  const std::string form = normal_form(word);
  return is_one_of(
      form, {"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
             "twelve", "twenty", "some", "several", "many", "few", "both", "various"});
}

bool is_pair(const std::vector<std::string_view>& all) {
  std::size_t at = 0;
  while (at < all.size() && at < 3 && normal_form(all[at]) != "pair") ++at;
  return at + 2 < all.size() && normal_form(all[at]) == "pair" && normal_form(all[at + 1]) == "of";
}

// By its ending; "iris", "cactus", "glass" and "gas" are one thing.
bool ends_plural(std::string_view form) {
  if (form.size() < 5 || !form.ends_with('s')) return false;
  return !is_one_of(form.substr(form.size() - 2), {"ss", "us", "is", "as", "os"}) &&
         !form.ends_with("lens") && !form.ends_with("series");
}

}  // namespace

bool names_several(std::string_view title, std::string_view fused) {
  const auto all = words(title);
  if (all.empty()) return false;
  // "Two" alone is the number itself.
  if (counts_several(all.front())) return all.size() > 1;
  if (normal_form(all.front()) == "a" && all.size() > 2 && normal_form(all[1]) == "few")
    return true;
  if (is_pair(all)) return true;
  if (is_stop_word(all.front())) return false;
  const std::string head = head_noun(title);
  const std::string form = normal_form(head);
  if (!ends_plural(form)) return false;
  const auto said = words(fused);
  return std::any_of(said.begin(), said.end(), [&](std::string_view word) { return word == form; });
}

std::string as_several(std::string_view fused, std::string_view title) {
  const auto wanted = words(title);
  const auto all = words(fused);
  if (wanted.empty() || is_pair(wanted)) return std::string(fused);
  for (std::size_t i = 0; i + wanted.size() <= all.size(); ++i) {
    std::size_t same = 0;
    while (same < wanted.size() && normal_form(all[i + same]) == normal_form(wanted[same])) ++same;
    if (same < wanted.size()) continue;
    std::string out(fused);
    const std::size_t behind = i + same;
    const std::string_view several = behind < all.size() ? several_form(all[behind]) : "";
    auto offset = [&](std::string_view word) {
      return static_cast<std::size_t>(word.data() - fused.data());
    };
    if (!several.empty()) out.replace(offset(all[behind]), all[behind].size(), several);
    if (i > 0 && (all[i - 1] == "a" || all[i - 1] == "an"))
      out.erase(offset(all[i - 1]), all[i - 1].size() + 1);
    return out;
  }
  return std::string(fused);
}

std::string of_several(std::string_view sentence) {
  std::string out;
  std::size_t copied = 0;
  bool of_them = false;  // the words before speak of the things
  const auto all = words(sentence);
  auto put = [&](std::string_view word, std::string_view instead) {
    const auto at = static_cast<std::size_t>(word.data() - sentence.data());
    out.append(sentence.substr(copied, at - copied)).append(instead);
    copied = at + word.size();
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string form = normal_form(all[i]);
    const std::string_view verb = i + 1 < all.size() ? several_form(all[i + 1]) : "";
    if (form == "it" && !verb.empty()) {
      put(all[i], all[i] == "It" ? "They" : "they");
      put(all[++i], verb);
      of_them = true;
    } else if (form == "and" && of_them && !verb.empty()) {
      put(all[++i], verb);
    } else if (form == "its" && of_them) {
      put(all[i], "their");
    }
  }
  return out.append(sentence.substr(copied));
}

}  // namespace kale
