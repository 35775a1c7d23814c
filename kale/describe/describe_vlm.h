// The variant for a VLM: the picture and one instruction go out, a dense caption comes back.
// Rows     reads pixels, or url where image is url (nothing is decoded then); writes
//          caption_dense, described_by ("vlm"); drops kRefused, kEmptyReply, kRepetition,
//          kPromptEcho, and kNoImage where a row has no URL
// Errors   kBadConfig when the engine sees no images, or fetches no URLs
#pragma once

#include <memory>
#include <string>

#include "kale/core/step.h"
#include "kale/describe/describe.h"

namespace kale::describe {

Result<std::unique_ptr<Step>> make_describe_vlm(DescribeOptions options, Engine& engine,
                                                std::string instruction);

}  // namespace kale::describe
