#include "kale/decode/svg_guard.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "kale/core/ascii.h"
#include "kale/decode/svg_embedded.h"
#include "kale/decode/svg_markup.h"

namespace kale {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::size_t kPrologBytesMax = 64 * 1024;

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Prolog {
  std::size_t element = std::string_view::npos;  // of the first element's '<'
  std::optional<Span> doctype;
  bool has_subset = false;  // DOCTYPE ... [ ... ]
};

std::size_t after(std::string_view bytes, std::string_view close, std::size_t from) {
  std::size_t at = bytes.find(close, from);
  return at == std::string_view::npos ? at : at + close.size();
}

// Walks what may stand before the root element.
Prolog read_prolog(std::string_view bytes) {
  Prolog prolog;
  bytes = bytes.substr(0, kPrologBytesMax);
  std::size_t at = bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  while (true) {
    at = bytes.find_first_not_of(kSpaces, at);
    if (at == std::string_view::npos || bytes[at] != '<') return prolog;
    std::string_view rest = bytes.substr(at);
    std::size_t begin = at;
    if (rest.starts_with("<?")) {
      at = after(bytes, "?>", at);
    } else if (rest.starts_with("<!--")) {
      at = after(bytes, "-->", at);
    } else if (lower_ascii(rest.substr(0, 9)) == "<!doctype") {
      std::size_t close = bytes.find_first_of("[>", at);
      if (close == std::string_view::npos) return prolog;
      prolog.has_subset = bytes[close] == '[';
      if (prolog.has_subset) close = bytes.find("]", close);
      at = close == std::string_view::npos ? close : after(bytes, ">", close);
      prolog.doctype = Span{begin, at};
    } else {
      prolog.element = at;
      return prolog;
    }
    if (at == std::string_view::npos) return prolog;
  }
}

bool is_svg_name(std::string_view rest) {
  std::string_view name = rest.substr(1, rest.find_first_of(" \t\r\n/>", 1) - 1);
  std::size_t colon = name.find(':');
  return (colon == std::string_view::npos ? name : name.substr(colon + 1)) == "svg";
}

// In an encoding that is no superset of ASCII the words below could hide from a scan of bytes, and
// in one that is not UTF-8 two spellings of one name could pass for two.
bool encoding_is_plain(std::string_view low) {
  std::size_t declaration = low.find("<?xml");
  while (declaration != low.npos &&
         low.find_first_of(kSpaces, declaration + 5) != declaration + 5) {
    declaration = low.find("<?xml", declaration + 5);
  }
  if (declaration == low.npos) return true;
  std::string_view text = low.substr(declaration, low.find("?>", declaration) - declaration);
  std::size_t at = text.find("encoding");
  if (at == text.npos) return true;
  if (text.find("encoding", at + 1) != text.npos) return false;
  std::size_t open = text.find_first_of("\"'", at);
  if (open == text.npos) return false;
  std::size_t close = text.find(text[open], open + 1);
  if (close == text.npos) return false;
  std::string_view name = text.substr(open + 1, close - open - 1);
  if (name == "utf-8") return true;
  bool only_ascii = std::all_of(low.begin(), low.end(),
                                [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  constexpr std::array<std::string_view, 4> kPlain = {"us-ascii", "ascii", "iso-8859-1",
                                                      "windows-1252"};
  return only_ascii && std::find(kPlain.begin(), kPlain.end(), name) != kPlain.end();
}

// Lower case, with numeric references to ASCII characters resolved, so that "u&#114;l(" is seen.
std::string unescape_ascii(std::string_view low) {
  std::string plain;
  plain.reserve(low.size());
  for (std::size_t at = 0; at < low.size();) {
    std::size_t close = low.compare(at, 2, "&#") == 0 ? low.find(';', at) : std::string_view::npos;
    if (close == std::string_view::npos || close - at > 12) {
      plain += low[at++];
      continue;
    }
    std::string digits(low.substr(at + 2, close - at - 2));
    bool hex = digits.starts_with('x');
    long code = std::strtol(digits.c_str() + (hex ? 1 : 0), nullptr, hex ? 16 : 10);
    if (code > 0 && code < 0x80) plain += static_cast<char>(std::tolower(static_cast<int>(code)));
    at = close + 1;
  }
  return plain;
}

std::optional<std::string> href_danger(std::string_view bytes, std::string_view low,
                                       const SvgLimits& limits) {
  std::int64_t pixels = 0;
  for (std::size_t at = low.find("href"); at != low.npos; at = low.find("href", at + 4)) {
    std::size_t equals = low.find_first_not_of(kSpaces, at + 4);
    if (equals == low.npos || low[equals] != '=') continue;
    std::size_t open = low.find_first_not_of(kSpaces, equals + 1);
    if (open == low.npos || (low[open] != '"' && low[open] != '\'')) continue;
    std::size_t close = low.find(low[open], open + 1);
    if (close == low.npos) return "an attribute without an end";
    std::string_view value = bytes.substr(open + 1, close - open - 1);
    value.remove_prefix(std::min(value.find_first_not_of(kSpaces), value.size()));
    if (value.empty() || value.starts_with('#')) continue;
    if (!lower_ascii(value.substr(0, 5)).starts_with("data:"))
      return "a reference outside the document";
    auto size = embedded_size(value);
    if (!size) return "an embedded file that is neither PNG nor JPEG in plain base64";
    if (size->width > (limits.embedded_pixels_max - pixels) / size->height) {
      return "embedded pictures that are too large";
    }
    pixels += size->pixels();
  }
  return std::nullopt;
}

std::optional<std::string> style_danger(std::string_view plain) {
  if (plain.find("@import") != plain.npos) return "a style sheet import";
  if (plain.find("<?xml-stylesheet") != plain.npos) return "a style sheet reference";
  for (std::size_t at = plain.find("url("); at != plain.npos; at = plain.find("url(", at + 4)) {
    std::string_view value = plain.substr(at + 4, 16);
    for (std::string_view quote : {" ", "&quot;", "&apos;", "\"", "'", " "}) {
      if (value.starts_with(quote)) value.remove_prefix(quote.size());
    }
    if (!value.starts_with('#')) return "a style that refers outside the document";
  }
  return std::nullopt;
}

// An escape could spell url( or @import in another way. Names with a prefix are no properties, and
// drawing programs keep Windows paths under them.
bool has_style_escapes(std::string_view bytes) {
  SvgReader reader(bytes);
  bool in_style = false;
  while (true) {
    SvgPiece piece = reader.next();
    if (piece == SvgPiece::kEnd) return false;
    if (piece == SvgPiece::kText) {
      if (in_style && reader.text().find('\\') != std::string::npos) return true;
      continue;
    }
    if (piece != SvgPiece::kClose) {
      for (const SvgAttribute& attribute : reader.attributes()) {
        if (attribute.name.find(':') == attribute.name.npos &&
            attribute.value.find('\\') != std::string::npos)
          return true;
      }
    }
    in_style = piece == SvgPiece::kOpen && reader.name() == "style";
  }
}

}  // namespace

std::size_t svg_root(std::string_view bytes) {
  std::size_t element = read_prolog(bytes).element;
  return element != bytes.npos && is_svg_name(bytes.substr(element)) ? element : bytes.npos;
}

bool starts_as_svg(std::string_view bytes) { return svg_root(bytes) != bytes.npos; }

std::optional<std::string> svg_danger(std::string_view bytes, const SvgLimits& limits) {
  if (bytes.find('\0') != bytes.npos) return "zero bytes";
  std::string low = lower_ascii(bytes);
  if (!encoding_is_plain(low)) return "an encoding we do not scan";
  Prolog prolog = read_prolog(bytes);
  if (prolog.has_subset) return "a DOCTYPE with declarations of its own";
  std::size_t doctype = low.find("<!doctype");
  if (doctype != low.npos && low.find("<!doctype", doctype + 1) != low.npos) {
    return "more than one DOCTYPE";
  }
  if (doctype != low.npos && !prolog.doctype) return "a DOCTYPE out of place";
  for (std::string_view word : {"<!entity", "<!attlist", "<!element", "<!notation"}) {
    if (low.find(word) != low.npos) return "a document type declaration";
  }
  if (low.find("xml:base") != low.npos || low.find("/xinclude") != low.npos) {
    return "an inclusion";
  }
  if (auto danger = href_danger(bytes, low, limits)) return danger;
  if (auto danger = style_danger(unescape_ascii(low))) return danger;
  if (has_style_escapes(bytes)) return "a style with escapes";
  return std::nullopt;
}

std::string svg_without_doctype(std::string_view bytes) {
  std::string document(bytes);
  Prolog prolog = read_prolog(bytes);
  if (prolog.doctype) {
    document.erase(prolog.doctype->begin, prolog.doctype->end - prolog.doctype->begin);
  }
  return document;
}

}  // namespace kale
