#include "cluster/transport/tls.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <strings.h>

#include "base/check.hpp"

namespace stoa {
namespace {

std::string error_in_queue() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text == nullptr ? "unknown error" : text;
}

std::string text_of(const GENERAL_NAME& name) {
  if (name.type == GEN_DNS) {
    const ASN1_IA5STRING* s = name.d.dNSName;
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(s)), static_cast<size_t>(ASN1_STRING_length(s))};
  }
  if (name.type != GEN_IPADD) return {};
  const ASN1_OCTET_STRING* bytes = name.d.iPAddress;
  const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  if (family == AF_INET6 && ASN1_STRING_length(bytes) != 16) return {};
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(family, ASN1_STRING_get0_data(bytes), text, sizeof text) == nullptr ? std::string() : text;
}

std::vector<std::string> names_in(X509* certificate) {
  std::vector<std::string> names;
  auto* list = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(list); ++i) {
    std::string name = text_of(*sk_GENERAL_NAME_value(list, i));
    if (!name.empty()) names.push_back(std::move(name));
  }
  GENERAL_NAMES_free(list);
  return names;
}

// Once for each certificate of the chain; the peer's own comes last, at depth 0.
int judge_certificate(int trusted, X509_STORE_CTX* store) {
  if (trusted != 1 || X509_STORE_CTX_get_error_depth(store) != 0) return trusted;
  auto* session = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto& peer = *static_cast<TlsPeer*>(SSL_get_app_data(session));
  peer.names = names_in(X509_STORE_CTX_get_current_cert(store));
  if (SSL_is_server(session) || names_match(peer.names, peer.wanted)) return 1;
  X509_STORE_CTX_set_error(store, X509_V_ERR_HOSTNAME_MISMATCH);
  return 0;
}

}  // namespace

void SslDelete::operator()(ssl_st* ssl) const { SSL_free(ssl); }
void TlsContext::Delete::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

Result<TlsContext> TlsContext::load(const TlsFiles& files) {
  ERR_clear_error();
  TlsContext made(SSL_CTX_new(TLS_method()));
  SSL_CTX* context = made.context_.get();
  STOA_CHECK(context != nullptr, "OpenSSL makes a context");
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  if (SSL_CTX_use_certificate_chain_file(context, files.cert.c_str()) != 1)
    return Error{files.cert + ": no certificate can be read: " + error_in_queue()};
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return Error{files.key + ": no key can be read: " + error_in_queue()};
  if (SSL_CTX_check_private_key(context) != 1) return Error{files.key + ": is not the key of " + files.cert};
  if (SSL_CTX_load_verify_locations(context, files.ca.c_str(), nullptr) != 1)
    return Error{files.ca + ": no certificate can be read: " + error_in_queue()};
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, judge_certificate);
  // Nothing is resumed: every connection shows its certificate.
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return made;
}

Ssl TlsContext::accept(int socket, TlsPeer& peer) const {
  Ssl session(SSL_new(context_.get()));
  STOA_CHECK(session != nullptr && SSL_set_fd(session.get(), socket) == 1, "OpenSSL makes a session");
  SSL_set_app_data(session.get(), &peer);
  SSL_set_accept_state(session.get());
  return session;
}

Ssl TlsContext::connect(int socket, TlsPeer& peer) const {
  Ssl session = accept(socket, peer);
  SSL_set_connect_state(session.get());
  return session;
}

std::vector<std::string> TlsContext::own_names() const { return names_in(SSL_CTX_get0_certificate(context_.get())); }

bool names_match(const std::vector<std::string>& names, const std::vector<std::string>& wanted) {
  for (const std::string& name : names) {
    for (const std::string& want : wanted) {
      if (strcasecmp(name.c_str(), want.c_str()) == 0 && name.size() == want.size()) return true;
    }
  }
  return false;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "no name" : text;
}

std::optional<std::string> tls_failure(ssl_st* session, const TlsPeer& peer) {
  const unsigned long code = ERR_peek_last_error();
  const long verified = SSL_get_verify_result(session);
  ERR_clear_error();
  switch (code == 0 ? 0 : ERR_GET_REASON(code)) {
    case 0:
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
      return std::nullopt;
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      if (verified == X509_V_ERR_HOSTNAME_MISMATCH)
        return "its certificate is for " + joined(peer.names) + " and not for " + joined(peer.wanted);
      return std::string("its certificate is not trusted: ") + X509_verify_cert_error_string(verified);
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return "it shows no certificate";
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return "it demands a certificate and was shown none";
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
      return std::string("it does not trust our certificate: ") + ERR_reason_error_string(code);
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_BAD_RECORD_TYPE:
      return "it does not speak TLS";
    default: {
      const char* text = ERR_reason_error_string(code);
      return std::string("TLS failed: ") + (text == nullptr ? "unknown error" : text);
    }
  }
}

}  // namespace stoa
