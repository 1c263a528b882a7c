// Records: a struct with one numbered, append-only field list. From it come the durable and wire encoding
// (protobuf's wire format), JSON both ways, and what the inspector shows.
//
//   struct OrderLine { ProductId product_id; int64_t quantity = 0; };
//   template <class V> void fields(V& v, OrderLine& x) {
//     v(1, "product_id", x.product_id);
//     v(2, "quantity", x.quantity, within(1, 1000));
//   }
//
// Numbers rise within a list and are never reused. A field's type may be: bool, integers, std::string, Id<>, Uuid,
// Time, Money, an enum with enum_names(), another record, and optional<>, vector<> or map<string, string> of these.
// This header is the umbrella; the parts are below.
#pragma once

#include "base/record_json_read.hpp"
#include "base/record_json_write.hpp"
#include "base/record_types.hpp"
#include "base/record_wire.hpp"
