// Which version of its article a headline says that it is: "[속보]", "(3보)", "<종합2보>", "[정정]".
//
// Pure function, thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace wonbon {

// Ascending as an article grows; a record of a document keeps it (store/document_codec.h).
inline constexpr uint8_t kNoVersionMark = 0;
inline constexpr uint8_t kFlashMark = 1;        // 속보, 긴급, 1보
inline constexpr uint8_t kLastPartMark = 9;     // 2보 is 2, ... 9보 is 9: more is to come
inline constexpr uint8_t kWholeMark = 10;       // 상보, 종합; 종합2보 is 11, ... 종합9보 is 18
inline constexpr uint8_t kCorrectionMark = 19;  // 정정, 수정, 고침, 업데이트, 재송

// The greatest of the marks in brackets. `folded`: a headline with its punctuation.
uint8_t ReadVersionMark(std::u16string_view folded);

// Where a version comes among others of its article, going by the marks alone: an article without
// one has grown out of flashes and parts, and a round-up (종합) out of it.
constexpr int VersionStage(uint8_t mark) {
  return mark == kNoVersionMark ? 2 * kLastPartMark + 1 : 2 * mark;
}

}  // namespace wonbon
