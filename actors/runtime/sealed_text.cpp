#include "actors/runtime/sealed_text.hpp"

#include <sodium.h>

#include "base/check.hpp"

namespace stoa {
namespace {

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string seal_text(std::string_view key, std::string_view text) {
  STOA_CHECK(sodium_init() >= 0, "libsodium starts");
  STOA_CHECK(key.size() == crypto_secretbox_KEYBYTES, "a seal key has 32 bytes");
  std::string nonce(crypto_secretbox_NONCEBYTES, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  std::string box(crypto_secretbox_MACBYTES + text.size(), '\0');
  crypto_secretbox_easy(bytes_of(box), bytes_of(text), text.size(), bytes_of(nonce), bytes_of(key));
  return nonce + box;
}

std::optional<std::string> unseal_text(std::string_view key, std::string_view sealed) {
  constexpr size_t kHead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (key.size() != crypto_secretbox_KEYBYTES || sealed.size() < kHead) return std::nullopt;
  std::string text(sealed.size() - kHead, '\0');
  const std::string_view box = sealed.substr(crypto_secretbox_NONCEBYTES);
  if (crypto_secretbox_open_easy(bytes_of(text), bytes_of(box), box.size(), bytes_of(sealed), bytes_of(key)) != 0) {
    return std::nullopt;
  }
  return text;
}

}  // namespace stoa
