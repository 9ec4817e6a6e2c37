#include "core/judge/profile.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "core/sketch/fingerprint.h"
#include "core/sketch/url_key.h"
#include "xxhash.h"

namespace wonbon {
namespace {

constexpr uint64_t kMul1 = 0x9E3779B97F4A7C15u;
constexpr uint64_t kMul2 = 0xD6E8FEB86659FD93u;

absl::uint128 Digest(std::u16string_view units) {
  const XXH128_hash_t hash = XXH3_128bits(units.data(), units.size() * sizeof(char16_t));
  return absl::MakeUint128(hash.high64, hash.low64);
}

uint64_t PieceBit(const char16_t* piece, int size) {
  uint64_t word = piece[0] | uint64_t{piece[1]} << 16;
  if (size == 3) word |= uint64_t{piece[2]} << 32;
  return (word * kMul2) >> 32;
}

// Sorts by the upper 32 bits, three passes of 11 bits; stable, so positions stay ascending.
void SortByHash(std::vector<uint64_t>& values) {
  if (values.size() < 64) {
    std::sort(values.begin(), values.end());
    return;
  }
  std::vector<uint64_t> other(values.size());
  std::array<std::array<uint32_t, 2048>, 3> counts{};
  constexpr int kShift[3] = {32, 43, 54};
  for (uint64_t value : values) {
    for (int pass = 0; pass < 3; ++pass) ++counts[pass][(value >> kShift[pass]) & 2047];
  }
  for (int pass = 0; pass < 3; ++pass) {
    uint32_t sum = 0;
    for (uint32_t& count : counts[pass]) sum += std::exchange(count, sum);
    for (uint64_t value : values) other[counts[pass][(value >> kShift[pass]) & 2047]++] = value;
    values.swap(other);
  }
}

std::vector<uint64_t> CutShingles(std::u16string_view units, uint64_t seed) {
  std::vector<uint64_t> out;
  if (units.size() < kShingleUnits) return out;
  out.resize(units.size() - kShingleUnits + 1);
  for (size_t i = 0; i < out.size(); ++i) {
    uint64_t four;
    std::memcpy(&four, units.data() + i, sizeof four);
    uint64_t hash = (four ^ seed) * kMul1;
    hash = (hash ^ (hash >> 32) ^ units[i + 4]) * kMul2;
    out[i] = (hash & 0xFFFFFFFF00000000u) | i;
  }
  SortByHash(out);
  return out;
}

uint32_t CountDistinct(const std::vector<uint64_t>& shingles) {
  uint32_t distinct = 0;
  for (size_t i = 0; i < shingles.size(); ++i) {
    distinct += i == 0 || (shingles[i] >> 32) != (shingles[i - 1] >> 32);
  }
  return distinct;
}

std::vector<uint64_t> FilterPieces(std::u16string_view units) {
  std::vector<uint64_t> out(std::max<size_t>(4, std::bit_ceil(units.size()) * 32 / 64));
  const uint64_t mask = out.size() * 64 - 1;
  for (size_t size : {2, 3}) {
    for (size_t i = 0; i + size <= units.size(); ++i) {
      const uint64_t bit = PieceBit(units.data() + i, static_cast<int>(size)) & mask;
      out[bit / 64] |= uint64_t{1} << (bit % 64);
    }
  }
  return out;
}

std::vector<uint32_t> CutPairs(std::u16string_view units) {
  std::vector<uint32_t> out;
  for (size_t i = 0; i + 2 <= units.size(); ++i) {
    out.push_back(uint32_t{units[i]} << 16 | units[i + 1]);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Words of a headline: stretches between whatever is neither letter nor digit. `units` tells which
// characters of `folded` are either.
std::vector<std::u16string> CutWords(std::u16string_view folded, std::u16string_view units) {
  std::vector<std::u16string> out;
  std::u16string word;
  size_t unit = 0;
  for (size_t i = 0; i <= folded.size(); ++i) {
    if (i < folded.size() && unit < units.size() && units[unit] == folded[i]) {
      word += units[unit++];
      continue;
    }
    if (word.size() >= 2) out.push_back(word);
    word.clear();
  }
  return out;
}

// True if the first statement ends in "고 있다": what a photo shows, not what happened.
bool SaysWhatIsGoingOn(std::u16string_view folded) {
  constexpr std::u16string_view kEnding = u"고있다";
  const size_t stop = folded.find(u"다.");
  if (stop != std::u16string_view::npos) folded = folded.substr(0, stop + 1);
  size_t left = kEnding.size();
  while (left > 0 && !folded.empty()) {
    const char16_t last = folded.back();
    folded.remove_suffix(1);
    if (last == u' ' || last == u'\n' || last == u'.') continue;
    if (last != kEnding[--left]) return false;
  }
  return left == 0;
}

// Without spaces, in lower case.
std::string Fold(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (!absl::ascii_isspace(static_cast<unsigned char>(c))) {
      out += absl::ascii_tolower(static_cast<unsigned char>(c));
    }
  }
  return out;
}

// The key of a url without scheme, "www.", "m.", fragment and trailing slash, in lower case.
uint64_t UrlKey(std::string_view url) {
  const std::string folded = Fold(url.substr(0, url.find('#')));
  std::string_view rest = folded;
  for (std::string_view prefix : {"https://", "http://", "www.", "m."}) {
    if (rest.starts_with(prefix)) rest.remove_prefix(prefix.size());
  }
  while (rest.ends_with('/')) rest.remove_suffix(1);
  return rest.empty() ? 0 : XXH3_64bits(rest.data(), rest.size()) | 1;
}

uint64_t PublisherKey(std::string_view publisher) {
  const std::string folded = FoldPublisher(publisher);
  return folded.empty() ? 0 : XXH3_64bits(folded.data(), folded.size()) | 1;
}

}  // namespace

size_t Profile::MemoryBytes() const {
  size_t bytes = sizeof *this + 2 * (units.capacity() + title_units.capacity()) +
                 8 * (shingles.capacity() + pieces.capacity()) + 4 * title_pairs.capacity() +
                 numbers.MemoryBytes() + title_numbers.MemoryBytes();
  for (const std::u16string& word : title_words) bytes += sizeof(std::u16string) + 2 * word.capacity();
  return bytes;
}

bool MayHavePiece(const Profile& profile, const char16_t* piece, int size) {
  const uint64_t bit = PieceBit(piece, size) & (profile.pieces.size() * 64 - 1);
  return (profile.pieces[bit / 64] >> (bit % 64)) & 1;
}

Profile MakeProfile(const Document& document, const CanonicalText& body, const CanonicalText& title,
                    uint64_t seed) {
  Profile out;
  out.units = body.units.substr(0, kMaxJudgedUnits);
  out.title_units = title.units.substr(0, kMaxJudgedTitleUnits);
  out.text_key = Digest(body.units);
  out.title_key = Digest(title.units);
  out.shingles = CutShingles(out.units, seed);
  out.distinct_shingles = CountDistinct(out.shingles);
  out.pieces = FilterPieces(out.units);
  out.numbers = ReadNumbers(body.folded, out.units);
  out.title_numbers = ReadNumbers(title.folded, out.title_units);
  out.title_pairs = CutPairs(out.title_units);
  out.title_words = CutWords(title.folded, out.title_units);
  out.title_stages = ReadStages(out.title_units);
  out.lead_stages = ReadStages(std::u16string_view(out.units).substr(0, kStageLeadUnits));
  out.is_update = IsUpdate(title.folded);
  out.is_caption = out.units.size() < kMaxCaptionUnits && SaysWhatIsGoingOn(body.folded);
  out.publisher_key = PublisherKey(document.publisher);
  out.url_key = UrlKey(document.url);
  if (document.published_at.has_value()) {
    out.published_s = absl::ToUnixSeconds(*document.published_at);
  }
  return out;
}

}  // namespace wonbon
