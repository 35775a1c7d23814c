#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <thread>

#include "apps/kale/places.h"
#include "apps/kale/verbs.h"
#include "kale/core/duration.h"
#include "kale/world/make/make.h"
#include "kale/world/make/sheet.h"
#include "kale/world/scene/named.h"

    namespace kale {
  namespace {

  struct WorldArguments {
    world::MakeOptions options;
    std::string out, cutouts;
    std::string packages = ".deps/world";
    std::string split = "train";
    int threads = 0;
  };

  Status make(const WorldArguments& arguments) {
    KALE_OK(check_out_folder(arguments.out));
    world::MakeOptions options = arguments.options;
    options.out = arguments.out;
    options.cutouts = arguments.cutouts;
    options.packages.unpacked = arguments.packages;
    options.threads = arguments.threads > 0
                          ? arguments.threads
                          : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    world::value_named(arguments.split, options.split);
    const auto began = std::chrono::steady_clock::now();
    const auto progress = [&](std::int64_t done, std::int64_t found) {
      fmt::print(stderr, "kale: {} of {} scenes, {:.0f} scenes/s\n", done, options.rows,
                 static_cast<double>(done - found) / seconds_since(began));
    };
    KALE_TRY(const world::Counts counts, world::make_world(real_disk(), options, progress));
    fmt::print("{}", counts.table());
    return {};
  }

  void add_make(CLI::App& world, int& exit) {
    CLI::App* verb = world.add_subcommand(
        "make",
        "compose scenes of packaged pictures, with their truth, alt-texts, captions and questions: "
        "OUT/tar/*.tar and OUT/parquet/*.parquet (docs/formats.md). The same rows, seed, size and "
        "split give the same bytes; after a kill the same command goes on with the shard it was "
        "at");
    auto arguments = std::make_shared<WorldArguments>();
    verb->add_option("--rows", arguments->options.rows, "how many scenes")->required();
    verb->add_option("--seed", arguments->options.seed, "of the world: its scenes and its history")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    verb->add_option("--out", arguments->out,
                     "output folder, without another world's scenes of this split")
        ->required();
    verb->add_option("--size", arguments->options.size, "pixels of a picture's longer side")
        ->capture_default_str();
    verb->add_option("--split", arguments->split,
                     "splits share no part, name, font or wallpaper: train, validation or test")
        ->check(CLI::IsMember({"train", "validation", "test"}))
        ->capture_default_str();
    verb->add_option("--threads", arguments->threads, "0: as many as there are cores")
        ->check(CLI::Range(0, world::kThreadsMax))
        ->capture_default_str();
    verb->add_option(
        "--cutouts", arguments->cutouts,
        "folder that keeps cut-outs from one run to the next; OUT/cutouts if not given");
    verb->add_option("--packages", arguments->packages,
                     "where scripts/setup.sh put the pictures that npm brings")
        ->check(not_empty())
        ->capture_default_str();
    verb->callback([arguments, &exit] { exit = report(make(*arguments)); });
  }

  struct SheetArguments {
    std::string world, out;
    int scenes = world::kSheetScenes;
    int skip = 0;
  };

  Status sheet(const SheetArguments& arguments) {
    KALE_OK(check_out_file(arguments.out));
    KALE_TRY(const std::string png,
             world::contact_sheet(real_disk(), arguments.world, arguments.scenes, arguments.skip));
    const std::filesystem::path folder = std::filesystem::path(arguments.out).parent_path();
    if (!folder.empty()) KALE_OK(real_disk().make_folders(folder));
    return write_whole_file(real_disk(), arguments.out, png);
  }

  void add_sheet(CLI::App& world, int& exit) {
    CLI::App* verb =
        world.add_subcommand("sheet", "draw a contact sheet of a world's first scenes");
    auto arguments = std::make_shared<SheetArguments>();
    verb->add_option("world", arguments->world, "output folder of kale world make")->required();
    verb->add_option("--out", arguments->out, "the PNG to write")->required();
    verb->add_option("--scenes", arguments->scenes, "how many")
        ->check(CLI::Range(1, world::kSheetScenesMax))
        ->capture_default_str();
    verb->add_option("--skip", arguments->skip, "begin after so many")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    verb->callback([arguments, &exit] { exit = report(sheet(*arguments)); });
  }

  }  // namespace

  void add_world(CLI::App & app, int& exit) {
    CLI::App* world =
        app.add_subcommand("world", "the proving ground: pictures whose truth is known");
    world->require_subcommand(1);
    add_make(*world, exit);
    add_sheet(*world, exit);
  }

}  // namespace kale
