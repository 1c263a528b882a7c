#include "gateway/response.hpp"

#include <charconv>

namespace stoa {
namespace {

void append_number(size_t n, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, n).ptr;
  out.append(digits, static_cast<size_t>(end - digits));
}

}  // namespace

void Response::clear() {
  status = 200;
  content_type = kJson;
  fields.clear();
  body.clear();
  lent = {};
  code.clear();
  close = false;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    case 507:
      return "Insufficient Storage";
    default:
      return "";
  }
}

void write_head(const Response& response, std::string_view date, bool keep_alive, std::string& out) {
  if (response.status == 200) {
    out.append("HTTP/1.1 200 OK\r\n");
  } else {
    out.append("HTTP/1.1 ");
    append_number(static_cast<size_t>(response.status), out);
    out.append(" ").append(reason_of(response.status)).append("\r\n");
  }
  out.append("Date: ").append(date).append("\r\n");
  const std::string_view payload = response.payload();
  if (response.status != 204 && response.status != 304) {
    if (!payload.empty() && !response.content_type.empty())
      out.append("Content-Type: ").append(response.content_type).append("\r\n");
    out.append("Content-Length: ");
    append_number(payload.size(), out);
    out.append("\r\n");
  }
  out.append(response.fields);
  if (!keep_alive) out.append("Connection: close\r\n");
  out.append("\r\n");
}

}  // namespace stoa
