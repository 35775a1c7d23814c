// The variants for models that see: the picture and one instruction go out (to a VLM), or the
// picture alone (to a student of kale train, which learnt so where data.alt_text_dropout hid the
// alt-text); a dense caption comes back.
// Rows     reads pixels, or url where image is url (nothing is decoded then); writes
//          caption_dense, described_by ("vlm", "student"); drops kRefused, kEmptyReply,
//          kRepetition, kPromptEcho, and kNoImage where a row has no URL
// Errors   kBadConfig when the engine sees no images, or fetches no URLs; for an empty instruction,
//          or one for a student
#pragma once

#include <memory>
#include <string>

#include "kale/core/step.h"
#include "kale/describe/describe.h"

namespace kale::describe {

Result<std::unique_ptr<Step>> make_describe_vlm(DescribeOptions options, Engine& engine,
                                                std::string instruction);
Result<std::unique_ptr<Step>> make_describe_student(DescribeOptions options, Engine& engine);

}  // namespace kale::describe
