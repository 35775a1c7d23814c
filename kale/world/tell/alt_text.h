// Alt-text in the forms that the web has, with the names in it told apart by whether they are true.
//
// Forms    of 100 scenes: 33 named, 13 product, 10 file name, 12 boilerplate, 10 half wrong,
//          8 wrong picture, 6 foreign, 5 empty, 3 instruction
// Threads  functions are safe
#pragma once

#include "kale/core/rng.h"
#include "kale/world/scene/scene.h"
#include "kale/world/tell/entities.h"

namespace kale::world {

// scene.knowledge is filled. `stranger` is what a kWrongPicture speaks of: another scene of the
// same split, whose knowledge need not be filled. Names are listed as they stand in the text.
AltText write_alt_text(const Scene& scene, const Scene& stranger, const Entities& entities,
                       Rng& rng);

// The same in a given form; where a scene gives no text of that form (nothing in it can be said in
// another language), the form is kNamed.
AltText write_alt_text(const Scene& scene, const Scene& stranger, const Entities& entities,
                       AltForm form, Rng& rng);

}  // namespace kale::world
