// The build without llama.cpp.
#include "kale/gguf/export.h"

namespace kale {

Result<Exported> export_gguf(Disk&, const ExportOptions&) {
  return Error{Code::kNotBuilt,
               "this kale is built without llama.cpp, which writes GGUF files; run "
               "scripts/setup.sh and build the preset release"};
}

}  // namespace kale
