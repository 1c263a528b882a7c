#include "actors/shipping/routes.hpp"

#include <gtest/gtest.h>

#include "actors/shipping/types.hpp"
#include "base/json.hpp"

namespace stoa::shipping {
namespace {

struct Carrier {
  SeededRandom random{1};
  RouteInput in;
  nlohmann::json body;

  Carrier() {
    in.now = *parse_rfc3339("2026-01-31T12:00:00Z");
    in.path = {ShipmentId::mint(in.now, 77, random).text()};
  }
  Built report(const std::string& json) {
    body = *parse_json(json);
    in.body = &body;
    return routes().at(1).build(in);
  }
};

TEST(ShipmentRoutes, TakeAReportOfTheCarrier) {
  const Built built =
      Carrier().report(R"({"status":"in_transit","location":"Ulm","occurred_at":"2026-01-31T12:59:00+01:00"})");
  ASSERT_TRUE(built.placed);
  const auto& c = std::any_cast<const AddTracking&>(built.placed->command.value());
  EXPECT_EQ(built.placed->slot, 77);
  EXPECT_EQ(c.status, ShipmentStatus::kInTransit);
  EXPECT_EQ(to_rfc3339(c.occurred_at), "2026-01-31T11:59:00.000Z");
}

TEST(ShipmentRoutes, NameTheFaultsOfAReport) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"status":"lost","location":"Ulm","occurred_at":"2026-01-31T12:00:00Z"})", "/status invalid_value"},
      {R"({"status":"booked","location":"Ulm","occurred_at":"2026-01-31T12:00:00Z"})", "/status invalid_value"},
      {R"({"status":"cancelled","location":"Ulm","occurred_at":"2026-01-31T12:00:00Z"})", "/status invalid_value"},
      {R"({"status":"in_transit","location":"","occurred_at":"2026-01-31T12:00:00Z"})", "/location too_short"},
      {R"({"status":"in_transit","location":"Ulm","occurred_at":"yesterday"})", "/occurred_at invalid_value"},
      {R"({"status":"in_transit","location":"Ulm","occurred_at":"2026-01-31T12:06:00Z"})", "/occurred_at out_of_range"},
      {R"({"location":"Ulm","occurred_at":"2026-01-31T12:00:00Z"})", "/status required"}};
  for (const auto& [json, fault] : rows) {
    const Built built = Carrier().report(json);
    ASSERT_EQ(built.faults.size(), 1u) << json;
    EXPECT_EQ(built.faults[0].pointer + " " + built.faults[0].code, fault);
  }
}

TEST(ShipmentRoutes, KnowNoShipmentOfAnotherForm) {
  Carrier carrier;
  carrier.in.path = {"ord_1"};
  EXPECT_EQ(carrier.report("{}").refusal->code, kNotFound.code);
  EXPECT_EQ(routes().at(0).build(carrier.in).refusal->code, kNotFound.code);
}

}  // namespace
}  // namespace stoa::shipping
