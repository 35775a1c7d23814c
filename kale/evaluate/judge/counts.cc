#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "kale/evaluate/claims/sections.h"
#include "kale/evaluate/judge/hearing.h"

namespace kale::evaluate {
namespace {

int coloured_alike(const Hearing& hearing, int mention) {
  int alike = 0;
  for (const int i : hearing.objects(mention)) {
    bool all = true;
    for (const std::string& colours : hearing.mention(mention).colours)
      for (std::size_t begin = 0; begin <= colours.size();) {
        const std::size_t end = std::min(colours.find('|', begin), colours.size());
        if (has_colour(hearing.object(i), {colours.substr(begin, end - begin)})) break;
        begin = end + 1;
        all &= begin <= colours.size();
      }
    alike += all ? 1 : 0;
  }
  return alike;
}

// Claims about the same noun that share out what is there: "two birds on the left, one on the
// right".
std::map<std::string, int> shared_out(const Hearing& hearing) {
  std::map<std::string, int> sums;
  std::map<std::string, int> claims;
  for (const CountClaim& claim : hearing.claims.counts) {
    if (!claim.spoken || claim.at_least) continue;
    sums[hearing.mention(claim.mention).noun] += claim.count;
    ++claims[hearing.mention(claim.mention).noun];
  }
  for (const auto& [noun, count] : claims)
    if (count < 2) sums.erase(noun);
  return sums;
}

int of_that_kind(const Hearing& hearing, int mention) {
  const auto& objects = hearing.objects(mention);
  return static_cast<int>(std::count_if(objects.begin(), objects.end(), [&](int i) {
    return phrase_form(hearing.object(i).kind) == hearing.mention(mention).noun;
  }));
}

// "two flags of the Netherlands": those of that name.
int of_that_name(const Hearing& hearing, const CountClaim& claim) {
  std::string_view behind = hearing.caption.substr(claim.span.end);
  if (!behind.starts_with(" of ")) return 0;
  behind.remove_prefix(4);
  if (behind.starts_with("the ")) behind.remove_prefix(4);
  int named = 0;
  for (const int i : hearing.objects(claim.mention)) {
    std::string_view name = hearing.object(i).name;
    if (name.starts_with("the ")) name.remove_prefix(4);
    named += !name.empty() && behind.starts_with(name) ? 1 : 0;
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

int mentions_of(const Hearing& hearing, const std::string& noun) {
  return static_cast<int>(
      std::count_if(hearing.claims.mentions.begin(), hearing.claims.mentions.end(),
                    [&](const Mention& mention) { return mention.noun == noun; }));
}

// Things that the sentence has named before "five other things".
int named_before(const Hearing& hearing, const CountClaim& claim) {
  int named = 0;
  for (std::size_t i = 0; i < hearing.claims.mentions.size(); ++i) {
    const Mention& mention = hearing.claims.mentions[i];
    if (mention.span.begin >= claim.span.begin || mention.generic || hearing.meant[i].empty())
      continue;
    const Span between{mention.span.end, claim.span.begin};
    if (hearing.text(between).find(". ") != std::string_view::npos) continue;
    named += mention.number == Number::kOne ? 1 : static_cast<int>(hearing.meant[i].size());
  }
  return named;
}

void judge_count(Hearing& hearing, const CountClaim& claim,
                 const std::map<std::string, int>& sums) {
  const Mention& mention = hearing.mention(claim.mention);
  const auto& objects = hearing.objects(claim.mention);
  const int there =
      static_cast<int>(objects.size()) - (claim.other ? named_before(hearing, claim) : 0);
  Verdict verdict = Verdict::kUnknown;
  if (there > 0 || mention.generic) {
    bool right = fits(claim, there);
    if (!right && !mention.colours.empty())
      right = fits(claim, coloured_alike(hearing, claim.mention));
    // "Two birds and a parrot": birds that are nothing finer.
    if (!right) right = fits(claim, of_that_kind(hearing, claim.mention));
    if (const int named = of_that_name(hearing, claim); named > 0) right = fits(claim, named);
    if (const auto sum = sums.find(mention.noun); !right && sum != sums.end())
      right = sum->second == there;
    // "one is red and one is blue"
    if (!right && claim.count == 1) right = there > 1 && mentions_of(hearing, mention.noun) > 1;
    verdict = right ? Verdict::kTrue : Verdict::kWrong;
    if (!right && is_loose_plural(hearing, claim)) verdict = Verdict::kUnknown;
  }
  if (verdict == Verdict::kTrue && !claim.spoken) return;  // told by the noun already
  const std::string said = fmt::format("{}{} {}", claim.at_least ? "at least " : "", claim.count,
                                       plural_of(mention.noun));
  JudgedClaim& judged =
      hearing.add(ClaimKind::kCount, claim.span, verdict, inventory(hearing.scene));
  judged.said = claim.count == 1 ? "1 " + mention.noun : said;
  if (verdict != Verdict::kTrue || claim.at_least || !fits(claim, there)) return;
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
