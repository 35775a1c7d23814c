#include "kale/run/world_fake.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "kale/engines/fake/fake.h"
#include "kale/io/digest.h"
#include "kale/run/pool.h"
#include "kale/run/sink_fake.h"

namespace kale {
namespace {

struct WatchedExtras : ExtraColumns {
  WatchedExtras(std::int64_t said, std::shared_ptr<Watch> seen)
      : bytes(said), watch(std::move(seen)) {
    watch->born();
  }
  ~WatchedExtras() override { --watch->alive; }
  std::int64_t row_bytes() const override { return bytes; }
  std::int64_t bytes;
  std::shared_ptr<Watch> watch;
};

class NamesSource : public Source {
 public:
  explicit NamesSource(const FakeWorld& world) : world_(world) {}

  SourceTraits traits() const override {
    return {"names", {Column::kKey, Column::kPath, Column::kAltText, Column::kImageBytes}, 1};
  }
  Status list(const std::function<Status(InputFile)>& take) override {
    for (const std::string& name : world_.names) KALE_OK(take({name, 1, 100}));
    return {};
  }
  Result<std::unique_ptr<RowReader>> open(const ShardSpec& shard, Columns wants) override {
    return std::unique_ptr<RowReader>(
        std::make_unique<Reader>(shard, world_, wants.has(Column::kImageBytes)));
  }

 private:
  struct Reader : RowReader {
    Reader(ShardSpec spec, const FakeWorld& in, bool bytes)
        : shard(std::move(spec)), world(in), with_bytes(bytes) {}
    Result<std::optional<SourceRow>> next() override {
      if (at == shard.slices.size()) return std::optional<SourceRow>();
      SourceRow read;
      read.row.path = shard.slices[at++].path;
      if (read.row.path == world.replaced) read.row.path = "row-another";
      read.row.key = xxh128_hex(read.row.path);
      read.row.filled = {Column::kKey, Column::kPath};
      if (world.extras_bytes > 0)
        read.row.extras = std::make_shared<WatchedExtras>(world.extras_bytes, world.extras_watch);
      if (read.row.path.starts_with("bad")) {
        read.outcome = Dropped{Drop::kNoAltText, "no sidecar"};
        return std::optional(std::move(read));
      }
      if (read.row.path == world.gone) {
        read.outcome = Failed{{Code::kNotFound, "the picture is gone"}};
        return std::optional(std::move(read));
      }
      read.row.alt_text = "alt " + read.row.path;
      read.row.filled |= {Column::kAltText, Column::kImageBytes};
      if (with_bytes) read.row.image_bytes = picture();
      return std::optional(std::move(read));
    }
    std::shared_ptr<const std::string> picture() {
      auto watch = world.watch;
      watch->born();
      return {new std::string(world.picture_bytes, 'x'), [watch](const std::string* bytes) {
                --watch->alive;
                delete bytes;
              }};
    }
    ShardSpec shard;
    const FakeWorld& world;
    bool with_bytes;
    std::size_t at = 0;
  };
  const FakeWorld& world_;
};

Prompt one_message(std::string text) {
  Prompt prompt;
  prompt.messages.push_back({"user", std::move(text)});
  return prompt;
}

struct DecodeStep : Step {
  explicit DecodeStep(int work) : rounds(work) {}
  StepTraits traits() const override {
    StepTraits traits{"decode", {Column::kImageBytes}, {Column::kPixels, Column::kWidth}};
    traits.transient_bytes = 3;
    return traits;
  }
  Task<Outcome> apply(Row& row, Context&) override {
    KALE_CHECK(row.image_bytes != nullptr, "decode needs the encoded picture");
    for (int i = 0; i < rounds; ++i) row.sha256 = sha256_hex(*row.image_bytes);
    auto pixels = std::make_shared<Pixels>(Pixels{1, 1, {0, 0, 0}});
    pixels->rgb[0] = static_cast<std::uint8_t>(xxh3_64(row.key));
    row.pixels = std::move(pixels);
    row.width = 1;
    co_return On{};
  }
  int rounds;
};

struct DescribeStep : Step {
  explicit DescribeStep(Engine& asked) : engine(asked) {}
  StepTraits traits() const override {
    StepTraits traits{"describe", {Column::kPixels}, {Column::kCaptionDense}};
    traits.engines = {&engine};
    return traits;
  }
  Task<Outcome> apply(Row& row, Context& ctx) override {
    Prompt prompt = one_message("describe " + row.path);
    prompt.images.push_back(row.pixels);
    Decoding decoding;
    auto reply = co_await ctx.ask(engine, std::move(prompt), std::move(decoding));
    if (!reply) co_return Failed{std::move(reply).error()};
    row.caption_dense = reply->choices[0].text;
    co_return On{};
  }
  Engine& engine;
};

// Asks twice, so that the n-th call of a step matters.
struct FuseStep : Step {
  FuseStep(Engine& asked, const FakeWorld& in) : engine(asked), world(in) {}
  StepTraits traits() const override {
    StepTraits traits{"fuse", {Column::kCaptionDense, Column::kAltText}, {Column::kCaptionFused}};
    traits.engines = {&engine};
    traits.texts = {world.fuse_prompt};
    return traits;
  }
  Task<Outcome> apply(Row& row, Context& ctx) override {
    if (world.fuse_throws && row.path.ends_with("7")) throw std::runtime_error("fuse is broken");
    Decoding decoding;
    decoding.candidates = 2;
    for (int call = 0; call < 2; ++call) {
      Prompt prompt = one_message(world.fuse_prompt + row.alt_text + row.caption_dense);
      auto reply = co_await ctx.ask(engine, std::move(prompt), decoding);
      if (!reply) co_return Failed{std::move(reply).error()};
      row.caption_fused = reply->choices[1].text;
    }
    if (row.path.starts_with("drop")) co_return Dropped{Drop::kRefused, "asked to"};
    co_return On{};
  }
  Engine& engine;
  const FakeWorld& world;
};

struct CleanStep : Step {
  explicit CleanStep(std::string in_use) : words(std::move(in_use)) {}
  StepTraits traits() const override {
    StepTraits traits{"clean", {Column::kCaptionFused}, {Column::kCaption}};
    traits.retries = {"fuse"};
    traits.texts = {words};
    return traits;
  }
  Task<Outcome> apply(Row& row, Context& ctx) override {
    bool never_clean = row.path.ends_with("99");
    if (never_clean || (ctx.attempt() == 0 && row.path.ends_with("5")))
      co_return Retry{"fuse", "leaked"};
    row.caption = row.caption_fused + " clean " + std::to_string(ctx.rng().below(1000)) + words;
    co_return On{};
  }
  std::string words;
};

Result<Pipeline> make_pipeline(const FakeWorld& world, Disk& disk, Executor& cpu) {
  Pipeline pipeline;
  pipeline.options = world.options;
  pipeline.source = std::make_unique<NamesSource>(world);
  BuildContext build{cpu, world.threads, world.out, {}};
  FakeOptions fake;
  fake.log = world.engine_log;
  fake.script = world.engine_script;
  KALE_TRY(auto engine, make_fake(fake, build));
  pipeline.steps.push_back(std::make_unique<DecodeStep>(world.decode_rounds));
  pipeline.steps.push_back(std::make_unique<DescribeStep>(*engine));
  pipeline.steps.push_back(std::make_unique<FuseStep>(*engine, world));
  pipeline.steps.push_back(std::make_unique<CleanStep>(world.clean_words));
  pipeline.engines.push_back(std::move(engine));
  pipeline.prints.push_back(source_print("names", 1, "", pipeline.seed));
  for (const auto& step : pipeline.steps)
    pipeline.prints.push_back(step_print(pipeline.prints.back(), step->traits(), ""));
  pipeline.sink = world.sink ? world.sink(disk, world.out) : make_json_sink(disk, world.out);
  return pipeline;
}

Status run_in(const FakeWorld& world, Disk& disk, const StopToken& stop, FakeRun& run) {
  WorkerPool pool(world.threads);
  KALE_TRY(Pipeline pipeline, make_pipeline(world, disk, pool));
  KALE_OK(disk.make_folders(world.out / "state"));
  KALE_TRY(Manifest manifest, Manifest::open(disk, world.out / "state" / "manifest"));
  KALE_TRY(auto ledger, Ledger::open(disk, world.out / "state" / "ledger"));
  KALE_OK(manifest.append_new(disk, *pipeline.source, pipeline.options.shard_rows));
  KALE_TRY(auto plans, plan_run(disk, world.out, manifest, *ledger, pipeline.prints, world.retry));
  KALE_OK(sweep(disk, world.out, *ledger, plans));
  Runner runner(pipeline, {disk, world.out, manifest, *ledger, pool, stop, *run.counters});
  Status status = runner.run(plans);
  run.shards_planned = run.counters->shards_planned;
  run.shards_done = run.counters->shards_done;
  return status;
}

}  // namespace

std::vector<std::string> FakeWorld::some_names(int rows) {
  std::vector<std::string> names;
  for (int i = 0; i < rows; ++i) {
    std::string_view kind = i % 11 == 3 ? "bad" : i % 7 == 2 ? "drop" : "row";
    names.push_back(fmt::format("{}-{:04}", kind, i));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::int64_t FakeRun::calls_to(const std::string& step) const {
  for (const StepCounters& counted : counters->steps)
    if (counted.name == step) return counted.calls;
  return 0;
}

FakeRun run_world(const FakeWorld& world, Disk& disk, const StopToken& stop) {
  FakeRun run;
  run.counters = std::make_unique<Counters>();
  run.status = run_in(world, disk, stop, run);
  return run;
}

std::string output_bytes(const std::filesystem::path& out) {
  std::string all;
  for (const char* folder : {"parts", "rejects"}) {
    auto names = real_disk().list(out / folder);
    if (!names) continue;
    for (const std::string& name : *names) {
      std::ifstream file(out / folder / name, std::ios::binary);
      std::ostringstream bytes;
      bytes << file.rdbuf();
      all += fmt::format("== {}/{}\n{}\n", folder, name, bytes.str());
    }
  }
  return all;
}

}  // namespace kale
