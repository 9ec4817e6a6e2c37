#include "tests/access/http_call.h"

#include <algorithm>
#include <iterator>
#include <utility>

// Boost 1.74's Asio needs <utility> before it.
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>

#include "google/protobuf/util/json_util.h"

namespace wonbon {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

// As Connect names gRPC's codes, in their order.
constexpr const char* kCodes[] = {
    "ok",        "canceled",          "unknown",        "invalid_argument",    "deadline_exceeded",
    "not_found", "already_exists",    "permission_denied", "resource_exhausted",
    "failed_precondition", "aborted", "out_of_range",   "unimplemented",       "internal",
    "unavailable", "data_loss",       "unauthenticated"};

// What comes up to the end, or up to `until` if that is not empty.
template <class Stream>
std::string Exchange(Stream& stream, const std::string& request, const std::string& until) {
  error_code error;
  asio::write(stream, asio::buffer(request), error);
  std::string answer;
  if (!until.empty()) {
    asio::read_until(stream, asio::dynamic_buffer(answer), until, error);
  } else {
    asio::read(stream, asio::dynamic_buffer(answer), error);
  }
  return answer;
}

std::string Send(const HttpTarget& target, const std::string& request, const std::string& until) {
  asio::io_context context;
  const size_t colon = target.address.rfind(':');
  tcp::socket socket(context);
  error_code error;
  asio::connect(socket,
                tcp::resolver(context).resolve(target.address.substr(0, colon),
                                               target.address.substr(colon + 1)),
                error);
  if (error) return error.message();
  if (target.ca.empty()) return Exchange(socket, request, until);
  asio::ssl::context tls(asio::ssl::context::tls_client);
  tls.add_certificate_authority(asio::buffer(target.ca), error);
  tls.set_verify_mode(asio::ssl::verify_peer);
  tls.use_certificate_chain(asio::buffer(target.certificate), error);
  tls.use_private_key(asio::buffer(target.key), asio::ssl::context::pem, error);
  asio::ssl::stream<tcp::socket&> stream(socket, tls);
  stream.handshake(asio::ssl::stream_base::client, error);
  if (error) return error.message();
  return Exchange(stream, request, until);
}

Answer AnswerOf(const std::string& text) {
  if (text.starts_with("HTTP/1.1 200 ")) return {};
  const size_t body = text.find("\r\n\r\n");
  const auto json = body == std::string::npos
                        ? nlohmann::json()
                        : nlohmann::json::parse(text.substr(body + 4), nullptr, false);
  if (!json.is_object() || !json.contains("code")) return {-1, "", text};
  const auto* const code = std::find(std::begin(kCodes), std::end(kCodes), json["code"]);
  if (code == std::end(kCodes)) return {-1, "", text};
  Answer answer{static_cast<int>(code - kCodes), "", json["message"]};
  for (const auto& detail : json.value("details", nlohmann::json::array())) {
    if (detail["type"] == "google.rpc.ErrorInfo") answer.reason = detail["debug"]["reason"];
  }
  return answer;
}

std::string Headers(const std::string& api_key) {
  const std::string key = api_key.empty() ? "" : "Authorization: Bearer " + api_key + "\r\n";
  return " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + key;
}

}  // namespace

Answer CallByHttp(const HttpTarget& target, const std::string& path, const std::string& api_key,
                  const std::string& json) {
  return AnswerOf(Send(target,
                       "POST " + path + Headers(api_key) + "Content-Type: application/json\r\n" +
                           "Content-Length: " + std::to_string(json.size()) + "\r\n\r\n" + json,
                       ""));
}

Answer WatchByHttp(const HttpTarget& target, const std::string& path, const std::string& api_key,
                   const std::string& collection) {
  std::string escaped;
  for (const char c : collection) {
    constexpr char kHex[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    escaped += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  // An error has a body that ends with its object, a watch its first event.
  const std::string request = "GET " + path + "?collection=" + escaped + Headers(api_key) + "\r\n";
  return AnswerOf(Send(target, request, "}\n"));
}

std::string JsonOf(const google::protobuf::Message& message) {
  std::string json;
  return google::protobuf::util::MessageToJsonString(message, &json).ok() ? json : "";
}

}  // namespace wonbon
