// Asks a GGUF model in bulk, for trying prompts by hand.
//
//   llama_ask --model X.gguf --candidates 5 --temperature 0.7 < prompts.jsonl > replies.jsonl
//
// A line in: {"messages": [{"role", "content"}, ...], "shared_messages": n, "images": ["x.ppm"]};
// without shared_messages all but the last message are taken to be shared. Pictures (binary PPM, 8
// bits) need --mmproj.
// A line out: {"choices": [{"text", "finish", "new_tokens"}, ...], "prompt_tokens": n} or
// {"error": "..."}
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "kale/engines/llama/ask_all.h"
#include "kale/engines/llama/llama.h"

namespace {

using nlohmann::json;

constexpr std::size_t kRoundLines = 256;

// nullptr where it is none.
kale::PixelsPtr read_ppm(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string magic;
  int most = 0;
  auto pixels = std::make_shared<kale::Pixels>();
  in >> magic >> pixels->width >> pixels->height >> most;
  in.get();
  if (!in || magic != "P6" || most != 255 || pixels->width < 1 || pixels->height < 1)
    return nullptr;
  pixels->rgb.resize(static_cast<std::size_t>(pixels->width) *
                     static_cast<std::size_t>(pixels->height) * 3);
  in.read(reinterpret_cast<char*>(pixels->rgb.data()),
          static_cast<std::streamsize>(pixels->rgb.size()));
  return in ? pixels : nullptr;
}

kale::Result<kale::Prompt> parse(const std::string& line) {
  auto bad = [&line](std::string_view why) {
    return kale::Error{kale::Code::kBadConfig, fmt::format("{}: {}", why, line.substr(0, 80))};
  };
  json in = json::parse(line, nullptr, false);
  if (!in.is_object() || !in.contains("messages") || !in["messages"].is_array())
    return bad("not an object with an array \"messages\"");
  kale::Prompt prompt;
  for (const json& message : in["messages"]) {
    bool whole = message.is_object() && message.contains("role") && message["role"].is_string() &&
                 message.contains("content") && message["content"].is_string();
    if (!whole) return bad("a message needs the texts \"role\" and \"content\"");
    prompt.messages.push_back({message["role"], message["content"]});
  }
  prompt.shared_messages = static_cast<int>(prompt.messages.size()) - 1;
  if (in.contains("shared_messages") && in["shared_messages"].is_number_integer())
    prompt.shared_messages = in["shared_messages"];
  for (const json& image : in.value("images", json::array())) {
    auto pixels = image.is_string() ? read_ppm(image.get<std::string>()) : nullptr;
    if (!pixels) return bad("\"images\" names what is no binary PPM file");
    prompt.images.push_back(std::move(pixels));
  }
  return prompt;
}

json to_json(const kale::llama::Answer& answer) {
  if (!answer) return {{"error", kale::describe_error(answer.error())}};
  json out{{"choices", json::array()}, {"prompt_tokens", answer->prompt_tokens}};
  for (const kale::Choice& choice : answer->choices)
    out["choices"].push_back({{"text", choice.text},
                              {"finish", kale::finish_name(choice.finish)},
                              {"new_tokens", choice.new_tokens}});
  return out;
}

int fail(const kale::Error& error) {
  fmt::print(stderr, "llama_ask: {}\n", kale::describe_error(error));
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  kale::LlamaOptions options;
  kale::Decoding decoding;
  CLI::App app("Asks a GGUF model in bulk: prompts as JSON lines in, replies as JSON lines out");
  app.add_option("--model", options.model, "GGUF file")->required();
  app.add_option("--mmproj", options.mmproj, "GGUF file of its projector, for pictures");
  app.add_option("--context-tokens", options.context_tokens, "longest prompt and reply together");
  app.add_option("--loop-tokens", options.loop_tokens_max, "longest loop looked for; 0 is off");
  app.add_option("--chat-template", options.chat_template, "name or file, instead of the model's");
  app.add_option("--sequences", options.sequences, "replies written at once");
  app.add_option("--workers", options.workers, "contexts beside each other; 0: one a core");
  app.add_option("--threads", options.threads, "of all workers together; 0: the cores");
  app.add_option("--tokens", decoding.new_tokens_max, "longest reply");
  app.add_option("--candidates", decoding.candidates, "replies to each prompt");
  app.add_option("--temperature", decoding.temperature, "0 is greedy");
  app.add_option("--top-p,--top_p", decoding.top_p, "");
  app.add_option("--top-k,--top_k", decoding.top_k, "");
  app.add_option("--repetition-penalty,--repetition_penalty", decoding.repetition_penalty, "");
  app.add_option("--seed", decoding.seed, "of the first line; each line adds one");
  app.add_option("--stop", decoding.stop, "a reply ends before this text");
  CLI11_PARSE(app, argc, argv);

  kale::FakeExecutor executor;
  int cores = static_cast<int>(std::thread::hardware_concurrency());
  auto engine = kale::make_llama(options, {executor, cores, std::filesystem::current_path(), {}});
  if (!engine) return fail(engine.error());
  if (auto started = (*engine)->start(); !started) return fail(started.error());

  std::vector<kale::llama::Question> questions;
  auto flush = [&] {
    for (const auto& answer : kale::llama::ask_all(executor, **engine, std::move(questions)))
      std::cout << to_json(answer).dump() << '\n';
    std::cout.flush();
    questions.clear();
  };
  for (std::string line; std::getline(std::cin, line);) {
    if (line.empty()) continue;
    auto prompt = parse(line);
    if (!prompt) return fail(prompt.error());
    questions.push_back({std::move(*prompt), decoding});
    ++decoding.seed;
    if (questions.size() == kRoundLines) flush();
  }
  flush();
  return 0;
}
