// Truths of a world, by the keys of their scenes.
// Errors   kNotFound where nothing lies; kBadConfig where there is no truth, or two of one key;
//          kCorrupt for a truth that does not parse, naming its file, row and key; as tables.h says
// Threads  free functions, safe
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"
#include "kale/evaluate/report/tables.h"
#include "kale/world/scene/scene.h"

namespace kale::evaluate {

using ScenePtr = std::shared_ptr<const world::Scene>;

struct Truth {
  ScenePtr scene;
  std::size_t file = 0;  // index into Truths::files
};

struct Truths {
  std::map<std::string, Truth, std::less<>> by_key;
  std::vector<std::filesystem::path> files;
};

// Of `kale world make`: its folder, a tar, a table, or a folder of these.
Result<Truths> read_truths(const std::filesystem::path& path);
Result<ScenePtr> scene_of(std::string_view json, std::string_view key, const RecordPlace& place);

// What is missing of the worlds in a folder, or in the one above it: a line for each split.
std::vector<std::string> unfinished_worlds(const std::filesystem::path& path);

}  // namespace kale::evaluate
