// FOLDER/tokenizer.json and a file with a JSON text on each line -> on each line, the text's tokens
// and what they decode to, as JSON.
//   tokens_probe FOLDER TEXTS
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kale/tokens/tokenizer.h"

int main(int count, char** words) {
  if (count != 3) return std::fputs("tokens_probe FOLDER TEXTS\n", stderr), 2;
  auto tokenizer = kale::Tokenizer::open(kale::real_disk(), words[1]);
  if (!tokenizer) {
    std::fputs((describe_error(tokenizer.error()) + "\n").c_str(), stderr);
    return 1;
  }
  std::ifstream texts(words[2]);
  for (std::string line; std::getline(texts, line);) {
    auto tokens = (*tokenizer)->encode(nlohmann::json::parse(line).get<std::string>());
    nlohmann::json said = {{"tokens", tokens}, {"text", (*tokenizer)->decode(tokens)}};
    std::puts(said.dump().c_str());
  }
}
