#include "inspector/actor_screen.hpp"

#include <algorithm>

namespace stoa {
namespace {

constexpr size_t kNameWidth = 24;

std::string cut(std::string text, size_t width) {
  if (text.size() > width) text.resize(width);
  return text;
}

std::string left(const std::string& text, size_t width) {
  std::string out = cut(text, width);
  return out.append(width - out.size(), ' ');
}

std::string right(const std::string& text, size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}

std::string percent(int64_t per_mille) { return std::to_string(per_mille / 10) + "." + std::to_string(per_mille % 10); }

bool comes_before(const ActorRow& a, const ActorRow& b, char sort) {
  switch (sort) {
    case 'D':
      if (a.depth != b.depth) return a.depth > b.depth;
      break;
    case 'O':
      if (a.oldest_ms != b.oldest_ms) return a.oldest_ms > b.oldest_ms;
      break;
    case 'R':
      if (a.rate != b.rate) return a.rate > b.rate;
      break;
    case 'B':
      if (a.busy != b.busy) return a.busy > b.busy;
      break;
    case 'H':
      if (a.handled != b.handled) return a.handled > b.handled;
      break;
    default:
      break;
  }
  return a.name != b.name ? a.name < b.name : a.id < b.id;
}

std::string line_of(const ActorRow& row) {
  std::string last;
  for (const std::string& name : row.last) last += (last.empty() ? "" : " ") + name;
  return left(row.name, kNameWidth) + right(std::to_string(row.depth), 7) + right(std::to_string(row.oldest_ms), 10) +
         right(std::to_string(row.rate), 9) + right(percent(row.busy), 7) + right(std::to_string(row.handled), 12) +
         "  " + last;
}

std::string titles() {
  return left("ACTOR", kNameWidth) + right("DEPTH", 7) + right("OLDEST ms", 10) + right("RATE /s", 9) +
         right("BUSY %", 7) + right("HANDLED", 12) + "  LAST";
}

}  // namespace

bool is_sort_key(char key) { return std::string("DORBHN").find(key) != std::string::npos; }

std::vector<std::string> actor_screen(const ActorView& view, const ScreenChoice& choice, size_t width, size_t height) {
  std::vector<const ActorRow*> rows;
  for (const ActorRow& row : view.actors) {
    if (row.name.find(choice.filter) != std::string::npos) rows.push_back(&row);
  }
  std::sort(rows.begin(), rows.end(),
            [&](const ActorRow* a, const ActorRow* b) { return comes_before(*a, *b, choice.sort); });
  std::vector<std::string> lines;
  std::string head = view.node + "  " + to_rfc3339(view.at) + "  " + std::to_string(rows.size()) + " of " +
                     std::to_string(view.actors.size()) + " actors";
  if (!choice.filter.empty()) head += "  /" + choice.filter;
  if (choice.frozen) head += "  frozen";
  lines.push_back(cut(head, width));
  lines.push_back(cut(titles(), width));
  for (const ActorRow* row : rows) lines.push_back(cut(line_of(*row), width));
  if (lines.size() > height) lines.resize(height);
  return lines;
}

}  // namespace stoa
