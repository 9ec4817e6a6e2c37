// Stored form of a body: one byte that says how, then the bytes.
//
//   0  method: 0 = as it is, 1 = one zstd frame that knows its content size, 2 = Korean code
//   1  the body, the frame, or the size of the body (u32, little-endian) and its code
//
// Korean text is written in its code (korean_code.h), whatever it hardly shortens, such as HTML and
// long bodies, as a frame. Small bodies, bodies that do not get smaller, and bodies past
// kMaxCompressedBodyBytes are kept as they are. PackBody and PlainBody are declared in store.h.
// Thread-safe: each thread has its own zstd contexts.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace wonbon {

// DATA_LOSS for bytes that PackBody did not make.
absl::StatusOr<std::string> UnpackBody(std::string_view packed);

}  // namespace wonbon
