#include "gateway/digest.hpp"

#include <memory>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/check.hpp"

namespace stoa {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr size_t kBlockBytes = 64;  // of SHA-256

// One digest at a time. Method and context are kept by each thread: OpenSSL 3 looks a method up anew for every call
// that names one.
class Sha256 {
 public:
  Sha256() : context_(context_of_thread()) {
    static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    STOA_CHECK(method != nullptr && EVP_DigestInit_ex(context_, method, nullptr) == 1, "SHA-256 is there");
  }
  Sha256& add(std::string_view bytes) {
    STOA_CHECK(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1, "a digest takes bytes");
    return *this;
  }
  Sha256& add(std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) {
      char length[4];
      for (int i = 0; i < 4; ++i) length[i] = static_cast<char>(part.size() >> (24 - 8 * i) & 0xff);
      add(std::string_view(length, sizeof length)).add(part);
    }
    return *this;
  }
  std::string end() {
    std::string out(32, '\0');
    unsigned int size = 0;
    const int done = EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(out.data()), &size);
    STOA_CHECK(done == 1 && size == out.size(), "a digest ends");
    return out;
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  static EVP_MD_CTX* context_of_thread() {
    thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
    return context.get();
  }

  EVP_MD_CTX* context_;
};

std::string padded(std::string_view key, char with) {
  std::string block(key);
  block.resize(kBlockBytes, '\0');
  for (char& c : block) c = static_cast<char>(c ^ with);
  return block;
}

}  // namespace

std::string sha256(std::initializer_list<std::string_view> parts) { return Sha256().add(parts).end(); }

// Source: RFC 2104.
std::string hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts) {
  const std::string shorter = key.size() > kBlockBytes ? Sha256().add(key).end() : std::string(key);
  const std::string inner = Sha256().add(padded(shorter, 0x36)).add(parts).end();
  return Sha256().add(padded(shorter, 0x5c)).add(inner).end();
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string to_base64url(std::string_view bytes) {
  std::string out;
  uint32_t held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = held << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) out += kDigits[held >> (bits - 6) & 63];
  }
  if (bits > 0) out += kDigits[held << (6 - bits) & 63];
  return out;
}

bool from_base64url(std::string_view text, std::string& bytes) {
  bytes.clear();
  uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const size_t digit = kDigits.find(c);
    if (digit == kDigits.npos) return false;
    held = held << 6 | static_cast<uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(held >> bits & 0xff);
    }
  }
  return to_base64url(bytes) == text;
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace stoa
