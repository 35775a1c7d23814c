#include "kale/train/train.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kale/io/temp_folder.h"
#include "kale/models/safetensors.h"
#include "kale/train/data/student_fake.h"
#include "kale/train/schedule.h"

namespace kale {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRecipe = R"(
seed: 3
student: {from: student}
data: {train: data, validation: data, validation_rows: 12, alt_text_dropout: 0.2}
loop: {step_rows: 8, rows_at_once: 4, shuffle_rows: 32, threads: 1, checkpoint_steps: 4,
       validation_steps: 10, validation_captions: 2}
stages: [align, tune]
align: {learns: [projector], steps: 5, rate: 0.01}
tune: {learns: [vision, projector, text], steps: 10, rate: 0.01, decay: 0.01}
)";

struct World {
  TempFolder temp;
  World() {
    write_fake_student(temp.path() / "student");
    fs::create_directories(temp.path() / "data");
    FakePairs(90).write(temp.path() / "data" / "a.parquet");
  }
  // `stop_after`: as if somebody pressed Ctrl-C at that step.
  Status run(const std::string& out, int stop_after = 0, std::vector<std::string> sets = {}) {
    KALE_TRY(TrainRecipe recipe, parse_train_recipe(kRecipe, temp.path() / "train.yaml", sets));
    KALE_TRY(auto processes, join_processes());
    std::atomic<bool> stop = false;
    int lines = 0;
    const TrainRun run{
        .out = temp.path() / out, .stop = stop, .say = [&](const std::string&, bool passing) {
          if (passing && ++lines == stop_after) stop = true;
        }};
    return train(real_disk(), recipe, *processes, run);
  }
  // (step, loss, gradient) of a run's log, in JSON's own digits.
  std::vector<std::string> losses(const std::string& out) const {
    std::ifstream log(temp.path() / out / "train.jsonl");
    std::vector<std::string> losses;
    for (std::string line; std::getline(log, line);) {
      auto record = nlohmann::json::parse(line);
      losses.push_back(record["step"].dump() + " " + record["loss"].dump() + " " +
                       record["gradient_norm"].dump());
    }
    return losses;
  }
  std::string weights(const std::string& out) const {
    return *real_disk().read(temp.path() / out / "student" / "model.safetensors", 1 << 24);
  }
};

TEST(Train, LearnsAndLeavesAStudent) {
  World world;
  Status done = world.run("out", 0, {"tune.steps=60"});
  ASSERT_TRUE(done) << done.error().message;
  auto losses = world.losses("out");
  ASSERT_EQ(losses.size(), 65u);
  auto loss_of = [](const std::string& line) { return std::stod(line.substr(line.find(' ') + 1)); };
  EXPECT_LT(loss_of(losses.back()), 0.6 * loss_of(losses.front()));
  for (const char* file :
       {"student/config.json", "student/tokenizer.json", "student/preprocessor_config.json",
        "loss.svg", "samples/step-00000065.md"})
    EXPECT_TRUE(fs::exists(world.temp.path() / "out" / file)) << file;
}

TEST(Train, GoesOnFromAnyStepWithTheSameLossesToTheLastBit) {
  World world;
  ASSERT_TRUE(world.run("whole"));
  const auto expected = world.losses("whole");
  for (int stop : {2, 4, 5, 6, 11}) {  // in a stage, at a checkpoint, at its end, behind it
    const std::string out = "cut" + std::to_string(stop);
    Status stopped = world.run(out, stop);
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, Code::kCancelled) << stopped.error().message;
    Status done = world.run(out);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(world.losses(out), expected) << "stopped after step " << stop;
    EXPECT_EQ(world.weights(out), world.weights("whole")) << "stopped after step " << stop;
  }
}

TEST(Train, FrozenPartsStayAsTheyAre) {
  World world;
  ASSERT_TRUE(world.run("align", 0, {"stages=[align]"}));
  ASSERT_TRUE(world.run("none", 0, {"stages=[align]", "align.rate=0"}));
  auto tensors = [&](const std::string& out) {
    return *Safetensors::parse(world.weights(out), out);
  };
  const Safetensors learnt = tensors("align"), begun = tensors("none");
  int moved = 0;
  for (const auto& [name, tensor] : learnt.tensors()) {
    const bool same = tensor.bytes == begun.tensors().at(name).bytes;
    EXPECT_EQ(same, !name.starts_with("multi_modal_projector.")) << name;
    moved += same ? 0 : 1;
  }
  EXPECT_EQ(moved, 4);
}

TEST(Train, ALossThatIsNoNumberStopsTheRun) {
  World world;
  Status done = world.run(
      "out", 0,
      {"tune.rate=1", "tune.steps=200", "tune.clip_norm=0", "tune.decay=1e9", "align.steps=1"});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::kBadConfig);
  EXPECT_NE(done.error().message.find("lower tune.rate"), std::string::npos)
      << done.error().message;
}

TEST(Train, AnotherRecipeOrOtherDataDoesNotGoOn) {
  World world;
  ASSERT_FALSE(world.run("out", 5));
  Status other = world.run("out", 0, {"tune.rate=0.02"});
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().message.find("the recipe is not what"), std::string::npos);
  EXPECT_TRUE(world.run("out", 0, {"loop.checkpoint_steps=3"})) << "which changes no loss";
  ASSERT_FALSE(world.run("out2", 5));
  FakePairs(91).write(world.temp.path() / "data" / "a.parquet");
  Status data = world.run("out2");
  ASSERT_FALSE(data);
  EXPECT_NE(data.error().message.find("the data is not what"), std::string::npos);
}

TEST(TrainRecipe, NamesWhatIsWrong) {
  auto refusal = [](std::vector<std::string> sets) {
    auto recipe = parse_train_recipe(kRecipe, "t.yaml", sets);
    return recipe ? "it was read" : recipe.error().message;
  };
  EXPECT_NE(refusal({"tune.epochs=1"}).find("either steps or epochs"), std::string::npos);
  EXPECT_NE(refusal({"tune.learns=[txt]"}).find("did you mean 'text'"), std::string::npos);
  EXPECT_NE(refusal({"stages=[align, tnue]"}).find("stage 'tnue' has no section"),
            std::string::npos);
  EXPECT_NE(refusal({"loop.step_row=3"}).find("step_rows"), std::string::npos);
  EXPECT_NE(refusal({"los.step_rows=3"}).find("unknown key 'los'"), std::string::npos);
}

TEST(TrainRecipe, ThoseOfTheRepositoryReadWithoutError) {
  int read = 0;
  for (const auto& file : fs::directory_iterator("recipes/training")) {
    auto recipe = load_train_recipe(file.path(), {});
    EXPECT_TRUE(recipe) << describe_error(recipe.error());
    ++read;
  }
  EXPECT_GT(read, 0);
}

TEST(Schedule, WarmsUpThenFollowsACosine) {
  const Schedule schedule{.rate = 2, .end_share = 0.1, .warmup = 4, .steps = 104};
  EXPECT_DOUBLE_EQ(rate_of(schedule, 0), 0.5);
  EXPECT_DOUBLE_EQ(rate_of(schedule, 3), 2);
  EXPECT_DOUBLE_EQ(rate_of(schedule, 4), 2);
  EXPECT_DOUBLE_EQ(rate_of(schedule, 54), 2 * 0.55);
  EXPECT_DOUBLE_EQ(rate_of(schedule, 104), 0.2);
}

}  // namespace
}  // namespace kale
