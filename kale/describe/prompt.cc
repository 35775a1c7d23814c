#include "kale/describe/prompt.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kale::describe {

Result<std::vector<Message>> parse_turns(std::string_view text) {
  static constexpr std::array<std::string_view, 3> kRoles{"system", "user", "assistant"};
  std::vector<Message> turns;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    bool begins_turn = false;
    for (std::string_view role : kRoles) {
      if (!line.starts_with(role) || !line.substr(role.size()).starts_with(":")) continue;
      line.remove_prefix(role.size() + 1);
      line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
      turns.push_back({std::string(role), std::string(line)});
      begins_turn = true;
    }
    if (begins_turn || turns.empty()) continue;
    turns.back().content += fmt::format("\n{}", line);
  }
  for (Message& turn : turns) turn.content.erase(turn.content.find_last_not_of(" \n\r") + 1);
  if (turns.empty() || turns.back().role != "assistant")
    return Error{Code::kBadConfig,
                 "describe: the examples must end with a turn \"assistant: ...\"; the facts of the "
                 "row follow it as the next user turn"};
  return turns;
}

std::string notes(const Wording& wording, const Slots& slots, Rng& rng) {
  std::vector<std::string_view> sections{"note subject", "note colours",    "note place",
                                         "note size",    "note background", "note text"};
  // In two rows of three the background comes first; captions would all end alike otherwise.
  if (slots.contains("background") && rng.below(3) > 0) {
    sections[0] = "note subject background";
    std::erase(sections, "note background");
  }
  std::string text;
  for (std::string_view section : sections) {
    std::string note = wording.pick(section, slots, rng);
    if (note.empty()) continue;
    if (!text.empty()) text += ' ';
    text += note;
  }
  return text;
}

}  // namespace kale::describe
