#include "kale/see/subject.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <unordered_map>

namespace kale {
namespace {

constexpr int kScanSidePx = 256;
constexpr float kSameColour = 0.05F;      // OKLab distance within which border pixels are alike
constexpr float kLikeBackground = 0.06F;  // and within which the background spreads inwards
constexpr double kPlainBorderMin = 0.5;   // of the border in one colour
constexpr double kBoxTail = 0.004;        // of the mask's pixels that may lie outside its box

std::vector<std::size_t> border_of(const Scan& scan) {
  int ring = std::max(1, std::min(scan.width, scan.height) / 50);
  std::vector<std::size_t> border;
  for (int y = 0; y < scan.height; ++y) {
    bool edge_row = y < ring || y >= scan.height - ring;
    for (int x = 0; x < scan.width; ++x) {
      if (edge_row || x < ring || x >= scan.width - ring) border.push_back(scan.index(x, y));
    }
  }
  return border;
}

int cell_of(const Lab& lab) {
  auto step = [](float v) { return static_cast<int>(std::floor(v / kSameColour)) + 64; };
  return (step(lab.lightness) << 16) | (step(lab.a) << 8) | step(lab.b);
}

// The commonest colour: the mean around the fullest cell. Ties go to the lower cell, so that the
// answer does not hang on the order of a hash table.
Lab commonest(const Scan& scan, const std::vector<std::size_t>& where) {
  std::unordered_map<int, int> cells;
  for (std::size_t i : where) ++cells[cell_of(scan.lab[i])];
  auto fullest = std::max_element(cells.begin(), cells.end(), [](const auto& l, const auto& r) {
    return l.second != r.second ? l.second < r.second : l.first > r.first;
  });
  Lab centre;
  for (int pass = 0; pass < 3; ++pass) {
    Lab sum;
    float count = 0;
    for (std::size_t i : where) {
      const Lab& lab = scan.lab[i];
      bool near =
          pass == 0 ? cell_of(lab) == fullest->first : lab_distance(lab, centre) < kSameColour;
      if (!near) continue;
      sum = {sum.lightness + lab.lightness, sum.a + lab.a, sum.b + lab.b};
      ++count;
    }
    if (count == 0) return centre;
    centre = {sum.lightness / count, sum.a / count, sum.b / count};
  }
  return centre;
}

// Spreads from the border through pixels like the background, so that a white belly on a white
// ground stays part of the penguin.
std::vector<bool> flood(const Scan& scan, const std::vector<std::size_t>& border,
                        const Lab& background) {
  std::vector<bool> reached(scan.lab.size(), false);
  std::vector<std::size_t> todo;
  auto visit = [&](std::size_t i) {
    if (reached[i] || lab_distance(scan.lab[i], background) > kLikeBackground) return;
    reached[i] = true;
    todo.push_back(i);
  };
  for (std::size_t i : border) visit(i);
  auto width = static_cast<std::size_t>(scan.width);
  while (!todo.empty()) {
    std::size_t i = todo.back();
    todo.pop_back();
    std::size_t x = i % width;
    if (x > 0) visit(i - 1);
    if (x + 1 < width) visit(i + 1);
    if (i >= width) visit(i - width);
    if (i + width < scan.lab.size()) visit(i + width);
  }
  return reached;
}

std::vector<bool> without_edge(const Scan& scan, const std::vector<bool>& mask) {
  std::vector<bool> core(mask.size(), false);
  std::size_t kept = 0;
  std::size_t all = 0;
  for (int y = 0; y < scan.height; ++y) {
    for (int x = 0; x < scan.width; ++x) {
      std::size_t i = scan.index(x, y);
      if (!mask[i]) continue;
      ++all;
      bool inside = true;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          int nx = std::clamp(x + dx, 0, scan.width - 1);
          int ny = std::clamp(y + dy, 0, scan.height - 1);
          inside = inside && mask[scan.index(nx, ny)];
        }
      }
      core[i] = inside;
      kept += inside;
    }
  }
  // Thin subjects are all edge; then the edge is all there is to see.
  return kept * 5 < all ? mask : core;
}

// The range that holds all but kBoxTail of the counts at either end.
std::pair<int, int> extent(const std::vector<int>& counts, int total) {
  int allowed = static_cast<int>(kBoxTail * total);
  int first = 0;
  int last = static_cast<int>(counts.size()) - 1;
  int sum = 0;
  while (first < last && (sum += counts[static_cast<std::size_t>(first)]) <= allowed) ++first;
  sum = 0;
  while (last > first && (sum += counts[static_cast<std::size_t>(last)]) <= allowed) --last;
  return {first, last};
}

void place(const Scan& scan, Subject& subject) {
  std::vector<int> columns(static_cast<std::size_t>(scan.width), 0);
  std::vector<int> rows(static_cast<std::size_t>(scan.height), 0);
  int total = 0;
  for (std::size_t i = 0; i < subject.mask.size(); ++i) {
    if (!subject.mask[i]) continue;
    ++columns[i % columns.size()];
    ++rows[i / columns.size()];
    ++total;
  }
  if (total == 0) return;
  auto [left, right] = extent(columns, total);
  auto [top, bottom] = extent(rows, total);
  subject.box = {static_cast<double>(left) / scan.width, static_cast<double>(top) / scan.height,
                 static_cast<double>(right - left + 1) / scan.width,
                 static_cast<double>(bottom - top + 1) / scan.height};
  subject.area_share = total / static_cast<double>(subject.mask.size());
}

}  // namespace

Scan scan_picture(const Pixels& pixels) {
  Scan scan;
  int side = std::max(pixels.width, pixels.height);
  scan.every = std::max(1, (side + kScanSidePx - 1) / kScanSidePx);
  scan.width = (pixels.width + scan.every - 1) / scan.every;
  scan.height = (pixels.height + scan.every - 1) / scan.every;
  scan.lab.reserve(static_cast<std::size_t>(scan.width) * static_cast<std::size_t>(scan.height));
  for (int y = 0; y < pixels.height; y += scan.every) {
    for (int x = 0; x < pixels.width; x += scan.every) scan.lab.push_back(to_lab(pixels.at(x, y)));
  }
  return scan;
}

Subject find_subject(const Scan& scan) {
  Subject subject;
  auto border = border_of(scan);
  subject.background = commonest(scan, border);
  auto alike = std::count_if(border.begin(), border.end(), [&](std::size_t i) {
    return lab_distance(scan.lab[i], subject.background) < kSameColour;
  });
  subject.plain =
      static_cast<double>(alike) >= kPlainBorderMin * static_cast<double>(border.size());
  std::vector<bool> background = flood(scan, border, subject.background);
  auto spread = std::count(background.begin(), background.end(), true);
  subject.background_share = static_cast<double>(spread) / static_cast<double>(background.size());
  // A picture that is all background shows one thing only: that colour.
  subject.plain = subject.plain && subject.background_share < 0.995;
  subject.mask.assign(scan.lab.size(), true);
  if (subject.plain) {
    for (std::size_t i = 0; i < background.size(); ++i) subject.mask[i] = !background[i];
  }
  subject.core = subject.plain ? without_edge(scan, subject.mask) : subject.mask;
  place(scan, subject);
  return subject;
}

}  // namespace kale
