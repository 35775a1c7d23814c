#include "kale/world/make/make.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "kale/io/parquet/table.h"
#include "kale/io/tar/tar_reader.h"
#include "kale/io/temp_folder.h"
#include "kale/world/make/sheet.h"
#include "kale/world/scene/truth.h"
#include "kale/world/scene/world_plan.h"

namespace kale::world {
namespace {

namespace fs = std::filesystem;

class Make : public testing::Test {
 protected:
  void SetUp() override {
    const Result<Catalogue> catalogue = Catalogue::load({});
    if (!catalogue) GTEST_SKIP() << "run scripts/setup.sh: " << catalogue.error().message;
  }
  MakeOptions options(const std::string& name, int threads = 2) const {
    return {.rows = 25,
            .seed = 5,
            .out = folder_.path() / name,
            .cutouts = folder_.path() / "cutouts",
            .threads = threads,
            .shard_rows = 10};
  }
  static std::vector<std::string> names_in(const fs::path& folder) {
    return real_disk().list(folder).value();
  }
  static std::map<std::string, std::string> files_of(const fs::path& out) {
    std::map<std::string, std::string> files;
    for (const char* kind : {"tar", "parquet"}) {
      for (const std::string& name : names_in(out / kind))
        files[name] = real_disk().read(out / kind / name, 1 << 30).value();
    }
    return files;
  }
  static std::vector<Scene> scenes_of(const fs::path& out) {
    std::vector<Scene> scenes;
    for (const std::string& name : names_in(out / "tar")) {
      TarReader tar(real_disk().open(out / "tar" / name).value(), name);
      while (const auto member = tar.next().value()) {
        const std::string bytes = tar.read(1 << 24).value();
        if (member->name.ends_with(".json")) scenes.push_back(parse_truth(bytes).value());
      }
    }
    return scenes;
  }

  TempFolder folder_;
};

TEST_F(Make, SameBytesWhateverTheThreads) {
  ASSERT_TRUE(make_world(real_disk(), options("one", 1), {}));
  ASSERT_TRUE(make_world(real_disk(), options("three", 3), {}));
  const auto one = files_of(folder_.path() / "one");
  EXPECT_EQ(one.size(), 6u);
  EXPECT_EQ(one, files_of(folder_.path() / "three"));
  MakeOptions other = options("other");
  other.seed = 6;
  ASSERT_TRUE(make_world(real_disk(), other, {}));
  EXPECT_NE(one, files_of(folder_.path() / "other"));
}

TEST_F(Make, ShardSizeChangesNoScene) {
  MakeOptions whole = options("whole");
  whole.shard_rows = 100;
  ASSERT_TRUE(make_world(real_disk(), whole, {}));
  ASSERT_TRUE(make_world(real_disk(), options("parts"), {}));
  EXPECT_EQ(scenes_of(folder_.path() / "whole"), scenes_of(folder_.path() / "parts"));
}

TEST_F(Make, SplitsOfAWorldShareNoPartNameOrFont) {
  std::map<std::string, Split> owner;
  for (Split split : {Split::kTrain, Split::kValidation, Split::kTest}) {
    MakeOptions one = options(std::string(split_name(split)));
    one.split = split;
    ASSERT_TRUE(make_world(real_disk(), one, {}));
    for (const Scene& scene : scenes_of(one.out)) {
      EXPECT_EQ(scene.split, split);
      std::vector<std::string> used;
      for (const Object& object : scene.objects) {
        used.push_back(object.part);
        if (!object.name.empty()) used.push_back(object.kind + " " + object.name);
      }
      for (const Text& text : scene.texts) used.push_back("font " + text.font);
      if (!scene.background.source.empty()) used.push_back(scene.background.source);
      if (!scene.knowledge.entity.empty()) used.push_back(scene.knowledge.entity);
      for (const std::string& key : used)
        EXPECT_EQ(owner.emplace(key, split).first->second, split) << key;
    }
  }
}

TEST_F(Make, TablesHoldWhatTarsHold) {
  const MakeOptions made = options("tables");
  const Result<Counts> counts = make_world(real_disk(), made, {});
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->scenes(), 25);
  std::vector<Scene> scenes;
  for (const std::string& name : names_in(made.out / "parquet")) {
    auto table = TableReader::open(real_disk(), made.out / "parquet" / name, "").value();
    while (auto batch = table->next().value()) {
      for (std::size_t i = 0; i < batch->rows.size(); ++i) {
        scenes.push_back(parse_truth(batch->texts.at("truth").at(i)).value());
        EXPECT_EQ(scenes.back().captions.dense, batch->rows[i].caption_dense);
        EXPECT_FALSE(scenes.back().captions.brief.empty());
      }
    }
  }
  EXPECT_EQ(scenes, scenes_of(made.out));
}

TEST_F(Make, RefusesToMixWorlds) {
  ASSERT_TRUE(make_world(real_disk(), options("twice"), {}));
  const auto refused = [&](const MakeOptions& asked) {
    const Result<Counts> again = make_world(real_disk(), asked, {});
    return !again && again.error().code == Code::kBadConfig &&
           again.error().message.find("--out") != std::string::npos;
  };
  MakeOptions other = options("twice");
  other.seed = 6;
  EXPECT_TRUE(refused(other));
  other = options("twice");
  other.rows = 30;
  EXPECT_TRUE(refused(other));
  other = options("twice");
  other.split = Split::kTest;
  EXPECT_TRUE(make_world(real_disk(), other, {}));
  fs::remove(other.out / world_plan_file(Split::kTrain));
  EXPECT_TRUE(refused(options("twice"))) << "scenes of a world that nobody knows";
}

// What a kill leaves: whole shards, a tar without its table, files aside.
TEST_F(Make, GoesOnAfterAKillAndEndsInTheSameBytes) {
  ASSERT_TRUE(make_world(real_disk(), options("whole"), {}));
  const MakeOptions made = options("killed");
  const Result<Counts> first = make_world(real_disk(), made, {});
  ASSERT_TRUE(first);
  const fs::path kept = made.out / "tar" / "train-00000.tar";
  const auto kept_since = fs::last_write_time(kept);
  fs::remove(made.out / "parquet" / "train-00001.parquet");
  std::ofstream(made.out / "tar" / "train-00001.tar") << "half";
  fs::remove(made.out / "tar" / "train-00002.tar");
  fs::remove(made.out / "parquet" / "train-00002.parquet");
  std::ofstream(made.out / "tar" / "train-00002.tar.aside") << "half";
  std::int64_t found = -1;
  const Result<Counts> again =
      make_world(real_disk(), made, [&](std::int64_t, std::int64_t there) { found = there; });
  ASSERT_TRUE(again) << describe_error(again.error());
  EXPECT_EQ(found, 10);
  EXPECT_EQ(fs::last_write_time(kept), kept_since) << "a whole shard is not made again";
  EXPECT_EQ(again->table(), first->table());
  EXPECT_EQ(files_of(made.out), files_of(folder_.path() / "whole"));
  const auto all = files_of(made.out);
  ASSERT_TRUE(make_world(real_disk(), made, {})) << "all is done";
  EXPECT_EQ(files_of(made.out), all);
}

TEST_F(Make, NamesAShardThatIsDamaged) {
  const MakeOptions made = options("damaged");
  ASSERT_TRUE(make_world(real_disk(), made, {}));
  fs::copy_file(made.out / "tar" / "train-00000.tar", made.out / "tar" / "train-00001.tar",
                fs::copy_options::overwrite_existing);
  const Result<Counts> again = make_world(real_disk(), made, {});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::kCorrupt);
  EXPECT_NE(again.error().message.find("train-00001"), std::string::npos);
}

TEST_F(Make, KeysOfNoTwoScenesAreTheSame) {
  std::set<std::string> keys;
  for (const std::uint64_t seed : {5, 6}) {
    for (const Split split : {Split::kTrain, Split::kTest}) {
      MakeOptions one = options(fmt::format("{}-{}", seed, split_name(split)));
      one.rows = 3;
      one.seed = seed;
      one.split = split;
      ASSERT_TRUE(make_world(real_disk(), one, {}));
      for (const Scene& scene : scenes_of(one.out))
        EXPECT_TRUE(keys.insert(scene.key).second) << scene.key;
    }
  }
  EXPECT_TRUE(keys.contains("test-6-000000002"));
}

TEST_F(Make, DrawsASheet) {
  const MakeOptions made = options("sheet");
  ASSERT_TRUE(make_world(real_disk(), made, {}));
  const Result<std::string> png = contact_sheet(real_disk(), made.out, 12, 0);
  ASSERT_TRUE(png) << describe_error(png.error());
  EXPECT_TRUE(png->starts_with("\x89PNG"));
}

TEST(MakeOptionsTest, NameTheOptionThatIsWrong) {
  MakeOptions options{.rows = 0};
  EXPECT_NE(make_world(real_disk(), options, {}).error().message.find("--rows"), std::string::npos);
  options = {.rows = 1, .size = 5000};
  EXPECT_NE(make_world(real_disk(), options, {}).error().message.find("--size"), std::string::npos);
}

TEST(Sheet, OfNoWorldNamesTheCure) {
  const TempFolder folder;
  fs::create_directories(folder.path() / "tar");
  const Result<std::string> png = contact_sheet(real_disk(), folder.path(), 12, 0);
  ASSERT_FALSE(png);
  EXPECT_NE(png.error().message.find("kale world make"), std::string::npos);
}

}  // namespace
}  // namespace kale::world
