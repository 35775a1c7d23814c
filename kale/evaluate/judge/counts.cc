#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "kale/evaluate/claims/lexicon.h"
#include "kale/evaluate/claims/sections.h"
#include "kale/evaluate/judge/hearing.h"

namespace kale::evaluate {
namespace {

bool same_sentence(const Hearing& hearing, Span a, Span b) {
  if (b.begin < a.begin) std::swap(a, b);
  if (b.begin <= a.end) return true;
  return hearing.text({a.end, b.begin}).find(". ") == std::string_view::npos;
}

// Those of the colours that the sentence of the count tells: "two red birds", "one bird is red".
int coloured_alike(const Hearing& hearing, const CountClaim& claim) {
  std::vector<const ColourClaim*> told;
  for (const ColourClaim& colour : hearing.claims.colours)
    if (!colour.negated && same_sentence(hearing, claim.span, colour.span) &&
        std::find(colour.mentions.begin(), colour.mentions.end(), claim.mention) !=
            colour.mentions.end())
      told.push_back(&colour);
  if (told.empty()) return 0;
  const auto& objects = hearing.objects(claim.mention);
  return static_cast<int>(std::count_if(objects.begin(), objects.end(), [&](int i) {
    return std::all_of(told.begin(), told.end(), [&](const ColourClaim* colour) {
      return has_colour(hearing.object(i), colour->colours);
    });
  }));
}

const CountClaim* spoken_count_of(const Hearing& hearing, int mention) {
  for (const CountClaim& claim : hearing.claims.counts)
    if (claim.mention == mention && claim.spoken) return &claim;
  return nullptr;
}

// "another bird": one more, without a word of number.
bool is_one_more(const Hearing& hearing, int mention) {
  const Mention& said = hearing.mention(mention);
  return said.another && said.number != Number::kSeveral && !said.negated &&
         spoken_count_of(hearing, mention) == nullptr;
}

// Claims about the same things that share out what is there: "two birds on the left, one on the
// right", "two pairs of jeans and another pair of trousers". By the objects that they may mean.
std::map<std::vector<int>, int> shared_out(const Hearing& hearing) {
  std::map<std::vector<int>, int> sums;
  std::map<std::vector<int>, int> claims;
  const auto add = [&](int mention, int count) {
    sums[hearing.objects(mention)] += count;
    ++claims[hearing.objects(mention)];
  };
  for (const CountClaim& claim : hearing.claims.counts)
    if (claim.spoken && !claim.at_least) add(claim.mention, claim.count);
  for (int i = 0; i < static_cast<int>(hearing.claims.mentions.size()); ++i)
    if (is_one_more(hearing, i)) add(i, 1);
  for (const auto& [objects, count] : claims)
    if (count < 2) sums.erase(objects);
  return sums;
}

// "Birds" that are called nothing finer: no chickens.
std::vector<int> of_that_kind(const Hearing& hearing, int mention) {
  std::vector<int> same;
  for (const int i : hearing.objects(mention))
    if (phrase_form(hearing.object(i).kind) == hearing.mention(mention).noun) same.push_back(i);
  return same;
}

// "two flags of the Netherlands": those of that name.
std::vector<int> named_behind(const Hearing& hearing, int mention) {
  std::string_view behind = hearing.caption.substr(hearing.mention(mention).span.end);
  std::vector<int> named;
  if (!behind.starts_with(" of ")) return named;
  behind.remove_prefix(4);
  if (behind.starts_with("the ")) behind.remove_prefix(4);
  for (const int i : hearing.objects(mention)) {
    std::string_view name = hearing.object(i).name;
    if (name.starts_with("the ")) name.remove_prefix(4);
    if (!name.empty() && behind.starts_with(name)) named.push_back(i);
  }
  return named;
}

bool fits(const CountClaim& claim, int there) {
  return claim.at_least ? there >= claim.count : there == claim.count;
}

// Only a wider word for what is there: "flowers" for a bouquet says nothing of number.
bool is_loose_plural(const Hearing& hearing, const CountClaim& claim) {
  if (claim.spoken) return false;
  const std::string& noun = hearing.mention(claim.mention).noun;
  for (const int i : hearing.objects(claim.mention))
    if (phrase_form(hearing.object(i).kind) == noun) return false;
  return true;
}

// "One is red and one is blue", "one bird and another bird": ones that are told apart. "There are
// three birds. One bird sits on a car": some of those told before.
bool is_some_of(const Hearing& hearing, const CountClaim& claim, int there) {
  if (claim.at_least || claim.definite || claim.count >= there) return false;
  const std::string& noun = hearing.mention(claim.mention).noun;
  int ones = 0;
  bool only_ones = true, all_told = false;
  for (const CountClaim& other : hearing.claims.counts) {
    if (!other.spoken || hearing.mention(other.mention).noun != noun) continue;
    all_told |= other.span.begin < claim.span.begin && fits(other, there);
    only_ones &= other.count == 1 && !other.at_least && !other.definite;
    ++ones;
  }
  for (int i = 0; i < static_cast<int>(hearing.claims.mentions.size()); ++i)
    ones += hearing.mention(i).noun == noun && is_one_more(hearing, i) ? 1 : 0;
  return all_told || (only_ones && ones > 1 && ones <= there);
}

// What a mention names: of two birds the red one for "a red bird", any for "a bird" that is not
// named yet. How many "two birds" are, the picture says; that claim is judged by itself.
std::vector<int> named_by(const Hearing& hearing, int mention, const std::set<int>& named) {
  std::vector<int> meant = named_behind(hearing, mention);
  if (meant.empty()) meant = of_that_kind(hearing, mention);
  if (meant.empty()) meant = hearing.objects(mention);
  const auto other_colour = [&](int i) {
    return !has_colours(hearing.object(i), hearing.mention(mention).colours);
  };
  if (!std::all_of(meant.begin(), meant.end(), other_colour)) std::erase_if(meant, other_colour);
  if (hearing.mention(mention).number != Number::kOne ||
      spoken_count_of(hearing, mention) != nullptr)
    return meant;
  std::erase_if(meant, [&](int i) { return named.contains(i); });
  meant.resize(std::min<std::size_t>(meant.size(), 1));
  return meant;
}

// Things that the sentence has named before "five other things"; "a birch and two other trees" are
// the trees that there are.
int named_before(const Hearing& hearing, const CountClaim& claim) {
  std::set<int> named;
  for (int i = 0; i < claim.mention; ++i) {
    const Mention& mention = hearing.mention(i);
    if (mention.generic || mention.negated) continue;
    if (!same_sentence(hearing, mention.span, claim.span)) continue;
    const auto meant = named_by(hearing, i, named);
    named.insert(meant.begin(), meant.end());
  }
  const auto& objects = hearing.objects(claim.mention);
  return static_cast<int>(
      std::count_if(objects.begin(), objects.end(), [&](int i) { return named.contains(i); }));
}

// "2 birds", "2 scissors"
std::string counted_noun(int count, const std::string& noun) {
  const NounForm* form = Lexicon::get().noun_form(noun);
  const bool same = count == 1 || (form != nullptr && form->number == Number::kEither);
  return fmt::format("{} {}", count, same ? noun : plural_of(noun));
}

void judge_count(Hearing& hearing, const CountClaim& claim,
                 const std::map<std::vector<int>, int>& sums) {
  const Mention& mention = hearing.mention(claim.mention);
  const auto& objects = hearing.objects(claim.mention);
  const int there =
      static_cast<int>(objects.size()) - (claim.other ? named_before(hearing, claim) : 0);
  Verdict verdict = Verdict::kUnknown;
  if (there > 0 || mention.generic) {
    bool right = fits(claim, there);
    if (const int alike = coloured_alike(hearing, claim); !right && alike > 0)
      right = fits(claim, alike);
    // "Two birds and a parrot": birds that are nothing finer.
    if (!right) right = fits(claim, static_cast<int>(of_that_kind(hearing, claim.mention).size()));
    if (const auto named = named_behind(hearing, claim.mention); claim.spoken && !named.empty())
      right = fits(claim, static_cast<int>(named.size()));
    if (const auto sum = sums.find(objects); !right && sum != sums.end())
      right = sum->second == there;
    if (!right) right = is_some_of(hearing, claim, there);
    verdict = right ? Verdict::kTrue : Verdict::kWrong;
    if (!right && is_loose_plural(hearing, claim)) verdict = Verdict::kUnknown;
  }
  if (verdict == Verdict::kTrue && !claim.spoken) return;  // told by the noun already
  JudgedClaim& judged =
      hearing.add(ClaimKind::kCount, claim.span, verdict, inventory(hearing.scene));
  judged.said = fmt::format("{}{}", claim.at_least ? "at least " : "",
                            counted_noun(claim.count, mention.noun));
  if (verdict != Verdict::kTrue || claim.at_least || !fits(claim, there)) return;
  if (objects.empty()) return;  // "0 things" where there are none
  const std::string& kind = hearing.object(objects.front()).kind;
  if (std::all_of(objects.begin(), objects.end(),
                  [&](int i) { return hearing.object(i).kind == kind; }))
    hearing.counted.insert(kind);
}

}  // namespace

void judge_counts(Hearing& hearing) {
  const auto sums = shared_out(hearing);
  for (const CountClaim& claim : hearing.claims.counts)
    if (!hearing.mention(claim.mention).negated) judge_count(hearing, claim, sums);
}

}  // namespace kale::evaluate
