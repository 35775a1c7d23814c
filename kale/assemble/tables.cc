#include "kale/assemble/tables.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "kale/caption/caption.h"
#include "kale/clean/clean.h"
#include "kale/decode/decode.h"
#include "kale/describe/describe.h"
#include "kale/engines/fake/fake.h"
#include "kale/engines/http/http.h"
#include "kale/engines/llama/llama.h"
#include "kale/engines/tesseract/tesseract.h"
#include "kale/engines/torch/torch.h"
#include "kale/fuse/fuse.h"
#include "kale/read/read.h"
#include "kale/run/pipeline.h"
#include "kale/see/see.h"
#include "kale/sources/folder.h"
#include "kale/sources/table.h"
#include "kale/sources/webdataset.h"
#include "kale/write/publish.h"

namespace kale {
namespace {

template <class Options>
void show_options(OptionVisitor& visitor) {
  Options options;
  options.visit(visitor);
}

template <class Part, class Options,
          Result<std::unique_ptr<Part>> (*make)(Options, const BuildContext&)>
Result<Made<Part>> make_part(OptionReader& reader, const BuildContext& build) {
  Options options;
  options.visit(reader);
  KALE_OK(reader.finish());
  CaptionsText text;
  options.visit(text);
  KALE_TRY(auto part, make(std::move(options), build));
  return Made<Part>{std::move(part), text.text()};
}

template <class Part, class Options,
          Result<std::unique_ptr<Part>> (*make)(Options, const BuildContext&)>
constexpr Entry<Part> entry(std::string_view name, std::string_view help) {
  return {name, help, show_options<Options>, make_part<Part, Options, make>};
}

constexpr std::array kSources{
    entry<Source, FolderOptions, make_folder>("folder", "pictures with a text file beside each"),
    entry<Source, WebdatasetOptions, make_webdataset>(
        "webdataset", "tars of pictures, texts and JSON: WebDataset, img2dataset"),
    entry<Source, TableOptions, make_table>(
        "table", "parquet, Arrow, JSON Lines, CSV and TSV files, lists of paths or URLs"),
};

constexpr std::array kEngines{
    entry<Engine, LlamaOptions, make_llama>("llama", "a GGUF language model in this process"),
    entry<Engine, HttpOptions, make_http>("http",
                                          "a model behind a server: vLLM, SGLang, "
                                          "llama-server, any /v1/chat/completions"),
    entry<Engine, TorchOptions, make_torch>("torch", "an ImageNet classifier in libtorch"),
    entry<Engine, TesseractOptions, make_tesseract>("tesseract", "OCR"),
    entry<Engine, FakeOptions, make_fake>("fake", "scripted replies, for tests and dry runs"),
};

constexpr std::array kSteps{
    entry<Step, DecodeOptions, make_decode>("decode", "encoded picture -> pixels"),
    entry<Step, SeeOptions, make_see>("see", "pixels -> classes, colours, layout"),
    entry<Step, ReadOptions, make_read>("read", "pixels -> words in the picture"),
    entry<Step, DescribeOptions, make_describe>("describe",
                                                "what was seen and read -> caption_dense"),
    entry<Step, FuseOptions, make_fuse>("fuse", "caption_dense + alt_text -> caption_fused"),
    entry<Step, CaptionOptions, make_caption>("caption",
                                              "pixels + alt_text -> caption_fused, in one pass"),
    entry<Step, CleanOptions, make_clean>("clean",
                                          "caption_fused -> caption, without leaked prompts"),
};

template <class Options>
std::string option_rows() {
  OptionTable table;
  Options options;
  options.visit(table);
  return table.text();
}

std::string section(std::string_view place, std::string_view help, const std::string& rows) {
  return fmt::format(
      "## {}\n\n{}\n\n| option | meaning | default | allowed |\n| --- | --- | --- | --- |\n{}\n",
      place, help, rows);
}

template <class Part>
std::string sections(std::span<const Entry<Part>> table, std::string_view place_format) {
  std::string text;
  for (const Entry<Part>& row : table) {
    OptionTable options;
    row.show(options);
    text += section(fmt::format(fmt::runtime(place_format), row.name), row.help, options.text());
  }
  return text;
}

}  // namespace

std::span<const Entry<Source>> source_table() { return kSources; }
std::span<const Entry<Engine>> engine_table() { return kEngines; }
std::span<const Entry<Step>> step_table() { return kSteps; }

std::string options_page() {
  std::string text =
      "# Options\n\nWritten by `kale options`. In a recipe each map below stands under its name; "
      "on the "
      "command line it is\n`--set fuse.candidates=3`. Beside these a recipe holds `name`, `seed` "
      "and "
      "`steps`.\n\n";
  text += section("run", "how the machine is used", option_rows<RunOptions>());
  text += sections(source_table(), "source: {{kind: {}}}");
  text += sections(engine_table(), "engines: {{NAME: {{kind: {}}}}}");
  text += sections(step_table(), "{}");
  text += section("publish", "the dataset folder others load", option_rows<PublishOptions>());
  return text;
}

}  // namespace kale
