#include "app/demo_mark.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/json.hpp"

namespace stoa {
namespace {

std::string file_of(const std::string& directory) { return directory + "/demo.json"; }

}  // namespace

DemoMark read_demo_mark(const std::string& directory) {
  std::ifstream in(file_of(directory));
  std::stringstream text;
  text << in.rdbuf();
  const auto json = parse_json(text.str());
  if (!json || !json->is_object()) return {};
  const auto number = [&](const char* name) {
    const auto found = json->find(name);
    return found != json->end() && found->is_number_integer() ? found->get<int64_t>() : 0;
  };
  return {true, number("products"), number("users")};
}

Result<void> write_demo_mark(const std::string& directory, const DemoMark& mark) {
  std::ofstream out(file_of(directory), std::ios::trunc);
  out << nlohmann::json{{"products", mark.products}, {"users", mark.users}}.dump() << "\n";
  out.close();
  if (!out) return Error{file_of(directory) + ": could not be written"};
  return {};
}

}  // namespace stoa
