#include "actors/catalog/master_key.hpp"

#include <sodium.h>

#include "base/check.hpp"

namespace stoa {
namespace {

// Domain of the hash that names a key, so that the name is worth nothing elsewhere.
constexpr std::string_view kNameOf = "stoa master key";
constexpr size_t kNameBytes = 8;

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string hex(const std::string& bytes) {
  std::string out(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes_of(std::string_view(bytes)), bytes.size());
  out.pop_back();
  return out;
}

}  // namespace

MasterKey::MasterKey(Secret bytes) : bytes_(std::move(bytes)) {
  STOA_CHECK(sodium_init() >= 0, "libsodium starts");
  STOA_CHECK(bytes_.reveal().size() == kBytes, "a master key has 32 bytes");
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash(bytes_of(hash), hash.size(), bytes_of(kNameOf), kNameOf.size(), bytes_of(bytes_.reveal()), kBytes);
  id_ = hex(hash.substr(0, kNameBytes));
}

std::optional<MasterKey> MasterKey::parse(const Secret& line) {
  STOA_CHECK(sodium_init() >= 0, "libsodium starts");
  std::string_view text = line.reveal();
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  std::string bytes(kBytes, '\0');
  size_t size = 0;
  const bool read = sodium_base642bin(bytes_of(bytes), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr,
                                      sodium_base64_VARIANT_ORIGINAL) == 0;
  Secret key(std::move(bytes));
  if (!read || size != kBytes) return std::nullopt;
  return MasterKey(std::move(key));
}

Secret MasterKey::new_line() {
  STOA_CHECK(sodium_init() >= 0, "libsodium starts");
  std::string bytes(kBytes, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  const Secret key(std::move(bytes));
  std::string line(sodium_base64_ENCODED_LEN(kBytes, sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(line.data(), line.size(), bytes_of(key.reveal()), kBytes, sodium_base64_VARIANT_ORIGINAL);
  line.back() = '\n';
  return Secret(std::move(line));
}

std::string MasterKey::seal(const Secret& secret) const {
  const std::string_view plain = secret.reveal();
  std::string sealed(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.size(), '\0');
  randombytes_buf(sealed.data(), crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy(bytes_of(sealed) + crypto_secretbox_NONCEBYTES, bytes_of(plain), plain.size(), bytes_of(sealed),
                        bytes_of(bytes_.reveal()));
  return sealed;
}

std::optional<Secret> MasterKey::open(std::string_view sealed) const {
  constexpr size_t kBeside = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (sealed.size() < kBeside) return std::nullopt;
  std::string plain(sealed.size() - kBeside, '\0');
  const unsigned char* box = bytes_of(sealed) + crypto_secretbox_NONCEBYTES;
  const bool opened = crypto_secretbox_open_easy(bytes_of(plain), box, sealed.size() - crypto_secretbox_NONCEBYTES,
                                                 bytes_of(sealed), bytes_of(bytes_.reveal())) == 0;
  Secret secret(std::move(plain));
  return opened ? std::optional<Secret>(std::move(secret)) : std::nullopt;
}

}  // namespace stoa
