// The build without llama.cpp: the engine's options are known, but it cannot be made.
#include "kale/engines/llama/llama.h"

namespace kale {

Result<std::unique_ptr<Engine>> make_llama(LlamaOptions, const BuildContext&) {
  return Error{Code::kNotBuilt,
               "this build has no llama.cpp; run scripts/setup.sh and build the preset release"};
}

}  // namespace kale
