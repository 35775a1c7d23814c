#include "kale/decode/svg_markup.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace kale {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::string_view kNameEnds = " \t\r\n=/>";
constexpr std::size_t kReferenceBytesMax = 64;

std::size_t after(std::string_view text, std::string_view close, std::size_t from) {
  std::size_t at = text.find(close, from);
  return at == text.npos ? text.npos : at + close.size();
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  int tail = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr std::array<std::uint32_t, 4> kLead = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(kLead[static_cast<std::size_t>(tail)] | (code >> (6 * tail)));
  while (tail-- > 0) out += static_cast<char>(0x80 | ((code >> (6 * tail)) & 0x3F));
}

// `body` is what stands between & and ;
bool append_reference(std::string& out, std::string_view body) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kNamed = {
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  for (const auto& [name, character] : kNamed) {
    if (body == name) {
      out += character;
      return true;
    }
  }
  if (!body.starts_with('#')) return false;
  body.remove_prefix(1);
  bool hex = body.starts_with('x');
  if (hex) body.remove_prefix(1);
  std::uint32_t code = 0;
  auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), code, hex ? 16 : 10);
  if (error != std::errc() || end != body.data() + body.size() || code > 0x10FFFF) return false;
  append_utf8(out, code);
  return true;
}

}  // namespace

std::string svg_unescape(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t at = 0; at < raw.size();) {
    if (raw[at] == '&') {
      std::size_t close = raw.substr(at, kReferenceBytesMax).find(';');
      if (close != raw.npos && append_reference(out, raw.substr(at + 1, close - 1))) {
        at += close + 1;
        continue;
      }
    }
    out += raw[at++];
  }
  return out;
}

SvgPiece SvgReader::next() {
  while (at_ < document_.size()) {
    std::string_view rest = document_.substr(at_);
    if (rest[0] != '<') return read_text(document_.find('<', at_));
    if (rest.starts_with("<!--")) {
      at_ = after(document_, "-->", at_ + 4);
    } else if (rest.starts_with("<![CDATA[")) {
      return read_verbatim(document_.find("]]>", at_));
    } else if (rest.starts_with("<?")) {
      at_ = after(document_, "?>", at_);
    } else if (rest.starts_with("<!")) {
      at_ = after(document_, ">", at_);
    } else if (rest.starts_with("</")) {
      at_ = after(document_, ">", at_);
      return SvgPiece::kClose;
    } else {
      return read_tag();
    }
  }
  return SvgPiece::kEnd;
}

SvgPiece SvgReader::read_text(std::size_t end) {
  text_ = svg_unescape(document_.substr(at_, end - at_));
  at_ = end;
  return SvgPiece::kText;
}

SvgPiece SvgReader::read_verbatim(std::size_t end) {
  constexpr std::size_t kOpening = 9;
  text_ = document_.substr(at_ + kOpening, end - at_ - kOpening);
  at_ = end == document_.npos ? end : end + 3;
  return SvgPiece::kText;
}

SvgPiece SvgReader::read_tag() {
  attributes_.clear();
  std::size_t end = document_.find_first_of(kNameEnds, at_ + 1);
  name_ = document_.substr(at_ + 1, end - at_ - 1);
  name_.remove_prefix(name_.find(':') + 1);  // npos + 1 is 0
  while (true) {
    at_ = document_.find_first_not_of(kSpaces, end);
    if (at_ == document_.npos) return SvgPiece::kEnd;
    if (document_[at_] == '>') return ++at_, SvgPiece::kOpen;
    if (document_[at_] == '/') return at_ = after(document_, ">", at_), SvgPiece::kEmpty;
    end = document_.find_first_of(kNameEnds, at_);
    std::string_view name = document_.substr(at_, end - at_);
    std::size_t equals = document_.find_first_not_of(kSpaces, end);
    at_ = document_.npos;  // where the walk stands should the attribute be cut short
    if (equals == document_.npos || document_[equals] != '=') return SvgPiece::kEnd;
    std::size_t open = document_.find_first_not_of(kSpaces, equals + 1);
    if (open == document_.npos || (document_[open] != '"' && document_[open] != '\''))
      return SvgPiece::kEnd;
    std::size_t close = document_.find(document_[open], open + 1);
    if (close == document_.npos) return SvgPiece::kEnd;
    attributes_.push_back({name, svg_unescape(document_.substr(open + 1, close - open - 1))});
    end = close + 1;
  }
}

}  // namespace kale
