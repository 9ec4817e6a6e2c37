// SHA-256 of lines, each with a line break behind it. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace wonbon::client {

class LineHash {
 public:
  LineHash();
  void Add(std::string_view line);
  // 64 hex digits. Nothing may be added any more.
  std::string Finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  const std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace wonbon::client
