// DIR/index: what was in memory where a server stopped, so that the next start need not rebuild it.
//
// A head of 80 bytes says whose it is: the store, the sequence of its last change, a version of the
// layout, size and XXH3 of what follows. It is believed only where all of that is right, and never
// changed: with the next change of the store it is one of the past, and removed.
// Errors name the file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/image.h"
#include "core/record.h"

namespace wonbon {

// What the bytes of an image mean. To be raised with every change of a structure that is written
// into one (image_test.cc notices), of what is in it (bands, sample, judgement of documents), or
// where the compiler lays it out otherwise.
inline constexpr uint32_t kImageVersion = 1;

// Replaces the file with what `write` gives. RESOURCE_EXHAUSTED, and no file, where less than
// `keep_free` bytes of the disk would be free beside it.
absl::Status WriteImageFile(const std::string& path, const std::string& store_id,
                            Sequence sequence, uint64_t keep_free,
                            absl::FunctionRef<void(ImageWriter&)> write);

// The bytes of an image of this store and sequence, checked. NOT_FOUND where there is no file,
// FAILED_PRECONDITION where it is of another store, sequence or version, DATA_LOSS where it is
// damaged.
absl::StatusOr<std::unique_ptr<ImageReader>> OpenImageFile(const std::string& path,
                                                           const std::string& store_id,
                                                           Sequence sequence);

}  // namespace wonbon
