// TLS for the public API: a certificate that clients know, none asked of them.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "base/result.hpp"
#include "gateway/gateway_options.hpp"

namespace stoa {

// TLS 1.2 and 1.3, HTTP/1.1. Reads the files; the error names the faulty one. They are not read again: a new
// certificate needs a restart.
Result<std::unique_ptr<boost::asio::ssl::context>> open_https(const HttpsFiles& files);

}  // namespace stoa
