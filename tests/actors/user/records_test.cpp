// Bytes as they were first written to disk: they stay decodable for ever, and give what they gave.
#include "actors/user/records.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

const Uuid kId{0x0197a1b2c3d47e8f, 0x9a0b1c2d3e4f5061};

std::string bytes(std::string_view hex) {
  std::string out;
  for (size_t i = 0; i < hex.size(); i += 2)
    out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return out;
}

// The record in those bytes, which must be what is written today, too.
template <class R>
R golden(std::string_view hex) {
  const auto record = decode<R>(bytes(hex));
  STOA_CHECK(record.has_value(), "old bytes decode");
  EXPECT_EQ(encode(*record), bytes(hex));
  return *record;
}

TEST(UserRecords, OfTheFirstVersionAreRead) {
  const auto u =
      golden<UserRecord>("0a100197a1b2c3d47e8f9a0b1c2d3e4f506112064140622e64651a014120032a01683080f086c2ee653801");
  EXPECT_EQ(u.id.uuid, kId);
  EXPECT_EQ(u.email + u.name + u.password_hash, "A@b.deAh");
  EXPECT_EQ(u.role, UserRole::kCarrier);
  EXPECT_EQ(u.created_at, Time{1750000000000});
  EXPECT_TRUE(u.deleted);
}

TEST(EmailRecords, OfTheFirstVersionAreRead) {
  const auto e = golden<EmailRecord>("0a066140622e646512100197a1b2c3d47e8f9a0b1c2d3e4f5061");
  EXPECT_EQ(e.email, "a@b.de");
  EXPECT_EQ(e.user_id.uuid, kId);
}

TEST(SessionRecords, OfTheFirstVersionAreRead) {
  const auto s = golden<SessionRecord>(
      "0a100197a1b2c3d47e8f9a0b1c2d3e4f506112100197a1b2c3d47e8f9a0b1c2d3e4f50611a01682080f086c2ee65");
  EXPECT_EQ(s.user_id.uuid, kId);
  EXPECT_EQ(s.session_id, kId);
  EXPECT_EQ(s.refresh_hash, "h");
  EXPECT_EQ(s.opened_at, Time{1750000000000});
}

TEST(RevocationRecords, OfTheFirstVersionAreRead) {
  const auto r = golden<RevocationRecord>("0880f086c2ee6512100197a1b2c3d47e8f9a0b1c2d3e4f506118808fd0c2ee65");
  EXPECT_EQ(r.session_id, kId);
  EXPECT_EQ(r.at, Time{1750000000000});
  EXPECT_EQ(r.until, Time{1750000600000});
}

}  // namespace
}  // namespace stoa
