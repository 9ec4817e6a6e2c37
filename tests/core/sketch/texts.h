// Seeded texts, and the truth about them counted the obvious way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/sketch/fingerprint.h"

namespace wonbon {

inline constexpr Seed kTestSeed = {'w', 'o', 'n', 'b', 'o', 'n', ' ', 't',
                                   'e', 's', 't', ' ', 's', 'e', 'e', 'd'};

// A seed for each number.
inline Seed SeedNumber(uint8_t number) {
  Seed seed = kTestSeed;
  seed[0] = number;
  return seed;
}

// The fingerprint of a text without headline, publisher and url.
inline Fingerprint FingerprintOf(const Seed& seed, std::u16string_view units,
                                 const std::vector<uint32_t>& sentence_ends = {}) {
  const CanonicalText text{.units = std::u16string(units)};
  return MakeFingerprint(ShingleHasher(seed).Hash(units, sentence_ends),
                         Identifier(seed).Identify({}, text, {}));
}

// Random syllables of the 2,350 that KS X 1001 encodes.
inline std::u16string RandomText(std::mt19937_64& random, size_t size) {
  std::u16string text;
  while (text.size() < size) text += static_cast<char16_t>(0xAC00 + random() % 2350);
  return text;
}

// Lists that differ in figures only ("제0001호2024년..."): the most regular text there is, and the
// hardest for a weak hash.
inline std::u16string RegularText(std::mt19937_64& random, size_t size) {
  std::u16string text;
  for (uint32_t number = random() % 5000; text.size() < size; ++number) {
    text += u"제";
    for (uint32_t unit = 1000; unit > 0; unit /= 10) {
      text += static_cast<char16_t>(u'0' + number / unit % 10);
    }
    text += u"호";
  }
  text.resize(size);
  return text;
}

inline std::set<std::u16string_view> Shingles(std::u16string_view text, size_t units) {
  std::set<std::u16string_view> shingles;
  for (size_t i = 0; i + units <= text.size(); ++i) shingles.insert(text.substr(i, units));
  return shingles;
}

inline double Jaccard(std::u16string_view a, std::u16string_view b) {
  const auto of_a = Shingles(a, kShingleUnits);
  const auto of_b = Shingles(b, kShingleUnits);
  size_t common = 0;
  for (const auto& shingle : of_a) common += of_b.contains(shingle);
  return static_cast<double>(common) / static_cast<double>(of_a.size() + of_b.size() - common);
}

}  // namespace wonbon
