#include "app/first_admin.hpp"

#include <fstream>
#include <sstream>

#include "actors/service_number.hpp"
#include "actors/user/rules.hpp"
#include "actors/user/types.hpp"
#include "base/json.hpp"
#include "base/log.hpp"

namespace stoa {
namespace {

constexpr const char* kEmail = "STOA_ADMIN_EMAIL";
constexpr const char* kPasswordFile = "STOA_ADMIN_PASSWORD_FILE";
constexpr int64_t kCallMs = 20'000;
// As for every user (contract §4), in characters.
constexpr size_t kShortestPassword = 12;
constexpr size_t kLongestPassword = 256;

size_t characters(std::string_view utf8) {
  size_t n = 0;
  for (const char c : utf8) n += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  return n;
}

}  // namespace

FirstAdminResult read_first_admin(const std::map<std::string, std::string>& environment) {
  const auto email = environment.find(kEmail);
  const auto file = environment.find(kPasswordFile);
  if (email == environment.end() && file == environment.end()) return std::nullopt;
  if (email == environment.end()) return ConfigFault{kEmail, std::string("is required beside ") + kPasswordFile};
  if (file == environment.end()) return ConfigFault{kPasswordFile, std::string("is required beside ") + kEmail};
  if (!user::is_email(email->second)) return ConfigFault{kEmail, "is no email address"};
  std::ifstream in(file->second, std::ios::binary);
  std::ostringstream text;
  // A directory opens like a file, and fails at the first read.
  if (!in || in.peek() == std::ifstream::traits_type::eof() || !(text << in.rdbuf()))
    return ConfigFault{kPasswordFile, "there is no password in " + file->second + " that can be read"};
  std::string password = text.str();
  if (password.back() == '\n') password.pop_back();
  const size_t length = characters(password);
  if (length < kShortestPassword || length > kLongestPassword)
    return ConfigFault{kPasswordFile, "the password in " + file->second + " must have 12 to 256 characters"};
  return FirstAdmin{email->second, Secret(std::move(password))};
}

void FirstAdminSeed::start(Done done) {
  done_ = std::move(done);
  hash_(std::string(admin_.password.reveal()), [this](std::string hash) {
    if (hash.empty()) return done_("the first administrator's password could not be hashed: is there memory?");
    SeedUser seed{UserId::mint(clock_.now(), slot_of_email(admin_.email), random_), admin_.email, "Administrator",
                  UserRole::kAdmin, std::move(hash)};
    Call call;
    call.caller = {{}, UserRole::kService};
    call.request = RequestId::mint(clock_.now(), 0, random_);
    call.deadline = after(clock_.now(), kCallMs);
    router_.call(service_number::user, seed.id.slot(), call, AnyCommand::of(std::move(seed)),
                 [this](const Answer& answer, bool) { answered(answer); });
  });
}

void FirstAdminSeed::answered(const Answer& answer) {
  if (answer.refused()) return done_("the first administrator: " + answer.code + ": " + answer.detail);
  const auto user = parse_json(answer.body);
  const bool is_admin = user && user->is_object() && user->value("role", "") == name_of(UserRole::kAdmin);
  if (!is_admin) log_warn("the user named by STOA_ADMIN_EMAIL exists and is no administrator; left as it is");
  done_({});
}

}  // namespace stoa
