// Questions about a scene with exact answers, in the shapes of the benchmarks.
//
//   open       what can be seen; ten answers, most of them the plain one, as annotators vary (VQAv2)
//   probe      "Is there a dog in the image?", as many yes as no; the kinds that are not there are
//              drawn at random, from the world's commonest, or from the commonest of a category that
//              is there (POPE's random, popular, adversarial)
//   knowledge  what the pixels do not say
//   reading    what is written; ten answers (TextVQA, OCRBench)
//   chart      numbers and labels of a bar chart (ChartQA)
//   choice     four choices, the answer is a letter (MMStar)
//
// Limits   kQuestionsOf below, of each kind, fewer where the scene gives no more
// Threads  functions are safe
#pragma once

#include <vector>

#include "kale/core/rng.h"
#include "kale/world/scene/kinds.h"
#include "kale/world/scene/scene.h"

namespace kale::world {

struct QuestionLimits {
  std::size_t open = 3, probe_pairs = 1, knowledge = 2, reading = 2, chart = 3, choice = 2;
};
inline constexpr QuestionLimits kQuestionsOf;  // probe_pairs: of each sampling

std::vector<Question> ask(const Scene& scene, Rng& rng);

// A thing of this kind may be in the picture, whether by its kind, by another word for it, as a
// sort of it, by its name, or in a background that nobody has looked through.
bool may_be_there(const Kind& kind, const Scene& scene);

// All kinds, the world's commonest first.
const std::vector<const Kind*>& kinds_by_frequency();

}  // namespace kale::world
