// Whose captions an output folder holds: the kind and path of the source that its shards were
// frozen from, in state/source. With another source in its place, rows of two inputs would be mixed
// and captions of the first redone or lost.
// Errors   kBadConfig with the cure
// Threads  one, which holds the folder's lock; check_apart() needs none
// Format   docs/formats.md, "State in general"
#pragma once

#include <filesystem>

#include "kale/assemble/assemble.h"
#include "kale/resume/manifest.h"

namespace kale {

// Neither of the two lies in the other: a run would find its own files when it lists anew, or
// replace what it reads.
Status check_apart(const std::filesystem::path& out, const Assembled& assembled);

// The source is the one that the folder was begun with. That it lies elsewhere now is fine where
// every frozen file is found there, with the size it had. What is fine is remembered.
Status check_origin(const std::filesystem::path& out, const Assembled& assembled,
                    const Manifest& manifest);

}  // namespace kale
