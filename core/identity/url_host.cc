#include "core/identity/url_host.h"

#include <unicode/bytestream.h>
#include <unicode/idna.h>

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/identity/url_escapes.h"

namespace wonbon {
namespace {

// What sites put in front of their name for one kind of device.
constexpr std::string_view kPrefixes[] = {"www.", "m.", "mobile.", "amp."};

// Second levels below which anybody's names stand: "m.co.kr" is a site of its own.
constexpr std::string_view kSecondLevels[] = {"ac", "co", "com", "go", "ne", "net",
                                              "or", "org", "pe", "re"};

// Takes ":port" off the end; ":port" again where it is not a default one, else "".
std::string TakePort(std::string_view* host) {
  const size_t colon = host->rfind(':');
  if (colon == std::string_view::npos || host->find(']', colon) != std::string_view::npos) {
    return "";
  }
  const std::string_view digits = host->substr(colon + 1);
  uint32_t port = 0;
  if (!digits.empty() && !absl::SimpleAtoi({digits.data(), digits.size()}, &port)) return "";
  host->remove_suffix(digits.size() + 1);
  return digits.empty() || port == 80 || port == 443 ? "" : absl::StrCat(":", port);
}

// Unicode and Punycode -> Punycode, lower case (UTS #46). What is no host name is only lowered.
std::string ToAscii(std::string_view host) {
  std::string lowered(host);
  absl::AsciiStrToLower(&lowered);
  if (std::all_of(host.begin(), host.end(), [](char c) { return absl::ascii_isascii(c); })) {
    return lowered;
  }
  UErrorCode error = U_ZERO_ERROR;
  static const icu::IDNA* const idna =
      icu::IDNA::createUTS46Instance(UIDNA_NONTRANSITIONAL_TO_ASCII, error);
  if (idna == nullptr) return lowered;
  std::string ascii;
  icu::StringByteSink<std::string> sink(&ascii);
  icu::IDNAInfo info;
  error = U_ZERO_ERROR;
  idna->nameToASCII_UTF8(icu::StringPiece(host.data(), static_cast<int32_t>(host.size())), sink,
                         info, error);
  return U_FAILURE(error) || info.hasErrors() ? lowered : ascii;
}

// True if `rest` is a site's name, and not only the ending of one.
bool IsSite(std::string_view rest) {
  const size_t dot = rest.find('.');
  if (dot == std::string_view::npos) return false;
  if (rest.find('.', dot + 1) != std::string_view::npos) return true;
  return std::find(std::begin(kSecondLevels), std::end(kSecondLevels), rest.substr(0, dot)) ==
         std::end(kSecondLevels);
}

// Takes one of kPrefixes off the front; false if none stands there.
bool TakePrefix(std::string_view* host) {
  for (const std::string_view prefix : kPrefixes) {
    if (!host->starts_with(prefix) || !IsSite(host->substr(prefix.size()))) continue;
    host->remove_prefix(prefix.size());
    return true;
  }
  return false;
}

}  // namespace

std::string FoldHost(std::string_view authority) {
  const size_t user = authority.rfind('@');
  if (user != std::string_view::npos) authority.remove_prefix(user + 1);
  const std::string port = TakePort(&authority);
  // Not only Hangul is escaped: "%2E" is a dot. Brackets of an IPv6 address come out escaped.
  const std::string host = ToAscii(FoldEscapes(authority));
  std::string_view rest = host;
  while (rest.ends_with('.')) rest.remove_suffix(1);
  while (TakePrefix(&rest)) {
  }
  if (rest.empty()) return "";
  return absl::StrCat(absl::string_view(rest.data(), rest.size()), port);
}

}  // namespace wonbon
