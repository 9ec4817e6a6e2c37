#include "core/store/body.h"

#include <zstd.h>

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/store/bytes.h"
#include "core/store/korean_code.h"
#include "core/store/limits.h"
#include "core/store/store.h"
#include "core/text/utf8.h"

namespace wonbon {
namespace {

constexpr char kAsItIs = 0;
constexpr char kZstd = 1;
constexpr char kKoreanCode = 2;
// Level 3 saves 3 % of the bytes for a third more time; level -3 takes half the time but a third
// more bytes.
constexpr int kLevel = 1;
constexpr size_t kMinCompressedBodyBytes = 64;
// Bodies in Korean code, and what it must leave of them at most: Korean news becomes .52 of itself,
// by zstd .51 in ten times the time; of long bodies and of what is mostly ASCII zstd leaves less.
constexpr size_t kCodedBodyBytes = 16 << 10;
constexpr double kWorthwhileShare = .6;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

ZSTD_CCtx* Compressor() {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  return context.get();
}

ZSTD_DCtx* Decompressor() {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  return context.get();
}

// Empty where a frame is shorter, or `body` is not UTF-8.
std::string Coded(std::string_view body) {
  if (body.size() > kCodedBodyBytes || FindInvalidUtf8(body) < body.size()) return {};
  std::string packed(1, kKoreanCode);
  ByteWriter(&packed).U32(static_cast<uint32_t>(body.size()));
  const auto most = static_cast<size_t>(kWorthwhileShare * static_cast<double>(body.size()));
  if (!AppendKoreanCode(body, most, packed)) return {};
  return packed;
}

// Empty where compression does not pay.
std::string Compressed(std::string_view body) {
  ZSTD_CCtx* const context = Compressor();
  if (context == nullptr) return {};
  std::string packed(1 + ZSTD_compressBound(body.size()), kZstd);
  const size_t size = ZSTD_compressCCtx(context, packed.data() + 1, packed.size() - 1, body.data(),
                                        body.size(), kLevel);
  if (ZSTD_isError(size) || size >= body.size()) return {};
  packed.resize(1 + size);
  packed.shrink_to_fit();
  return packed;
}

absl::StatusOr<std::string> Decoded(std::string_view packed) {
  ByteReader reader(packed);
  const size_t size = reader.U32();
  if (packed.size() >= sizeof(uint32_t)) {
    std::optional<std::string> body = DecodeKoreanCode(packed.substr(sizeof(uint32_t)), size);
    if (body.has_value()) return *std::move(body);
  }
  return absl::DataLossError("packed body: not the Korean code of a text of its size");
}

}  // namespace

std::string PackBody(std::string_view body) {
  if (body.size() >= kMinCompressedBodyBytes && body.size() <= kMaxCompressedBodyBytes) {
    std::string packed = Coded(body);
    if (packed.empty()) packed = Compressed(body);
    if (!packed.empty()) return packed;
  }
  return PlainBody(body);
}

std::string PlainBody(std::string_view body) {
  std::string packed(1, kAsItIs);
  packed.append(body);
  return packed;
}

absl::StatusOr<std::string> UnpackBody(std::string_view packed) {
  if (packed.empty()) return absl::DataLossError("packed body: no bytes");
  const char method = packed.front();
  packed.remove_prefix(1);
  if (method == kAsItIs) return std::string(packed);
  if (method == kKoreanCode) return Decoded(packed);
  if (method != kZstd) {
    return absl::DataLossError(
        absl::StrCat("packed body: unknown method ", static_cast<int>(method)));
  }
  const auto size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
      size > kMaxCompressedBodyBytes) {
    return absl::DataLossError("packed body: not a zstd frame of a known, permitted size");
  }
  std::string body(size, '\0');
  const size_t written =
      ZSTD_decompressDCtx(Decompressor(), body.data(), body.size(), packed.data(), packed.size());
  if (ZSTD_isError(written)) {
    return absl::DataLossError(absl::StrCat("packed body: ", ZSTD_getErrorName(written)));
  }
  if (written != size) return absl::DataLossError("packed body: shorter than its frame says");
  return body;
}

}  // namespace wonbon
