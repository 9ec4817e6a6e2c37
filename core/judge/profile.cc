#include "core/judge/profile.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "absl/container/fixed_array.h"

namespace wonbon {
namespace {

// Largest table of buckets: one for every shingle up to here.
constexpr int kBucketBits = 16;
// More disorder than this is sorted in another way.
constexpr size_t kMovesPerShingle = 16;

// Ascending: by hash, then by position. Hashes are evenly spread: shingles go into a bucket each by
// the first bits of theirs, as they come, and what is left is next to no disorder.
std::vector<uint64_t> SortShingles(const ShingleList& shingles) {
  const std::vector<uint64_t>& hashes = shingles.hashes;
  const int shift = 64 - std::clamp(static_cast<int>(std::bit_width(hashes.size())), 1,
                                    kBucketBits);
  absl::FixedArray<uint32_t, 2048> ends((size_t{1} << (64 - shift)) + 1, 0);
  for (const uint64_t hash : hashes) ++ends[(hash >> shift) + 1];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  std::vector<uint64_t> out(hashes.size());
  for (size_t i = 0; i < out.size(); ++i) {
    out[ends[hashes[i] >> shift]++] = (hashes[i] & 0xFFFFFFFF00000000u) | i;
  }
  size_t moves = 0;
  for (size_t i = 1; i < out.size(); ++i) {
    const uint64_t value = out[i];
    size_t at = i;
    for (; at > 0 && out[at - 1] > value; --at) out[at] = out[at - 1];
    out[at] = value;
    moves += i - at;
    // Few shingles again and again, and several in one bucket.
    if (moves > kMovesPerShingle * out.size()) {
      std::sort(out.begin(), out.end());
      break;
    }
  }
  return out;
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

// Days of a month that the text names: "3일", "6월 4일"; not "3일간", "3일째", "3일 만에".
uint32_t ReadDays(std::u16string_view folded) {
  constexpr std::u16string_view kNoDate = u"간째만차치동";
  const auto is_digit = [](char16_t c) { return c >= u'0' && c <= u'9'; };
  uint32_t days = 0;
  for (size_t i = 1; i < folded.size(); ++i) {
    if (folded[i] != u'일' || !is_digit(folded[i - 1])) continue;
    size_t begin = i - 1;
    while (begin > 0 && is_digit(folded[begin - 1])) --begin;
    const char16_t before = begin > 0 ? folded[begin - 1] : u' ';
    if (i - begin > 2 || before == u'.' || before == u',') continue;
    size_t next = i + 1;
    if (next < folded.size() && folded[next] == u' ') ++next;
    if (next < folded.size() && kNoDate.find(folded[next]) != std::u16string_view::npos) continue;
    uint32_t day = 0;
    for (size_t k = begin; k < i; ++k) day = day * 10 + (folded[k] - u'0');
    if (day >= 1 && day <= 31) days |= uint32_t{1} << day;
  }
  return days;
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

bool IsNotice(const Profile& profile) {
  if (profile.title_pairs.empty() || profile.distinct_shingles >= kNoticeShingles) return false;
  const auto in_text = std::count_if(
      profile.title_pairs.begin(), profile.title_pairs.end(), [&profile](uint32_t pair) {
        const char16_t piece[2] = {static_cast<char16_t>(pair >> 16), static_cast<char16_t>(pair)};
        return MayHavePiece(profile, piece, 2);
      });
  return static_cast<double>(in_text) <=
         kNoticeTitleInText * static_cast<double>(profile.title_pairs.size());
}

}  // namespace

size_t Profile::MemoryBytes() const {
  return sizeof *this + 2 * (units.capacity() + title_units.capacity()) +
         8 * (shingles.capacity() + pieces.capacity()) + 4 * title_pairs.capacity() +
         numbers.MemoryBytes() + title_numbers.MemoryBytes();
}

Profile MakeProfile(const Identity& identity, std::optional<absl::Time> published_at,
                    const CanonicalText& body, const CanonicalText& title,
                    const ShingleList& shingles) {
  Profile out;
  out.identity = identity;
  out.units = body.units;
  const CanonicalText headline = WithoutTags(title);
  out.title_units = headline.units;
  out.shingles = SortShingles(shingles);
  out.distinct_shingles = shingles.distinct;
  out.pieces = FilterPieces(out.units);
  out.numbers = ReadNumbers(body.folded, out.units);
  out.title_numbers = ReadNumbers(headline.folded, out.title_units);
  out.title_pairs = CutPairs(out.title_units);
  out.title_stages = ReadStages(out.title_units);
  out.lead_stages = ReadStages(std::u16string_view(out.units).substr(0, kStageLeadUnits));
  out.is_notice = IsNotice(out);
  out.is_update = IsUpdate(title.folded);
  out.version_mark = ReadVersionMark(title.folded);
  out.days = ReadDays(body.folded);
  out.lead_days = ReadDays(std::u16string_view(body.folded).substr(0, kDateLeadUnits));
  out.is_caption = out.units.size() < kCaptionUnits && SaysWhatIsGoingOn(body.folded);
  if (published_at.has_value()) out.published_s = absl::ToUnixSeconds(*published_at);
  return out;
}

}  // namespace wonbon
