// The variant for a VLM: the pixels and one instruction go out, a dense caption comes back.
// Rows     reads pixels; writes caption_dense, described_by ("vlm"); drops kRefused, kEmptyReply,
//          kRepetition, kPromptEcho
// Errors   kBadConfig when the engine sees no images
#pragma once

#include <memory>
#include <string>

#include "kale/core/step.h"
#include "kale/describe/describe.h"

namespace kale::describe {

Result<std::unique_ptr<Step>> make_describe_vlm(DescribeOptions options, Engine& engine,
                                                std::string instruction);

}  // namespace kale::describe
