#include "base/record.hpp"

#include <gtest/gtest.h>

#include "base/call.hpp"
#include "base/json.hpp"
#include "base/outcome.hpp"

namespace stoa {
namespace {

struct Inner {
  ProductId product;
  int64_t quantity = 0;
};
template <class V>
void fields(V& v, Inner& x) {
  v(1, "product", x.product);
  v(2, "quantity", x.quantity, within(1, 1000));
}

struct Outer {
  std::string name;
  std::vector<Inner> lines;
  std::optional<std::string> note;
  record::StringMap attributes;
  Money price;
  Time at;
  UserRole role = UserRole::kAnonymous;
  std::string hash;
};
template <class V>
void fields(V& v, Outer& x) {
  v(1, "name", x.name, within(1, 5));
  v(2, "lines", x.lines, within(1, 2));
  v(3, "note", x.note);
  v(4, "attributes", x.attributes);
  v(5, "price", x.price);
  v(6, "at", x.at);
  v(7, "role", x.role);
  v(8, "hash", x.hash, kInternal);
}

Outer sample() {
  SeededRandom random(1);
  Outer x;
  x.name = "né\"w";
  x.lines = {{ProductId::mint(Time{1000}, 7, random), -3}, {ProductId::mint(Time{1001}, 9, random), 1000}};
  x.attributes = {{"a", "1"}, {"b", ""}};
  x.price = {1999, "EUR"};
  x.at = Time{1700000000123};
  x.role = UserRole::kMerchant;
  x.hash = "h";
  return x;
}

TEST(Record, ComesBackFromItsEncoding) {
  const auto back = decode<Outer>(encode(sample()));
  ASSERT_TRUE(back);
  EXPECT_EQ(encode(*back), encode(sample()));
  EXPECT_EQ(back->lines[0].quantity, -3);
  EXPECT_EQ(back->attributes.at("b"), "");
  EXPECT_EQ(back->hash, "h");
  EXPECT_FALSE(back->note);
}

TEST(Record, RefusesEveryTruncationThatCutsAField) {
  const std::string whole = encode(sample());
  for (size_t n = 0; n < whole.size(); ++n) {
    const auto part = decode<Outer>(whole.substr(0, n));
    if (part) {
      EXPECT_EQ(encode(*part), whole.substr(0, n));
    }
  }
}

TEST(Record, IsWrittenAsJsonWithEveryPublicField) {
  Outer x = sample();
  x.lines.resize(1);
  EXPECT_EQ(to_json(x),
            R"({"name":"né\"w","lines":[{"product":")" + x.lines[0].product.text() +
                R"(","quantity":-3}],"note":null,"attributes":{"a":"1","b":""},)"
                R"("price":{"amount":1999,"currency":"EUR"},"at":"2023-11-14T22:13:20.123Z","role":"merchant"})");
}

std::vector<std::string> faults_of(std::string_view text) {
  std::vector<FieldError> errors;
  from_json<Outer>(*parse_json(text), errors);
  std::vector<std::string> out;
  for (const auto& e : errors) out.push_back(e.pointer + " " + e.code);
  return out;
}

TEST(Record, NamesEveryFaultOfAClientsDocument) {
  const auto faults = faults_of(R"({"name":"toolong","lines":[{"product":"prd_x","quantity":0,"more":1}],"note":5,
    "attributes":{"a":1},"price":{"amount":1.5,"currency":"XXY"},"at":"yesterday","role":"king","hash":"h"})");
  const std::vector<std::string> expected = {"/name too_long",
                                             "/lines/0/product invalid_value",
                                             "/lines/0/quantity out_of_range",
                                             "/lines/0/more unknown_field",
                                             "/note wrong_type",
                                             "/attributes/a wrong_type",
                                             "/price/amount wrong_type",
                                             "/price/currency invalid_value",
                                             "/at invalid_value",
                                             "/role invalid_value",
                                             "/hash unknown_field"};
  EXPECT_EQ(faults, expected);
}

TEST(Record, AsksForWhatIsMissingAndLetsOptionalsAndMapsBeNull) {
  const auto faults = faults_of(R"({"note":null,"lines":[]})");
  const std::vector<std::string> expected = {"/name required", "/lines too_short", "/price required", "/at required",
                                             "/role required"};
  EXPECT_EQ(faults, expected);
}

TEST(Record, RefusesIntegersPastSixtyFourBits) {
  std::vector<FieldError> errors;
  from_json<Inner>(*parse_json(R"({"product":"x","quantity":99999999999999999999})"), errors);
  from_json<Inner>(*parse_json(R"({"product":"x","quantity":9223372036854775808})"), errors);
  ASSERT_EQ(errors.size(), 4u);
  EXPECT_EQ(errors[1].pointer, "/quantity");
  EXPECT_EQ(errors[3].pointer, "/quantity");
}

}  // namespace
}  // namespace stoa
