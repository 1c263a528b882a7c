// Mutual TLS 1.3 between the nodes of a cluster: both show a certificate of the cluster's own authority, and a name in
// it that is theirs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace stoa {

// Paths of PEM files.
struct TlsFiles {
  std::string ca;
  std::string cert;  // with its chain
  std::string key;
};

struct SslDelete {
  void operator()(ssl_st* ssl) const;
};
using Ssl = std::unique_ptr<ssl_st, SslDelete>;

// The other end of a session.
struct TlsPeer {
  std::vector<std::string> wanted;
  // In its certificate (subject alternative names, as text); known once it has shown one that is trusted.
  std::vector<std::string> names;
};

class TlsContext {
 public:
  // Reads the files; the error names the faulty one. They are not read again: new certificates need a restart.
  static Result<TlsContext> load(const TlsFiles& files);

  // A session over the socket, before its handshake; `peer` outlives it. Any thread.
  Ssl accept(int socket, TlsPeer& peer) const;
  // The handshake fails, with an alert to the other end, when its certificate holds none of the names wanted.
  Ssl connect(int socket, TlsPeer& peer) const;
  // The names in our own certificate.
  std::vector<std::string> own_names() const;

 private:
  struct Delete {
    void operator()(ssl_ctx_st* context) const;
  };
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}

  std::unique_ptr<ssl_ctx_st, Delete> context_;
};

// Whether one of `wanted` is among `names`; letters are compared without case, and no name stands for several.
bool names_match(const std::vector<std::string>& names, const std::vector<std::string>& wanted);

// "n1, localhost": for people.
std::string joined(const std::vector<std::string>& names);

// Why the last call on the session failed, in words for the log; nullopt: the other end has closed. Empties this
// thread's queue of errors.
std::optional<std::string> tls_failure(ssl_st* session, const TlsPeer& peer);

}  // namespace stoa
