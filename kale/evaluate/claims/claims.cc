#include "kale/evaluate/claims/claims.h"

#include "kale/evaluate/claims/draft.h"

namespace kale::evaluate {

Claims claims_of(std::string_view caption, const std::vector<std::string>& known_names) {
  Draft draft;
  draft.caption = caption;
  draft.tokens = tokens_of(caption);
  draft.items = items_of(draft.tokens, known_names);
  find_mentions(draft);
  find_subjects(draft);
  find_predicates(draft);
  find_relations(draft);
  find_texts(draft);
  return std::move(draft.claims);
}

}  // namespace kale::evaluate
