// How varied the words of the proving ground are, over random scenes that are not drawn.
//
//   build/dev/bench/world_words 5000        distinct 4-grams and sentence skeletons
//   build/dev/bench/world_words 60 --show   the words themselves, for reading
//
// A skeleton is a sentence with its content words (kinds, names, colours, quotations, numbers and
// all else that is no stop word of kale/text) replaced by one mark.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <map>
#include <set>
#include <string>

#include "kale/core/ascii.h"
#include "kale/text/sentences.h"
#include "kale/text/words.h"
#include "kale/world/scene/truth.h"
#include "kale/world/tell/nouns.h"
#include "kale/world/tell/scene_fake.h"
#include "kale/world/tell/tell.h"

namespace kale::world {
namespace {

class Variety {
 public:
  void add(const std::string& caption) {
    std::vector<std::string> small;
    for (std::string_view word : words(caption)) small.push_back(lower_ascii(word));
    for (std::size_t at = 0; at + 4 <= small.size(); ++at) {
      grams_.insert(small[at] + ' ' + small[at + 1] + ' ' + small[at + 2] + ' ' + small[at + 3]);
      ++grams_total_;
    }
    for (std::string_view sentence : sentences(caption)) {
      skeletons_.insert(skeleton(sentence));
      ++sentence_count_;
    }
    captions_.insert(caption);
    ++total_;
    words_ += small.size();
  }

  void print(std::string_view name) const {
    fmt::print("{:12} {:6.1f} words  captions {} of {}  4-grams {} of {}  skeletons {} of {}\n",
               name, static_cast<double>(words_) / static_cast<double>(total_), captions_.size(),
               total_, grams_.size(), grams_total_, skeletons_.size(), sentence_count_);
  }

 private:
  static std::string skeleton(std::string_view sentence) {
    std::string out;
    for (std::string_view word : words(sentence)) {
      bool plain = is_stop_word(word);
      if (!plain && out.ends_with("_ ")) continue;
      out += plain ? lower_ascii(word) : std::string("_");
      out += ' ';
    }
    return out;
  }

  std::set<std::string> grams_, skeletons_, captions_;
  std::size_t grams_total_ = 0, sentence_count_ = 0, total_ = 0, words_ = 0;
};

void show(const Scene& scene) {
  fmt::print("[{}] {} {}\n", alt_form_name(scene.alt_text.form), scene.alt_text.text,
             fmt::format("  +{}  -{}", fmt::join(scene.alt_text.true_names, "; "),
                         fmt::join(scene.alt_text.false_names, "; ")));
  fmt::print("  B  {}\n  D  {}\n  FB {}\n  FD {}\n", scene.captions.brief, scene.captions.dense,
             scene.captions.fused_brief, scene.captions.fused_dense);
  for (const Question& question : scene.questions) {
    fmt::print("  ? [{} {}] {} {} -> {}\n", question_kind_name(question.kind), question.sampling,
               question.question, fmt::join(question.choices, " / "),
               fmt::join(question.answers, " | "));
  }
}

int run(int argc, char** argv) {
  CLI::App app{"How varied the words of the proving ground are"};
  std::uint64_t count = 5000;
  std::uint64_t seed = 1;
  bool shown = false;
  app.add_option("scenes", count, "how many");
  app.add_option("--seed", seed, "the world's");
  app.add_flag("--show", shown, "print the words instead of figures");
  CLI11_PARSE(app, argc, argv);
  Teller teller(seed);
  std::map<std::string, Variety> varieties;
  auto start = std::chrono::steady_clock::now();
  for (std::uint64_t at = 0; at < count; ++at) {
    Scene scene = fake_scene(at + 1);
    Scene stranger = fake_scene(at + 1'000'000);
    teller.tell(scene, stranger);
    if (shown) {
      show(scene);
      continue;
    }
    varieties["brief"].add(scene.captions.brief);
    varieties["dense"].add(scene.captions.dense);
    varieties["fused_brief"].add(scene.captions.fused_brief);
    varieties["fused_dense"].add(scene.captions.fused_dense);
  }
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (shown) return 0;
  for (const auto& [name, variety] : varieties) variety.print(name);
  fmt::print("{} scenes in {:.2f} s, counting included\n", count, took.count());
  return 0;
}

}  // namespace
}  // namespace kale::world

int main(int argc, char** argv) { return kale::world::run(argc, argv); }
