// Documents for tests of elections, as plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/cluster/versions.h"
#include "core/identity/identity.h"
#include "core/judge/version_mark.h"

namespace wonbon {

inline constexpr int64_t kNow = 1'770'000'000'000'000;
inline constexpr int64_t kMinute = 60'000'000;
inline constexpr int64_t kDay = 86'400'000'000;
// As `published` of an Entry: the zero date of clients, a year ahead.
inline constexpr int64_t kZeroDate = -kNow;
inline constexpr int64_t kNextYear = 365 * kDay;

// Any keys do, as long as they are those of the entries.
inline uint64_t KeyOf(std::string_view publisher) {
  static const Identifier identifier(Seed{});
  return identifier.PublisherKey(publisher);
}

// `published`: after kNow, when all arrive.
inline DocumentEntry Entry(uint64_t number, int64_t published, uint32_t shingles = 500,
                           std::string_view publisher = "", uint64_t url_key = 0) {
  return {.number = static_cast<DocumentNumber>(number),
          .shingles = shingles,
          .published_us = kNow + published,
          .first_published_us = kNow + published,
          .received_us = kNow,
          .url_key = url_key,
          .publisher_key = KeyOf(publisher)};
}

inline std::string IdOf(DocumentNumber number) {
  return "id-" + std::to_string(static_cast<uint64_t>(number));
}

}  // namespace wonbon
