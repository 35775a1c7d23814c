// `kale run --input PATH`: which source reads what lies there, and the recipe options that say so.
// Errors   kNotFound where there is nothing
// Threads  free functions, safe
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "kale/core/result.h"

namespace kale {

// "webdataset" for a tar or a folder that holds one, "table" for a table or a folder of tables,
// "folder" for anything else. Looks at names only, at most kNamesLookedAt of them.
Result<std::string> source_kind(const std::filesystem::path& input);

// "option=value" for --set, whatever characters the value has.
std::string set_text(std::string_view option, const std::string& value);

// Options that replace `source` and `publish` of a recipe, whose limits, licence and title belong
// to other pictures: {"source={...}", "publish={...}"}.
Result<std::vector<std::string>> input_sets(const std::filesystem::path& input);

}  // namespace kale
