#include "kale/world/tell/look.h"

#include <algorithm>
#include <cmath>

#include "kale/text/words.h"

namespace kale::world {
namespace {

// Where a third of the picture ends. The gap between left and middle is left unsaid.
constexpr double kLowEnd = 0.38, kMiddleStart = 0.42, kMiddleEnd = 0.58, kHighStart = 0.62;
constexpr double kTooWide = 0.7;  // a box of this share of a side is in no region
constexpr double kLargeShare = 0.4, kSmallShare = 0.03, kLargerBy = 1.4;
constexpr float kTiltFrom = 12, kTiltTo = 75, kUpsideDownFrom = 155, kHiddenBelow = 0.85F;
constexpr std::int64_t kQuoteWordsMax = 9;
constexpr std::size_t kQuoteBytesMax = 64;

enum class Third { kLow, kMiddle, kHigh, kNone };

Third third_of(double start, double size, double side) {
  if (side <= 0 || size > kTooWide * side) return Third::kNone;
  double middle = (start + size / 2) / side;
  if (middle < kLowEnd) return Third::kLow;
  if (middle > kHighStart) return Third::kHigh;
  return middle > kMiddleStart && middle < kMiddleEnd ? Third::kMiddle : Third::kNone;
}

std::string region_name(Third across, Third down) {
  if (across == Third::kMiddle && down == Third::kMiddle) return "centre";
  std::string row = down == Third::kLow ? "top" : down == Third::kHigh ? "bottom" : "";
  std::string column = across == Third::kLow ? "left" : across == Third::kHigh ? "right" : "";
  if (row.empty() || column.empty()) return row + column;
  return (row == "top" ? "upper " : "lower ") + column;
}

// 0 to 180 degrees away from upright.
float tilt_of(const Object& object) {
  float turned = std::fmod(std::abs(object.rotation), 360.0F);
  return std::min(turned, 360 - turned);
}

}  // namespace

Look::Look(const Scene& made_from) : scene(made_from) {
  for (int at = 0; at < static_cast<int>(scene.objects.size()); ++at) {
    const std::string& kind = scene.objects[at].kind;
    auto found = std::ranges::find(groups, kind, &Group::kind);
    if (found == groups.end()) found = groups.insert(groups.end(), {kind, {}});
    found->members.push_back(at);
  }
  auto largest = [&](const Group& group) {
    double most = 0;
    for (int member : group.members) most = std::max(most, share(member));
    return most;
  };
  std::ranges::stable_sort(groups, std::ranges::greater{}, largest);
}

const Group& Look::group_of(int object) const {
  return *std::ranges::find(groups, scene.objects[object].kind, &Group::kind);
}

bool Look::related(int subject, Relation relation, int object) const {
  return std::ranges::any_of(scene.relations, [&](const Relating& one) {
    return one.subject == subject && one.relation == relation && one.object == object;
  });
}

bool Look::all_related(const Members& subjects, Relation relation, const Members& objects) const {
  for (int subject : subjects) {
    for (int object : objects) {
      if (subject == object || !related(subject, relation, object)) return false;
    }
  }
  return !subjects.empty() && !objects.empty();
}

std::string Look::region(const Box& box) const {
  return region_name(third_of(box.x, box.width, scene.width),
                     third_of(box.y, box.height, scene.height));
}

std::string Look::region(const Members& members) const {
  Third across = Third::kNone, down = Third::kNone;
  for (std::size_t at = 0; at < members.size(); ++at) {
    const Box& box = scene.objects[members[at]].box;
    Third its_across = third_of(box.x, box.width, scene.width);
    Third its_down = third_of(box.y, box.height, scene.height);
    across = at == 0 || across == its_across ? its_across : Third::kNone;
    down = at == 0 || down == its_down ? its_down : Third::kNone;
  }
  return region_name(across, down);
}

double Look::share(int object) const {
  const Box& box = scene.objects[object].box;
  double area = static_cast<double>(scene.width) * scene.height;
  return area > 0 ? static_cast<double>(box.width) * box.height / area : 0;
}

bool Look::is_large(const Members& members) const {
  return members.size() == 1 && share(members[0]) > kLargeShare;
}

bool Look::is_small(const Members& members) const {
  return std::ranges::all_of(members, [&](int one) { return share(one) < kSmallShare; });
}

bool Look::is_largest(const Members& members) const {
  if (members.size() != 1 || scene.objects.size() < 2) return false;
  for (int other = 0; other < static_cast<int>(scene.objects.size()); ++other) {
    if (other != members[0] && share(other) * kLargerBy > share(members[0])) return false;
  }
  return true;
}

bool Look::is_tilted(const Members& members) const {
  return std::ranges::all_of(members, [&](int one) {
    float tilt = tilt_of(scene.objects[one]);
    return tilt > kTiltFrom && tilt < kTiltTo;
  });
}

bool Look::is_upside_down(const Members& members) const {
  return std::ranges::all_of(
      members, [&](int one) { return tilt_of(scene.objects[one]) > kUpsideDownFrom; });
}

bool Look::is_hidden(const Members& members) const {
  return std::ranges::all_of(members,
                             [&](int one) { return scene.objects[one].visible < kHiddenBelow; });
}

std::vector<std::string> Look::colours(const Members& members) const {
  std::vector<std::string> shared;
  for (std::size_t at = 0; at < members.size(); ++at) {
    const std::vector<std::string>& own = scene.objects[members[at]].colours;
    if (at == 0) shared.assign(own.begin(), own.begin() + std::min<std::ptrdiff_t>(2, own.size()));
    std::size_t same = 0;
    while (same < std::min(shared.size(), own.size()) && shared[same] == own[same]) ++same;
    shared.resize(same);
  }
  return shared;
}

bool Look::colour_tells_apart(int object) const {
  const std::vector<std::string>& own = scene.objects[object].colours;
  if (own.empty()) return false;
  for (int other : group_of(object).members) {
    if (other == object) continue;
    const std::vector<std::string>& theirs = scene.objects[other].colours;
    if (std::ranges::find(theirs, own[0]) != theirs.end()) return false;
  }
  return true;
}

const Text* Look::first_text(TextRole role) const {
  auto found = std::ranges::find(scene.texts, role, &Text::role);
  return found == scene.texts.end() ? nullptr : &*found;
}

std::vector<const Text*> Look::texts(TextRole role) const {
  std::vector<const Text*> found;
  for (const Text& text : scene.texts) {
    if (text.role == role) found.push_back(&text);
  }
  return found;
}

int Look::rows() const {
  int last = -1;
  for (const Text& text : scene.texts) {
    if (text.role == TextRole::kCell) last = std::max(last, text.row);
  }
  return last + 1;
}

int Look::columns() const {
  int last = -1;
  for (const Text& text : scene.texts) {
    if (text.role == TextRole::kCell) last = std::max(last, text.column);
  }
  return last + 1;
}

const Text* Look::cell(int row, int column) const {
  auto found = std::ranges::find_if(scene.texts, [&](const Text& text) {
    return text.role == TextRole::kCell && text.row == row && text.column == column;
  });
  return found == scene.texts.end() ? nullptr : &*found;
}

bool can_quote(std::string_view text) {
  return !text.empty() && text.size() <= kQuoteBytesMax &&
         text.find_first_of("\"\n") == std::string_view::npos && word_count(text) <= kQuoteWordsMax;
}

std::string quote(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace kale::world
