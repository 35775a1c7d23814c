// Walks an SVG's tags and texts, so that its parts can be counted before anything is drawn.
// Whatever is no well-formed markup ends the walk: librsvg refuses such a document as a whole.
// Threads  a reader belongs to one thread; free functions share no state
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kale {

struct SvgAttribute {
  std::string_view name;  // as written, with its prefix
  std::string value;      // references to characters resolved
};

enum class SvgPiece { kOpen, kEmpty, kClose, kText, kEnd };

class SvgReader {
 public:
  explicit SvgReader(std::string_view document) : document_(document) {}

  SvgPiece next();
  std::string_view name() const { return name_; }  // of kOpen and kEmpty, without its prefix
  const std::vector<SvgAttribute>& attributes() const { return attributes_; }
  const std::string& text() const { return text_; }  // of kText

 private:
  SvgPiece read_tag();
  SvgPiece read_text(std::size_t end);
  SvgPiece read_verbatim(std::size_t end);

  std::string_view document_;
  std::size_t at_ = 0;
  std::string_view name_;
  std::vector<SvgAttribute> attributes_;
  std::string text_;
};

// "&#65;&amp;" -> "A&"; what is no reference to a character stays.
std::string svg_unescape(std::string_view raw);

}  // namespace kale
