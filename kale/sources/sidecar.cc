#include "kale/sources/sidecar.h"

#include <utility>

#include "kale/sources/checks.h"
#include "kale/text/utf8.h"

namespace kale {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Cuts the first line off `bytes`; line ends of Unix and Windows.
std::string_view take_line(std::string_view& bytes) {
  std::size_t end = bytes.find('\n');
  std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool fit_for_a_column(std::string_view text) {
  return is_valid_utf8(text) && !has_control_chars(text);
}

void take_translation(std::string_view line, const std::vector<std::string>& languages,
                      Sidecar& sidecar) {
  std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return;
  std::string_view code = trim(line.substr(0, equals));
  std::string_view text = trim(line.substr(equals + 1));
  if (code.ends_with(".utf8")) code.remove_suffix(5);
  if (text.empty() || !fit_for_a_column(text)) return;
  for (std::size_t i = 0; i < languages.size(); ++i)
    if (languages[i] == code && !sidecar.translations[i]) sidecar.translations[i] = text;
}

}  // namespace

Sidecar parse_sidecar(std::string_view bytes, const std::vector<std::string>& languages) {
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  Sidecar sidecar;
  sidecar.translations.resize(languages.size());
  std::string_view alt_text = trim(take_line(bytes));
  sidecar.outcome = check_alt_text(alt_text, "the first line of the text file");
  if (std::holds_alternative<On>(sidecar.outcome)) sidecar.alt_text = alt_text;
  while (!bytes.empty() && !languages.empty())
    take_translation(take_line(bytes), languages, sidecar);
  return sidecar;
}

}  // namespace kale
