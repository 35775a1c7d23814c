// Sizes of SVGs in pixels of CSS. libvips takes 72 dots to the inch, SVG and CSS 96, and a drawing
// that gives its size in points or millimetres and has no viewBox would lose its right and bottom.
// Threads  free functions, no shared state
#pragma once

#include <string>
#include <string_view>

namespace kale {

// The document with its root's width and height, where they are in in, cm, mm, Q, pt or pc, put
// in pixels instead; everything else as it was.
std::string svg_in_pixels(std::string_view document);

}  // namespace kale
