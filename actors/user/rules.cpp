#include "actors/user/rules.hpp"

#include <optional>
#include <utility>

namespace stoa {

struct UserView {
  UserId id;
  std::optional<std::string> email;
  std::optional<std::string> name;
  UserRole role = UserRole::kCustomer;
  Time created_at;
};
template <class V>
void fields(V& v, UserView& x) {
  v(1, "id", x.id);
  v(2, "email", x.email);
  v(3, "name", x.name);
  v(4, "role", x.role);
  v(5, "created_at", x.created_at);
}

namespace user {
namespace {

UserView view_of(const UserRecord& user) {
  UserView view{user.id, std::nullopt, std::nullopt, user.role, user.created_at};
  if (!user.deleted) {
    view.email = user.email;
    view.name = user.name;
  }
  return view;
}

Outcome email_taken() { return refuse(kEmailTaken, "a user with this email exists already"); }
Outcome no_such_user() { return refuse(kNotFound, "there is no such user"); }

bool is_self(const Call& call, UserId user) { return !user.is_nil() && call.caller.user == user; }

// The user if it is the caller's own and still there.
std::optional<UserRecord> own_user(UserId id, const Call& call, const Reader& reader) {
  if (!is_self(call, id)) return std::nullopt;
  auto user = reader.find<UserRecord>(id);
  if (user && user->deleted) user.reset();
  return user;
}

UserRecord put_user(UserId id, std::string email, std::string name, UserRole role, std::string hash, Transaction& tx) {
  UserRecord user;
  user.id = id;
  user.email = std::move(email);
  user.name = std::move(name);
  user.role = role;
  user.password_hash = std::move(hash);
  user.created_at = tx.now();
  tx.put(user);
  tx.put(EmailRecord{lowered_email(user.email), id});
  return user;
}

bool is_role_of_users(UserRole role) {
  return role == UserRole::kCustomer || role == UserRole::kMerchant || role == UserRole::kCarrier ||
         role == UserRole::kAdmin;
}

}  // namespace

std::vector<FieldError> faults_of(const RegisterUser& command) {
  if (is_email(command.email)) return {};
  return {{"/email", "invalid_value", "is not an email address"}};
}

std::vector<FieldError> faults_of(const SetUserRole& command) {
  if (is_role_of_users(command.role)) return {};
  return {{"/role", "invalid_value", "must be customer, merchant, carrier or admin"}};
}

CredentialsPlan plan_register(const RegisterUser& command, const Call&, const Reader& reader) {
  if (auto faults = faults_of(command); !faults.empty())
    return refuse(kValidationFailed, "the user is not valid", std::move(faults));
  // With the same id it is this very call, come again: recording it once more gives the same answer.
  const auto taken = reader.find<EmailRecord>(lowered_email(command.email));
  if (taken && taken->user_id != command.id) return email_taken();
  CredentialsRequest ask;
  ask.kind = CredentialsRequest::Kind::kHash;
  ask.password = command.password;
  ask.now = reader.now();
  return ask;
}

RecordUser registered(const RegisterUser& command, const std::string& result) {
  return {command.id, command.email, command.name, decode_stored<CredentialsResult>(result)};
}

Outcome record_user(const RecordUser& command, const Call&, Transaction& tx) {
  if (command.credentials.failed) return refuse(kUnavailable, "passwords cannot be hashed now");
  if (const auto taken = tx.find<EmailRecord>(lowered_email(command.email))) {
    if (taken->user_id != command.id) return email_taken();
    return created(view_of(*tx.find<UserRecord>(command.id))).at(command.id.text());
  }
  const UserRecord user =
      put_user(command.id, command.email, command.name, UserRole::kCustomer, command.credentials.password_hash, tx);
  return created(view_of(user)).at(command.id.text());
}

Outcome seed_user(const SeedUser& command, const Call& call, Transaction& tx) {
  if (!call.caller.is(UserRole::kService)) return refuse(kForbidden, "only the program itself seeds users");
  if (!is_email(command.email) || !is_role_of_users(command.role) || command.password_hash.empty())
    return refuse(kValidationFailed, "the user to seed is not valid");
  if (const auto taken = tx.find<EmailRecord>(lowered_email(command.email)))
    return ok(view_of(*tx.find<UserRecord>(taken->user_id)));
  return created(view_of(put_user(command.id, command.email, command.name, command.role, command.password_hash, tx)));
}

Outcome get_user(const GetUser& query, const Call& call, const Reader& reader) {
  const bool may_see_all = call.caller.is(UserRole::kAdmin) || call.caller.is(UserRole::kService);
  if (!may_see_all && !is_self(call, query.id)) return no_such_user();
  const auto user = reader.find<UserRecord>(query.id);
  if (!user) return no_such_user();
  return ok(view_of(*user));
}

Outcome patch_user(const PatchUser& command, const Call& call, Transaction& tx) {
  auto user = own_user(command.id, call, tx);
  if (!user) return no_such_user();
  if (command.name) {
    user->name = *command.name;
    tx.put(*user);
  }
  return ok(view_of(*user));
}

Outcome set_user_role(const SetUserRole& command, const Call& call, Transaction& tx) {
  if (!call.caller.is(UserRole::kAdmin) && !call.caller.is(UserRole::kService))
    return refuse(kForbidden, "only admins give roles");
  if (auto faults = faults_of(command); !faults.empty())
    return refuse(kValidationFailed, "the role is not valid", std::move(faults));
  auto user = tx.find<UserRecord>(command.id);
  if (!user || user->deleted) return no_such_user();
  if (user->role != command.role) {
    user->role = command.role;
    tx.put(*user);
    end_sessions(user->id, tx);
  }
  return ok(view_of(*user));
}

Outcome delete_user(const DeleteUser& command, const Call& call, Transaction& tx) {
  auto user = own_user(command.id, call, tx);
  if (!user) return no_such_user();
  tx.erase<EmailRecord>(lowered_email(user->email));
  user->email.clear();
  user->name.clear();
  user->password_hash.clear();
  user->deleted = true;
  tx.put(*user);
  end_sessions(user->id, tx);
  return no_content();
}

}  // namespace user
}  // namespace stoa
