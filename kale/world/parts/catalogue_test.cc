#include "kale/world/parts/catalogue.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "kale/world/scene/kinds.h"

namespace kale::world {
namespace {

constexpr std::array kSplits = {Split::kTrain, Split::kValidation, Split::kTest};

Catalogue load_or_skip(bool& missing) {
  Result<Catalogue> catalogue = Catalogue::load({});
  missing = !catalogue;
  if (catalogue) return std::move(*catalogue);
  EXPECT_EQ(catalogue.error().code, Code::kNotFound);
  return {};
}

#define KALE_LOAD_OR_SKIP(catalogue)                 \
  bool missing = false;                              \
  const Catalogue catalogue = load_or_skip(missing); \
  if (missing) GTEST_SKIP() << "run scripts/setup.sh"

// What no two splits may share is put in front of `use`, with the split it was met in.
template <class F>
void expect_disjoint(const Catalogue& catalogue, F keys) {
  std::map<std::string, Split> owner;
  for (Split split : kSplits) {
    const std::vector<std::string> met = keys(catalogue.shelf(split));
    EXPECT_FALSE(met.empty());
    for (const std::string& key : met) {
      const auto [at, fresh] = owner.emplace(key, split);
      EXPECT_TRUE(fresh || at->second == split) << key << " is in two splits";
    }
  }
}

TEST(Catalogue, SplitsShareNoPartNoNameAndNoPicture) {
  KALE_LOAD_OR_SKIP(catalogue);
  expect_disjoint(catalogue, [](const Shelf& shelf) {
    std::vector<std::string> keys;
    for (const Part& part : shelf.parts) {
      keys.push_back(part.id);
      keys.push_back(part.file.string());
      if (!part.name.empty()) keys.push_back(part.kind + " called " + part.name);
    }
    return keys;
  });
}

TEST(Catalogue, SplitsShareNoFontAndNoWallpaper) {
  KALE_LOAD_OR_SKIP(catalogue);
  expect_disjoint(catalogue, [](const Shelf& shelf) {
    std::vector<std::string> keys;
    for (const Font& font : shelf.fonts) {
      keys.push_back(font.family);
      keys.push_back(font.file.string());
    }
    return keys;
  });
  expect_disjoint(catalogue, [](const Shelf& shelf) {
    std::vector<std::string> keys;
    for (const Wallpaper& wallpaper : shelf.wallpapers) {
      // wood-d and wood-l are the dark and the light one of the same
      std::string stem = wallpaper.file.stem().string();
      if (stem.ends_with("-d") || stem.ends_with("-l")) stem.resize(stem.size() - 2);
      keys.push_back(stem);
    }
    return keys;
  });
}

TEST(Catalogue, TrainingKnowsEveryKindAndEachPartIsListedOnce) {
  KALE_LOAD_OR_SKIP(catalogue);
  std::set<std::string> trained;
  std::set<std::string> ids;
  for (Split split : kSplits) {
    EXPECT_GE(catalogue.shelf(split).parts.size(), 100u);
    for (const Part& part : catalogue.shelf(split).parts) {
      EXPECT_TRUE(ids.insert(part.id).second) << part.id;
      if (split == Split::kTrain) trained.insert(part.kind);
    }
  }
  for (const Kind& kind : kinds()) EXPECT_TRUE(trained.contains(kind.noun)) << kind.noun;
}

TEST(Catalogue, NamesWhatIsMissingAndTheCure) {
  const Result<Catalogue> catalogue = Catalogue::load({.unpacked = "no/such/folder"});
  ASSERT_FALSE(catalogue);
  EXPECT_EQ(catalogue.error().code, Code::kNotFound);
  EXPECT_NE(catalogue.error().message.find("scripts/setup.sh"), std::string::npos);
}

}  // namespace
}  // namespace kale::world
