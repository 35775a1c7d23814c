// One caption being judged: what the passes share. For the files of this room only.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kale/evaluate/judge/judge.h"

namespace kale::evaluate {

struct Hearing {
  const world::Scene& scene;
  std::string_view caption;
  Claims claims;
  std::vector<std::vector<int>> meant;  // by mention: the objects that it is true of
  std::vector<Verdict> there;           // by mention: whether it is true
  Judgement judgement = {};
  std::set<int> coloured;                                 // objects whose main colour was told
  std::set<std::string> counted;                          // kinds whose number was told
  std::set<std::pair<std::string, std::string>> related;  // pairs of kinds, in order of name
  std::set<std::string> labels_told;                      // of the chart, with their values
  bool background_told = false;

  const Mention& mention(int i) const { return claims.mentions[static_cast<std::size_t>(i)]; }
  const std::vector<int>& objects(int i) const { return meant[static_cast<std::size_t>(i)]; }
  const world::Object& object(int i) const { return scene.objects[static_cast<std::size_t>(i)]; }
  std::string_view text(Span span) const {
    return caption.substr(span.begin, span.end - span.begin);
  }
  JudgedClaim& add(ClaimKind kind, Span span, Verdict verdict, std::string why = {});
};

void find_objects(Hearing& hearing);  // fills `meant` and `there`
void judge_things(Hearing& hearing);
void judge_counts(Hearing& hearing);
void judge_colours(Hearing& hearing);
void judge_relations(Hearing& hearing);
void judge_texts(Hearing& hearing);
void judge_numbers(Hearing& hearing);
void judge_names(Hearing& hearing);
void list_facts(Hearing& hearing);

// The objects that a mention stands for, by its colours where they tell them apart: of two birds
// the one that has most of the colours said.
std::vector<int> best_coloured(const Hearing& hearing, int mention);
bool has_colour(const world::Object& object, const std::vector<std::string>& any_of);
// Each of `colours`, which are as in Mention::colours.
bool has_colours(const world::Object& object, const std::vector<std::string>& colours);

// "one bird, two cars": what the picture shows.
std::string inventory(const world::Scene& scene);
std::string spoken_count(int count, std::string_view kind);  // "2 birds"

// What is known of the picture and not seen in it: its history, names of things; some empty.
std::vector<std::string> known_texts(const world::Scene& scene);
// Every text that a true name may come from: these, and what is written in the picture.
std::vector<std::string> true_sources(const world::Scene& scene);

// How texts of pictures and quotations are compared: folded, plain marks, one blank, no mark at
// the ends.
std::string text_form(std::string_view text);
bool holds_words(std::string_view text_form, std::string_view words_form);

}  // namespace kale::evaluate
