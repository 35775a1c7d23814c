#include "kale/gguf/export.h"

#include <fmt/format.h>

#include <memory>

#include "apps/kale/verbs.h"

namespace kale {
namespace {

struct GgufArguments {
  std::string folder, out, name;
  std::string type = "f16";
};

Status export_to_gguf(const GgufArguments& arguments) {
  KALE_TRY(const Exported exported, export_gguf(real_disk(), {.folder = arguments.folder,
                                                              .out = arguments.out,
                                                              .type = arguments.type,
                                                              .name = arguments.name}));
  for (const std::string& note : exported.notes) fmt::print(stderr, "kale: note: {}\n", note);
  fmt::print("{}\n{}\n", exported.model.string(), exported.projector.string());
  return {};
}

void add_gguf(CLI::App& group, int& exit) {
  CLI::App* verb = group.add_subcommand(
      "gguf",
      "a student (a folder in LLaVA form: config.json, model.safetensors, tokenizer.json and its "
      "picture processor's config) as OUT/NAME-TYPE.gguf and OUT/mmproj-NAME-TYPE.gguf, which "
      "`kale run recipes/kale-vlm.yaml --model .. --mmproj ..` and llama-server take. What "
      "llama.cpp would compute otherwise is refused with the key's name; small differences are "
      "told as notes (docs/student.md)");
  auto arguments = std::make_shared<GgufArguments>();
  verb->add_option("folder", arguments->folder, "the student's folder")->required();
  verb->add_option("--out", arguments->out, "output folder; made if it is missing")->required();
  verb->add_option("--type", arguments->type,
                   "of the weights: f32 (exact), f16 (half the bytes), q8_0 (a quarter); norms and "
                   "biases are f32 in all, the projector's file is f32 or f16")
      ->check(CLI::IsMember({"f32", "f16", "q8_0"}))
      ->capture_default_str();
  verb->add_option("--name", arguments->name, "in the files' names; the folder's if not given");
  verb->callback([arguments, &exit] { exit = report(export_to_gguf(*arguments)); });
}

}  // namespace

void add_export(CLI::App& app, int& exit) {
  CLI::App* group = app.add_subcommand("export", "a student in the files of other programs");
  group->require_subcommand(1);
  add_gguf(*group, exit);
}

}  // namespace kale
