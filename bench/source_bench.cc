// Reads every row of a recipe's source and does nothing with it: what a source alone can deliver.
// Prints rows, bytes of pictures and seconds of the fastest round as one line of JSON.
//
//   source_bench recipes/kale.yaml --set source.limit=1000
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "kale/assemble/assemble.h"
#include "kale/resume/manifest.h"
#include "kale/run/pool.h"

namespace {

struct Settings {
  std::string recipe;
  std::vector<std::string> sets;
  std::string state;  // the manifest is frozen here
  bool images = true;
  int rounds = 5;
};

struct Read {
  std::int64_t rows = 0;
  std::int64_t rejected = 0;
  std::int64_t bytes = 0;
};

kale::Result<Read> read_all(kale::Source& source, const kale::Manifest& manifest, bool images) {
  Read read;
  kale::Columns wants = source.traits().provides;
  if (!images) wants = wants - kale::Columns{kale::Column::kImageBytes};
  for (std::int64_t shard = 0; shard < manifest.shards(); ++shard) {
    KALE_TRY(auto reader, source.open(manifest.shard(shard), wants));
    while (true) {
      KALE_TRY(auto row, reader->next());
      if (!row) break;
      ++read.rows;
      if (!std::holds_alternative<kale::On>(row->outcome)) ++read.rejected;
      if (row->row.image_bytes) read.bytes += std::ssize(*row->row.image_bytes);
    }
  }
  return read;
}

kale::Status measure(const Settings& settings) {
  KALE_TRY(kale::Recipe recipe, kale::load_recipe(settings.recipe, settings.sets));
  kale::WorkerPool pool(1);
  KALE_TRY(kale::Assembled made,
           kale::assemble(recipe, pool, 1, kale::real_disk(), settings.state));
  kale::Source& source = *made.pipeline.source;
  std::vector<double> seconds;
  Read read;
  kale::Manifest manifest;
  KALE_OK(kale::real_disk().make_folders(settings.state));
  KALE_TRY(manifest, kale::Manifest::open(kale::real_disk(),
                                          std::filesystem::path(settings.state) / "manifest"));
  auto began = std::chrono::steady_clock::now();
  KALE_OK(manifest.append_new(kale::real_disk(), source, made.pipeline.options.shard_rows));
  std::chrono::duration<double> listing = std::chrono::steady_clock::now() - began;
  for (int round = 0; round < settings.rounds; ++round) {
    began = std::chrono::steady_clock::now();
    KALE_TRY(read, read_all(source, manifest, settings.images));
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  }
  std::sort(seconds.begin(), seconds.end());
  fmt::print(
      "{{\"rows\": {}, \"rejected\": {}, \"bytes\": {}, \"list_seconds\": {:.4f}, "
      "\"median_seconds\": {:.4f}, \"rounds\": {}}}\n",
      read.rows, read.rejected, read.bytes, listing.count(), seconds[seconds.size() / 2],
      seconds.size());
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app{"reads every row of a recipe's source, nothing else"};
  app.add_option("recipe", settings.recipe, "recipe file")->required();
  app.add_option("--set", settings.sets, "an option of the recipe")->take_all();
  app.add_option("--state", settings.state, "folder for the frozen list of input")->required();
  app.add_option("--images", settings.images, "read pictures too");
  app.add_option("--rounds", settings.rounds, "rounds; the median counts");
  CLI11_PARSE(app, argc, argv);
  kale::Status measured = measure(settings);
  if (measured) return 0;
  fmt::print(stderr, "source_bench: {}\n", kale::describe_error(measured.error()));
  return 1;
}
