#include "kale/evaluate/claims/sections.h"

#include <algorithm>

#include "kale/text/lists.h"
#include "kale/text/utf8.h"

namespace kale::evaluate {

std::string phrase_form(std::string_view text) {
  std::string form = normal_form(text);
  std::replace(form.begin(), form.end(), '-', ' ');
  for (std::size_t at = form.find("' "); at != form.npos; at = form.find("' ", at))
    form.erase(at, 1);  // "jack-o'-lantern"
  return form;
}

std::vector<SectionEntry> section_entries(std::string_view file_text) {
  std::vector<SectionEntry> entries;
  std::string section;
  for (const std::string& line : list_lines(file_text)) {
    if (line.front() == '[' && line.back() == ']') {
      section = line.substr(1, line.size() - 2);
      continue;
    }
    for (std::size_t begin = 0; begin <= line.size();) {
      const std::size_t end = std::min(line.find(';', begin), line.size());
      const std::string_view entry = trim(std::string_view(line).substr(begin, end - begin));
      begin = end + 1;
      if (entry.empty()) continue;
      const std::size_t sign = std::min(entry.find('='), entry.size());
      const std::string_view value = entry.substr(std::min(sign + 1, entry.size()));
      entries.push_back({section, phrase_form(entry.substr(0, sign)), std::string(value)});
    }
  }
  return entries;
}

}  // namespace kale::evaluate
