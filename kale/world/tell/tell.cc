#include "kale/world/tell/tell.h"

#include "kale/world/tell/alt_text.h"
#include "kale/world/tell/brief.h"
#include "kale/world/tell/dense.h"
#include "kale/world/tell/knowledge.h"
#include "kale/world/tell/questions.h"

namespace kale::world {
namespace {

// Each kind of words has its own random numbers, so that more questions change no caption.
enum class Stream : std::uint64_t { kAltText = 1, kBrief, kDense, kFused, kQuestions };

}  // namespace

Teller::Teller(std::uint64_t world_seed) : world_seed_(world_seed), entities_(world_seed) {}

void Teller::tell(Scene& scene, const Scene& stranger) const {
  auto stream = [&](Stream which) {
    return Rng(mix_seeds(mix_seeds(world_seed_, scene.seed), static_cast<std::uint64_t>(which)));
  };
  scene.knowledge = entities_.know(scene);
  Rng alt = stream(Stream::kAltText);
  scene.alt_text = write_alt_text(scene, stranger, entities_, alt);

  const Look look(scene);
  Rng brief = stream(Stream::kBrief), dense = stream(Stream::kDense),
      fused = stream(Stream::kFused);
  Captions& captions = scene.captions;
  captions.brief = tell_brief(look, {}, kBriefWords, brief);
  captions.dense = tell_dense(look, {}, kDenseWords, dense);
  captions.fused_brief = captions.brief;
  captions.fused_dense = captions.dense;
  if (!scene.alt_text.true_names.empty()) {
    Names names = names_in(scene.alt_text.text, scene);
    captions.fused_brief = tell_brief(look, names, kFusedBriefWords, fused);
    captions.fused_dense = tell_dense(look, names, kFusedDenseWords, fused);
  }
  Rng asking = stream(Stream::kQuestions);
  scene.questions = ask(scene, asking);
}

}  // namespace kale::world
