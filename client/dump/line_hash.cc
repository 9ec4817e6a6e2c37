#include "client/dump/line_hash.h"

#include <openssl/evp.h>

#include <array>

#include "absl/strings/escaping.h"

namespace wonbon::client {

void LineHash::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

LineHash::LineHash() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
}

void LineHash::Add(std::string_view line) {
  EVP_DigestUpdate(context_.get(), line.data(), line.size());
  EVP_DigestUpdate(context_.get(), "\n", 1);
}

std::string LineHash::Finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), size));
}

}  // namespace wonbon::client
