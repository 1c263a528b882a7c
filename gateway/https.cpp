#include "gateway/https.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string_view>

namespace stoa {
namespace {

constexpr std::string_view kHttp11("\x08http/1.1", 9);  // as ALPN has it: sized

std::string error_in_queue() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text == nullptr ? "unknown error" : text;
}

// Who offers protocols but not this one goes on without ALPN, as the fallback of browsers wants it.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_bytes, void*) {
  unsigned char* found = nullptr;
  const auto* ours = reinterpret_cast<const unsigned char*>(kHttp11.data());
  const int outcome = SSL_select_next_proto(&found, size, ours, kHttp11.size(), offered, offered_bytes);
  *chosen = found;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

Result<std::unique_ptr<boost::asio::ssl::context>> open_https(const HttpsFiles& files) {
  ERR_clear_error();
  auto made = std::make_unique<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
  SSL_CTX* const context = made->native_handle();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context, files.cert.c_str()) != 1)
    return Error{files.cert + ": no certificate can be read: " + error_in_queue()};
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return Error{files.key + ": no key of " + files.cert + " can be read: " + error_in_queue()};
  if (SSL_CTX_check_private_key(context) != 1) return Error{files.key + ": is not the key of " + files.cert};
  return made;
}

}  // namespace stoa
