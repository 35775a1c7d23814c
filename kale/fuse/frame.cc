#include "kale/fuse/frame.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "kale/core/check.h"
#include "kale/fuse/clauses.h"
#include "kale/fuse/person.h"
#include "kale/fuse/subject.h"
#include "kale/fuse/title.h"
#include "kale/fuse/word_use.h"
#include "kale/text/sentences.h"
#include "kale/text/utf8.h"
#include "kale/text/words.h"

namespace kale {
namespace {

constexpr double kCoverShareMin = 0.5;  // of a cover's words that the title has: the same text

using Words = std::vector<std::string_view>;

bool counts(std::string_view article) {
  const std::string form = normal_form(article);
  return !form.empty() && form != "a" && form != "an" && form != "the" && form != "this";
}

// A noun phrase of the caption that the title can stand for.
struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string article;
  std::string before;  // words the title does not have: "red and white"
  std::string head;    // the caption's own noun, where the title has it too; its number counts
};

// The noun phrase that ends at word `head` of `sentence`.
Place phrase_at(std::string_view sentence, const Words& all, std::size_t head,
                const std::set<std::string>& title_stems) {
  std::size_t first = head;
  Place place;
  while (first > 0) {
    const std::string_view gap =
        sentence.substr(end_of(sentence, all[first - 1]),
                        begin_of(sentence, all[first]) - end_of(sentence, all[first - 1]));
    if (gap.find_first_not_of(" -'") != std::string_view::npos) break;
    const std::string_view word = all[first - 1];
    if (is_article(word)) {
      place.article = std::string(word);
      place.begin = begin_of(sentence, word);
      break;
    }
    const bool joins_colours = normal_form(word) == "and" && first > 1 &&
                               is_colour(all[first - 2]) && is_colour(all[first]);
    if (ends_noun_phrase(word) && !joins_colours) break;
    --first;
  }
  if (place.article.empty()) place.begin = begin_of(sentence, all[first]);
  place.end = end_of(sentence, all[head]);
  if (first == head) return place;
  place.before = std::string(
      sentence.substr(begin_of(sentence, all[first]),
                      end_of(sentence, all[head - 1]) - begin_of(sentence, all[first])));
  // All of it or only what is new, where no "and" would be left hanging.
  const auto said = content_stems(place.before);
  const bool repeats = std::any_of(said.begin(), said.end(),
                                   [&](const auto& stem) { return title_stems.contains(stem); });
  if (!repeats) return place;
  const bool joined = normal_form(place.before).find(" and ") != std::string::npos;
  std::string fresh;
  for (std::size_t i = first; i < head && !joined; ++i)
    if (!title_stems.contains(stem(all[i]))) fresh.append(fresh.empty() ? "" : " ").append(all[i]);
  place.before = fresh;
  return place;
}

bool ends_phrase(std::string_view sentence, const Words& all, std::size_t at) {
  if (at + 1 == all.size()) return true;
  const std::string_view gap = sentence.substr(
      end_of(sentence, all[at]), begin_of(sentence, all[at + 1]) - end_of(sentence, all[at]));
  const std::string next = normal_form(all[at + 1]);
  return gap.find_first_not_of(' ') != std::string_view::npos || is_stop_word(next) ||
         next.ends_with("ing") || next.ends_with("ed") || is_preposition(next);
}

// "the gift of life" for "The Gift of Maybe": what follows the noun would be said twice.
bool says_next_too(std::string_view title, std::string_view head, const Words& all,
                   std::size_t at) {
  const Words own = words(title);
  for (std::size_t i = 0; i + 1 < own.size() && at + 1 < all.size(); ++i)
    if (own[i].data() == head.data()) return normal_form(own[i + 1]) == normal_form(all[at + 1]);
  return false;
}

// "Ann vs Mary" and "Alien v Predator" are two things, and which is seen is not said.
bool is_versus(std::string_view title) {
  static const RE2 versus(R"(\b(?:[Vv][Ss]|VERSUS|[Vv]ersus)\b| v\.? )");
  return RE2::PartialMatch(title, versus);
}

// A dress is no chair: the title is about another common thing than the subject, or about something
// of it or for it ("HP printer Ink Cartridge" beside a printer).
bool names_another(std::string_view title, const SubjectPhrase& subject,
                   const std::set<std::string>& common) {
  const std::string_view own = head_of(title);
  if (own.empty() || common.contains(stem(own)) || !is_capital(own))
    return own.empty() || stem(own) != stem(subject.head);
  const Words all = words(title);
  return std::any_of(all.begin(), all.end(), [&](std::string_view word) {
    return word.data() != own.data() && stem(word) == stem(subject.head);
  });
}

std::optional<Place> place_of(std::string_view sentence, std::string_view title,
                              const std::set<std::string>& common) {
  const Words all = words(sentence);
  const auto title_stems = stems(title);
  const std::string_view head = head_of(title);
  if (head.empty() || is_frame_noun(head) || tells_an_act(title) || is_versus(title))
    return std::nullopt;
  const auto subject = subject_of(sentence);
  const bool clause = is_clause(sentence);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (stem(all[i]) != stem(head) || !ends_phrase(sentence, all, i)) continue;
    // Of a clause only the subject; what it acts on may be another thing of that kind.
    if (clause && (!subject || end_of(sentence, all[i]) != subject->end)) continue;
    Place place = phrase_at(sentence, all, i, title_stems);
    place.head = std::string(all[i]);
    if (says_next_too(title, head, all, i)) return std::nullopt;
    return place;
  }
  // The subject is called by the title's first word: "The BMW car" for a BMW 3-Series.
  if (!subject || counts(subject->article) || is_scene_noun(subject->head) ||
      names_another(title, *subject, common))
    return std::nullopt;
  for (const auto& word : subject->before)
    if (!is_filler(word) && stem(word) == stem(words(title).front()))
      return Place{subject->begin, subject->end, subject->article, "", ""};
  return std::nullopt;
}

Frame named(std::string_view sentence, std::string_view title, const Place& place) {
  std::string name = with_number_of(without_article(title), place.head);
  if (!place.before.empty()) name = place.before + " " + name;
  const std::string article = normal_form(place.article);
  const bool has_own = is_article(words(title).front()) && counts(words(title).front());
  if (article == "a" || article == "an")
    name = with_indefinite(name);
  else if (!article.empty() && !has_own)
    name = article + " " + name;
  Frame frame;
  frame.form = FrameForm::kNamed;
  frame.sentence = std::string(sentence);
  frame.sentence.replace(place.begin, place.end - place.begin, kNameMark);
  frame.name = std::move(name);
  return frame;
}

// "Lena Hofmann at the festival": who it is, and what else is said of them.
std::optional<Frame> person(std::string_view sentence, std::string_view title,
                            const std::set<std::string>& common) {
  static const RE2 tail(R"(^(.+?) ((?:at|in|during|on|from|with|for|of|as) .+)$)");
  const auto subject = subject_of(sentence);
  if (!subject || !is_person_noun(subject->head) || subject->begin > 0 || is_versus(title))
    return std::nullopt;
  std::string who(title);
  std::string more;
  if (!names_person(title, subject->head, common) &&
      (!RE2::FullMatch(title, tail, &who, &more) || !names_person(who, subject->head, common)))
    return std::nullopt;
  Frame frame;
  frame.form = FrameForm::kPerson;
  frame.name = std::string(title);
  std::string_view core = sentence;
  while (core.ends_with('.')) core.remove_suffix(1);
  const bool several =
      who.find(" and ") != std::string::npos || who.find(" & ") != std::string::npos;
  const bool seen_several = counts(subject->article) || ends_plural(subject->head) ||
                            normal_form(subject->head) == "people";
  if (several != seen_several || (!several && !can_have_one_name(subject->head)))
    return std::nullopt;
  if (subject->verb_follows && more.empty()) {
    frame.sentence = std::string(sentence.substr(0, subject->end)) + ", [name]," +
                     std::string(sentence.substr(subject->end));
  } else if (is_clause(sentence)) {
    return std::nullopt;
  } else {
    frame.name = who;
    frame.sentence = "[name], " + with_first_letter(core, false) + ", " + (several ? "are" : "is") +
                     " seen" + (more.empty() ? " here" : " " + more) + ".";
  }
  return frame;
}

std::optional<Frame> cover(std::string_view sentence, const WebText& web) {
  static const RE2 cover_of(
      R"((?i)^((?:the |an? |an image of (?:the |an? ))?(?:\w+ ){0,3}?)"
      R"((cover|logo|poster|sign|label|flag|map|badge|banner|advertisement|flyer|homepage|page))"
      R"((?: art)?)"
      R"( (?:for|of)) (.+?)(?: (?:is|with) .*)?[.]?$)");
  std::string lead;
  std::string kind;
  std::string said;
  if (!RE2::FullMatch(sentence, cover_of, &lead, &kind, &said)) return std::nullopt;
  const auto title_stems = stems(web.text());
  const auto said_stems = content_stems(said);
  const auto shared = std::count_if(said_stems.begin(), said_stems.end(),
                                    [&](const auto& stem) { return title_stems.contains(stem); });
  if (static_cast<double>(shared) < kCoverShareMin * static_cast<double>(said_stems.size()))
    return std::nullopt;
  Frame frame;
  frame.form = FrameForm::kCover;
  frame.name = with_author_first(with_small_joints(web.title));
  RE2::Replace(&frame.name, "(?i)[ ,]+" + kind + "(?: art)?$", "");
  frame.sentence = std::string(sentence);
  frame.sentence.replace(frame.sentence.find(lead) + lead.size() + 1, said.size(), kNameMark);
  if (!frame.sentence.ends_with('.')) frame.sentence += '.';
  return frame;
}

Frame statement(std::string_view sentence, std::string_view title) {
  std::size_t small = 0;
  const auto content = content_words(title);
  for (const std::string_view word : content) small += is_capital(word) ? 0 : 1;
  Frame frame;
  if (small * 2 >= content.size()) {
    frame.form = FrameForm::kSentence;
    frame.name = with_first_letter(title, true);
    frame.sentence = std::string(sentence) + " [name]" + (ends_complete(title) ? "" : ".");
    return frame;
  }
  frame.form = FrameForm::kQuoted;
  frame.name = std::string(title);
  std::erase(frame.name, '"');
  return frame;
}

// A thing for sale or on show, which the caption's subject can be an instance of; a title that
// tells where something is, or a subject that is only a part of a scene, is left alone.
bool names_a_thing(std::string_view title, const SubjectPhrase& subject) {
  static const RE2 place(R"((?i) (?:in|at|on|above|near|from|to|inside|vs|about) )");
  static const RE2 talk(
      R"((?i)\b(?:reviews?|results|interview|tips|ideas|guide|news|how|report)\b)");
  static const RE2 work(R"( by [A-Z][\w.'-]* [A-Z])");
  const auto phrase = noun_phrase(title);
  const bool coded = std::any_of(phrase.begin(), phrase.end(), has_digit);
  return (phrase.size() >= 3 || coded) && !RE2::PartialMatch(title, place) &&
         !RE2::PartialMatch(title, talk) && !RE2::PartialMatch(title, work) &&
         !is_person_noun(subject.head) && !is_scene_noun(subject.head) &&
         !counts(subject.article) && !subject.article.empty() && !ends_plural(subject.head) &&
         !ends_plural(head_of(title));
}

// "[name], a black watch, is on display." and "[name] is a guitar pedal with four knobs."
std::optional<Frame> thing(std::string_view sentence, std::string_view title,
                           const std::set<std::string>& common) {
  const auto subject = subject_of(sentence);
  if (!subject || subject->begin > 0 || !names_a_thing(title, *subject)) return std::nullopt;
  if (names_another(title, *subject, common) || is_versus(title)) return std::nullopt;
  const std::string article = normal_form(subject->article);
  const bool clause = is_clause(sentence);
  if (clause ? !subject->verb_follows : article == "the") return std::nullopt;
  Frame frame;
  frame.form = FrameForm::kThing;
  frame.name = with_article(with_author_first(title), Article::kDefinite, common);
  if (clause) {
    const auto bare = without_article(sentence.substr(0, subject->end));
    frame.sentence =
        "[name], " + with_indefinite(bare) + "," + std::string(sentence.substr(subject->end));
  } else {
    frame.sentence = "[name] is " + with_first_letter(sentence, false);
  }
  return frame;
}

// "A green pillow on a bed." has said what "Green Pillow" says.
bool says_all_of(std::string_view sentence, std::string_view title) {
  const auto said = stems(sentence);
  const auto own = content_stems(title);
  return !own.empty() &&
         std::all_of(own.begin(), own.end(), [&](const auto& stem) { return said.contains(stem); });
}

// Where the title's own place is not known.
void put_beside(Frame& frame, std::string_view sentence, std::string_view of) {
  static const RE2 lead(R"((?i)^(?:an? |the )?(?:image|picture|photo|photograph) of )");
  std::string said(sentence);
  RE2::Replace(&said, lead, "");
  const Words all = words(said);
  const bool no_name = !all.empty() && (is_article(all.front()) || is_person_noun(all.front()) ||
                                        is_colour(all.front()) || is_common_word(all.front()));
  if (no_name) said = with_first_letter(said, false);
  frame.sentence = is_clause(said) ? fmt::format("In this picture {}, {}", of, said)
                                   : fmt::format("This picture {} shows {}", of, said);
}

}  // namespace

std::string_view frame_form_name(FrameForm form) {
  switch (form) {
    case FrameForm::kNamed:
      return "named";
    case FrameForm::kPerson:
      return "person";
    case FrameForm::kThing:
      return "thing";
    case FrameForm::kCover:
      return "cover";
    case FrameForm::kPicture:
      return "picture";
    case FrameForm::kSentence:
      return "sentence";
    case FrameForm::kQuoted:
      return "quoted";
  }
  check_failed("form", "a frame form without a name");
}

Frame frame_of(std::string_view sentence, const WebText& web, const std::set<std::string>& common) {
  // What the caption writes small is no name either.
  std::set<std::string> seen;
  std::set<std::string> known = common;
  const Words all = words(sentence);
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (is_capital(all[i]) || is_stop_word(all[i])) continue;
    seen.insert(normal_form(all[i]));
    known.insert(stem(all[i]));
  }
  std::string title = with_capitals_of(web.title, sentence, common);
  if (web.states) title = with_small_joints(title);
  title = with_codes_apart(with_proper_words(with_small_letters(with_and(title, common), seen)));
  if (!web.states) title = with_colour_last(title);
  if (auto frame = cover(sentence, web)) return *frame;
  if (!web.states) {
    if (says_all_of(sentence, title))
      return {std::string(kNameMark), std::string(sentence), FrameForm::kNamed};
    if (auto frame = person(sentence, title, known)) return *frame;
    if (auto place = place_of(sentence, title, known)) return named(sentence, title, *place);
    if (auto frame = thing(sentence, title, known)) return *frame;
  }
  Frame frame;
  if (web.states && !ends_complete(web.title)) {
    if (const auto scene = scene_of(title)) {
      const std::string_view first = words(scene->who).front();
      const bool is_named = is_capital(first) && !known.contains(stem(first));
      frame.name = is_named ? scene->who : with_article(scene->who, Article::kIndefinite, known);
      frame.name += " " + scene->act;
      put_beside(frame, sentence, "of [name]");
      return frame;
    }
  }
  if (web.states) frame = statement(sentence, title);
  if (frame.form == FrameForm::kSentence) return frame;
  const bool quoted = frame.form == FrameForm::kQuoted;
  // Here alone: a title without its tail says less of what it is, and takes no noun's place.
  if (!quoted)
    frame.name = with_article(with_author_first(without_said_tail(title, sentence)),
                              Article::kIndefinite, known);
  put_beside(frame, sentence, quoted ? "for \"[name]\"" : "of [name]");
  return frame;
}

std::string with_phrases(std::string_view fused, std::string_view name, const WebText& web) {
  std::string out(fused);
  const auto all = words(name);
  if (web.phrases.empty() || all.empty()) return out;
  const std::string more = phrases_worded(web.phrases);
  // Behind the name's last word, which a model may have written with another capital.
  const auto said = words(out);
  for (std::size_t i = said.size(); i-- > 0;) {
    if (normal_form(said[i]) != normal_form(all.back())) continue;
    std::size_t at = end_of(out, said[i]);
    while (at < out.size() && std::string_view("\"')").find(out[at]) != std::string_view::npos)
      ++at;
    return out.insert(at, more);
  }
  const bool stop = out.ends_with('.');
  return out.insert(out.size() - (stop ? 1 : 0), more);
}

std::string fill_frame(const Frame& frame) {
  const std::size_t at = frame.sentence.find(kNameMark);
  KALE_CHECK(at != std::string::npos, "a frame without its mark");
  std::string out = frame.sentence;
  out.replace(at, kNameMark.size(), frame.name);
  return with_first_letter(out, true);
}

}  // namespace kale
