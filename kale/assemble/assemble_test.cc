#include "kale/assemble/assemble.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "kale/yaml/nearest.h"
#include "kale/assemble/tables.h"
#include "kale/core/executor_fake.h"

namespace kale {
namespace {
namespace fs = std::filesystem;

class AssembleTest : public ::testing::Test {
 protected:
  AssembleTest() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    root_ =
        fs::temp_directory_path() / ("kale_assemble_" + std::to_string(::getpid()) + info->name());
    fs::create_directories(root_ / "pictures");
  }
  ~AssembleTest() override { fs::remove_all(root_); }

  std::string recipe_text() const {
    return "name: tiny\nsource: {kind: folder, path: pictures}\n"
           "engines:\n  llm: {kind: fake}\n  eyes: {kind: fake, stands_for: classifier}\n"
           "  ocr: {kind: fake, stands_for: ocr}\n"
           "steps: [decode, see, read, describe, fuse, clean]\n";
  }
  Result<Assembled> make(const std::string& text, std::vector<std::string> sets = {}) {
    std::ofstream(root_ / "tiny.yaml") << text;
    KALE_TRY(Recipe recipe, load_recipe(root_ / "tiny.yaml", sets));
    return assemble(recipe, executor_, 1, real_disk(), root_ / "out");
  }
  std::string message(const std::string& text, std::vector<std::string> sets = {}) {
    auto made = make(text, std::move(sets));
    return made ? "it was made" : made.error().message;
  }
  std::vector<std::string> prints(std::vector<std::string> sets) {
    std::vector<std::string> prints;
    Assembled made = make(recipe_text(), std::move(sets)).value();
    for (const StepPrint& print : made.pipeline.prints) prints.push_back(print.print);
    return prints;
  }

  fs::path root_;
  FakeExecutor executor_;
};

TEST_F(AssembleTest, TheRecipeWithServersIsWhole) {
  auto recipe = load_recipe("recipes/kale-server.yaml", {"source.path=" + root_.string()});
  ASSERT_TRUE(recipe) << recipe.error().message;
  auto made = assemble(*recipe, executor_, 1, real_disk(), root_ / "out");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->pipeline.engines.size(), 2u);
  EXPECT_EQ(made->pipeline.prints[2].name, "describe");
}

TEST_F(AssembleTest, AServersTokenAndAddressAreInNoFingerprint) {
  std::string text =
      "name: t\nsource: {kind: folder, path: pictures}\nsteps: [decode, describe]\n"
      "describe: {source: vlm, engine: vlm}\nengines: {vlm: {kind: http, model: m, "
      "sees_images: true}}\n";
  auto print = [&](std::vector<std::string> sets) {
    return make(text, std::move(sets)).value().pipeline.prints.back().print;
  };
  std::string before = print({});
  EXPECT_EQ(print({"engines.vlm.url=http://other:1/v1", "engines.vlm.token_variable=SECRET"}),
            before);
  EXPECT_NE(print({"engines.vlm.model_revision=2"}), before);
  EXPECT_NE(print({"engines.vlm.model=n"}), before);
}

TEST_F(AssembleTest, MakesAPipelineWithAPrintForTheSourceAndEachStep) {
  auto made = make(recipe_text());
  ASSERT_TRUE(made) << describe_error(made.error());
  EXPECT_EQ(made->pipeline.steps.size(), 6u);
  EXPECT_EQ(made->pipeline.prints.size(), 7u);
  EXPECT_EQ(made->pipeline.prints[5].name, "fuse");
  EXPECT_NE(made->pipeline.provenance.find("\"recipe\":\"tiny\""), std::string::npos);
}

TEST_F(AssembleTest, AnOptionThatChangesCaptionsChangesItsPrintAndLaterOnes) {
  auto before = prints({});
  auto after = prints({"fuse.candidates=2"});
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_EQ(before[i] == after[i], i < 5) << "print " << i;
}

TEST_F(AssembleTest, AnEnginesOptionChangesThePrintsOfStepsThatAskIt) {
  auto before = prints({});
  auto after = prints({"engines.llm.id=other"});
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_EQ(before[i] == after[i], i < 4) << "print " << i;
}

TEST_F(AssembleTest, SpeedOptionsAndPathsChangeNoPrint) {
  EXPECT_EQ(prints({}), prints({"run.rows_in_flight=7", "engines.llm.delay_ms=5"}));
}

TEST_F(AssembleTest, TheSeedChangesEveryPrint) {
  auto before = prints({}), after = prints({"seed=2"});
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_NE(before[i], after[i]);
}

TEST_F(AssembleTest, ErrorsNameTheKeyAndTheCure) {
  EXPECT_NE(message(recipe_text() + "fuze: {}\n").find("did you mean 'fuse'"), std::string::npos);
  EXPECT_NE(message(recipe_text(), {"fuse.prompts=x"}).find("unknown option fuse.prompts"),
            std::string::npos);
  EXPECT_NE(message(recipe_text(), {"run.cores=-1"}).find("run.cores is -1"), std::string::npos);
  EXPECT_NE(message(recipe_text(), {"steps=[decode, see, clean]"}).find("'clean' reads"),
            std::string::npos);
  EXPECT_NE(message(recipe_text(), {"steps=[decode, decode]"}).find("listed twice"),
            std::string::npos);
  EXPECT_NE(message(recipe_text(), {"see.engine=nobody"}).find("no engine 'nobody'"),
            std::string::npos);
  EXPECT_NE(message("steps: [decode]\nsource: [1]\n").find("source must be a map"),
            std::string::npos);
  EXPECT_NE(message("- a list\n").find("must be a map"), std::string::npos);
  EXPECT_NE(message("a: [unclosed\n").find("tiny.yaml"), std::string::npos);
  EXPECT_NE(message("").find("must be a map"), std::string::npos);
}

TEST_F(AssembleTest, PicturesArePublishedOnlyWhereTheyCanBeToldApart) {
  EXPECT_EQ(message(recipe_text(), {"publish.image_bytes=true"}), "it was made");
  std::string without =
      "name: t\nsource: {kind: table, path: pictures, caption_dense_columns: "
      "[laion_coco]}\nengines: {llm: {kind: fake}}\nsteps: [fuse]\n";
  EXPECT_EQ(message(without), "it was made");
  std::string said = message(without, {"publish.image_bytes=true"});
  EXPECT_NE(said.find("needs sha256"), std::string::npos) << said;
  EXPECT_NE(said.find("decode"), std::string::npos) << said;
}

TEST_F(AssembleTest, TheSourcesPathIsAbsoluteAndItsTextIsWhole) {
  Assembled made = make(recipe_text(), {"source.path=pictures/../pictures/"}).value();
  EXPECT_EQ(made.source_path, root_ / "pictures");
  EXPECT_NE(made.source_text, make(recipe_text(), {"source.limit=3"}).value().source_text);
  EXPECT_NE(made.source_text.find("kind: folder"), std::string::npos) << made.source_text;
}

TEST_F(AssembleTest, AnOptionSetToNothingIsTheEmptyText) {
  EXPECT_TRUE(make(recipe_text(), {"source.licence="}));
  EXPECT_NE(message(recipe_text(), {"fuse.candidates="}).find("must be a whole number"),
            std::string::npos);
}

TEST_F(AssembleTest, NamesTooLongToBeMistypedAreCutInMessages) {
  std::string said = message(recipe_text() + std::string(1000, 'k') + ": {}\n");
  EXPECT_NE(said.find("unknown key 'kkkk"), std::string::npos);
  EXPECT_NE(said.find("known: "), std::string::npos);
  EXPECT_LT(said.size(), 1000u);
  EXPECT_EQ(shown("a\x1b[31mb"), "a?[31mb");
}

TEST_F(AssembleTest, RecipesInTheRepositoryReadWithoutError) {
  for (const auto& file : fs::directory_iterator("recipes")) {
    if (file.is_directory()) continue;  // training/: those of kale train
    auto recipe = load_recipe(file.path(), {});
    EXPECT_TRUE(recipe) << describe_error(recipe.error());
  }
}

TEST(Nearest, SuggestsOnlyWhatIsNear) {
  EXPECT_EQ(hint("fuze", {"fuse", "clean"}), " (did you mean 'fuse'?)");
  EXPECT_EQ(hint("zebra", {"fuse", "clean"}), " (known: fuse, clean)");
}

TEST(OptionsPage, NamesEveryPart) {
  std::string page = options_page();
  for (const auto& row : step_table())
    EXPECT_NE(page.find("## " + std::string(row.name) + "\n"), std::string::npos) << row.name;
}

}  // namespace
}  // namespace kale
