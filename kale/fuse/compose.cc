#include "kale/fuse/compose.h"

#include <set>
#include <vector>

#include "kale/text/sentences.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

// "the king penguin is white" -> "it is white", where every word behind "the" is replaced.
std::string with_it(std::string_view sentence, const std::set<std::string>& replaced) {
  std::string out;
  std::size_t copied = 0;
  const auto all = words(sentence);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    if (normal_form(all[i]) != "the") continue;
    std::size_t end = i + 1;
    while (end < all.size() && replaced.contains(stem(all[end]))) ++end;
    // "the castle wall" speaks of something else than the castle.
    const bool goes_on = end < all.size() && !is_stop_word(all[end]);
    if (end == i + 1 || goes_on) continue;
    const auto begin = static_cast<std::size_t>(all[i].data() - sentence.data());
    out.append(sentence.substr(copied, begin - copied)).append(begin == 0 ? "It" : "it");
    copied = static_cast<std::size_t>(all[end - 1].data() + all[end - 1].size() - sentence.data());
    i = end - 1;
  }
  return out.append(sentence.substr(copied));
}

}  // namespace

DenseParts split_dense(std::string_view dense, const Hedges& hedges) {
  const std::string settled = hedges.without_guesses(dense);
  auto parts = sentences(settled);
  if (parts.empty()) return {std::string(dense), ""};
  DenseParts result{std::string(parts.front()), ""};
  parts.erase(parts.begin());
  result.others = join_sentences(parts);
  return result;
}

std::string with_others(std::string_view fused, const DenseParts& dense) {
  std::set<std::string> replaced = content_stems(dense.first);
  for (const auto& word : stems(fused)) replaced.erase(word);
  for (const std::string_view frame :
       {"picture", "photograph", "photo", "image", "drawing", "illustration", "background"})
    replaced.erase(stem(frame));
  std::string out(fused);
  for (const std::string_view sentence : sentences(dense.others))
    out.append(" ").append(with_it(sentence, replaced));
  return out;
}

}  // namespace kale
