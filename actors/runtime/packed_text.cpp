// Packed: dictionary (1 byte) | the text's size | an LZ4 block. The size is a varint.
#include "actors/runtime/packed_text.hpp"

#include <climits>
#include <lz4.h>

#include "base/check.hpp"
#include "storage/varint.hpp"

namespace stoa {
namespace {

constexpr char kDictionary = 1;
constexpr size_t kMostBytes = 64 << 20;  // of a text: whatever claims more is damaged
constexpr size_t kMostGain = 255;        // a byte of a block stands for no more than so many of the text

// Dictionary 1. What was packed over it needs it for ever: another text gets another number. LZ4 finds four bytes and
// more of it anywhere; it is no schema, and need not follow the routes.
constexpr std::string_view kWords =
    R"({"code":"","detail":"","errors":[],"trace_id":")"
    R"({"id":"usr_","email":"","name":"","role":"customer","version":1,"created_at":"2026-)"
    R"({"id":"prd_","merchant_id":"usr_","sku":"","name":"","description":"","category":"","price":{"amount":)"
    R"(,"currency":"USD"},"stock":{"available":,"reserved":0},"active":true,"version":1,"updated_at":"2026-)"
    R"({"data":[],"next_cursor":null,"refunds":[],"returns":[],"carrier":null,"tracking":null,)"
    R"({"id":"shp_","order_id":"ord_","status":"created","shipped","delivered","packed","events":[)"
    R"({"id":"pay_","order_id":"ord_","status":"captured","authorized","amount":{"amount":)"
    R"({"id":"ord_","customer_id":"usr_","status":"pending","reason":"out_of_stock","payment_declined","lines":[)"
    R"({"seq":2,"at":"2026-11-26T00:00:00.000Z","event":"OrderRejected","from":"pending","to":"rejected"},)"
    R"({"seq":3,"at":"2026-11-26T00:00:00.000Z","event":"OrderCancelled","from":"confirmed","to":"cancelled"},)"
    R"({"id":"ord_01a","customer_id":"usr_01a","status":"confirmed","reason":null,"lines":[{"product_id":"prd_01a",)"
    R"("sku":"","name":"","quantity":1,"unit_price":{"amount":1000,"currency":"EUR"},"total":{"amount":1000,)"
    R"("currency":"EUR"}},{"product_id":"prd_01a","quantity":1}],"total":{"amount":1000,"currency":"EUR"},)"
    R"("shipping_address":{"name":"","line1":"","line2":null,"city":"","region":null,"postal_code":"1000",)"
    R"("country":"DE"},"payment_id":"pay_01a","shipment_ids":["shp_01a"],"history":[{"seq":1,)"
    R"("at":"2026-11-26T00:00:00.000Z","event":"OrderPlaced","from":null,"to":"pending"},{"seq":2,)"
    R"("at":"2026-11-26T00:00:00.000Z","event":"OrderConfirmed","from":"pending","to":"confirmed"}],"version":2,)"
    R"("created_at":"2026-11-26T00:00:00.000Z"})";

int as_int(size_t size) { return static_cast<int>(size); }

}  // namespace

std::string pack_text(std::string_view text) {
  STOA_CHECK(text.size() <= kMostBytes, "a packed text is smaller than 64 MiB");
  std::string out(1, kDictionary);
  put_varint(out, text.size());
  const size_t head = out.size();
  out.resize(head + static_cast<size_t>(LZ4_compressBound(as_int(text.size()))));
  LZ4_stream_t stream;
  LZ4_initStream(&stream, sizeof stream);
  LZ4_loadDict(&stream, kWords.data(), as_int(kWords.size()));
  const int bytes = LZ4_compress_fast_continue(&stream, text.data(), out.data() + head, as_int(text.size()),
                                               as_int(out.size() - head), 1);
  STOA_CHECK(bytes > 0, "a packed text fits its bound");
  out.resize(head + static_cast<size_t>(bytes));
  return out;
}

std::optional<std::string> unpack_text(std::string_view packed) {
  if (packed.empty() || packed.front() != kDictionary) return std::nullopt;
  VarintReader in(packed.substr(1));
  const uint64_t size = in.varint();
  const std::string_view block = in.rest();
  if (!in.ok() || size > kMostBytes || size / kMostGain > block.size() || block.size() > INT_MAX) return std::nullopt;
  std::string text(size, '\0');
  const int bytes = LZ4_decompress_safe_usingDict(block.data(), text.data(), as_int(block.size()), as_int(size),
                                                  kWords.data(), as_int(kWords.size()));
  if (bytes < 0 || static_cast<uint64_t>(bytes) != size) return std::nullopt;
  return text;
}

}  // namespace stoa
