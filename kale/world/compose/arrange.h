// Where the contents of each layout go.
// Errors   those of the stage
// Threads  as the stage: one at a time
#pragma once

#include "kale/world/compose/stage.h"

namespace kale::world {

Status arrange_objects(Stage& stage);
Status arrange_sign(Stage& stage);
Status arrange_price(Stage& stage);
Status arrange_table(Stage& stage);
Status arrange_chart(Stage& stage);
Status arrange_page(Stage& stage);

// For all: things side by side on one line, or strewn over `region` with at most `overlap` of the
// smaller of two boxes covered. What finds no room is left out.
Status row_of_objects(Stage& stage, const Box& region);
Status strewn_objects(Stage& stage, const Box& region, float overlap);
Status write_centred(Stage& stage, const Text& text, const Font& font, const Box& room,
                     const std::string& colour);

}  // namespace kale::world
