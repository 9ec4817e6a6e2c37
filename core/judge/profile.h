// Everything the judge needs to know of one document, so that no text is read twice.
//
// A Profile is built once from a document and its canonical text, is constant from then on, and may
// be shared between threads. About 14 bytes a unit: 10 KB for a 700-syllable article; and 80 bytes
// a number in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "core/identity/identity.h"
#include "core/judge/headline.h"
#include "core/judge/numbers.h"
#include "core/judge/version_mark.h"
#include "core/sketch/shingle_list.h"
#include "core/text/canonical.h"

namespace wonbon {

inline constexpr size_t kStageLeadUnits = 120;
// Of the folded body, spaces included: where a date of what happened stands.
inline constexpr size_t kDateLeadUnits = 200;
// A notice in place of an article has fewer shingles, and of its headline's 2-unit pieces at most
// this share.
inline constexpr uint32_t kNoticeShingles = 400;
inline constexpr double kNoticeTitleInText = 0.3;
// A photo caption is shorter than this.
inline constexpr size_t kCaptionUnits = 260;

struct Profile {
  Identity identity;
  // All letters and digits of body and headline.
  std::u16string units;
  std::u16string title_units;

  // One entry a 5-unit shingle of `units`: the upper half of its hash (shingle_list.h) in the upper
  // half, its position in the lower; ascending.
  std::vector<uint64_t> shingles;
  uint32_t distinct_shingles = 0;
  // Every 2-unit and 3-unit piece of `units`, as a Bloom filter with one probe; a power of two of
  // bits, 16 to 32 for each piece.
  std::vector<uint64_t> pieces;

  NumberList numbers;                       // of the body
  NumberList title_numbers;                 // of the headline
  std::vector<uint32_t> title_pairs;        // 2-unit pieces of the headline, ascending, distinct

  StageSet title_stages;    // named in the headline
  StageSet lead_stages;     // named in the first kStageLeadUnits units of the body
  bool is_update = false;   // the headline says so
  uint8_t version_mark = 0;  // which version it says it is (version_mark.h)
  uint32_t lead_days = 0;   // bit d: the lead names day d of a month ("3일")
  uint32_t days = 0;        // the same, of the whole body
  bool is_notice = false;   // short, and says nothing of its headline: a paywall, a 404 page
  bool is_caption = false;  // a photo caption: short, and begins with what is going on (고 있다)

  std::optional<int64_t> published_s;  // seconds since 1970

  // Bytes held, this object included.
  size_t MemoryBytes() const;
};

// `body` and `title`: the canonical texts of the document's body and headline. `shingles`: of the
// body. Profiles of different seeds do not compare.
Profile MakeProfile(const Identity& identity, std::optional<absl::Time> published_at,
                    const CanonicalText& body, const CanonicalText& title,
                    const ShingleList& shingles);

// Where the piece (`size` units, 2 or 3) stands in Profile::pieces, modulo its bits.
inline uint64_t PieceBit(const char16_t* piece, int size) {
  uint64_t word = piece[0] | uint64_t{piece[1]} << 16;
  if (size == 3) word |= uint64_t{piece[2]} << 32;
  return (word * 0xD6E8FEB86659FD93u) >> 32;
}

// True if `piece` (`size` units, 2 or 3) may occur in the body of `profile`; false is certain.
inline bool MayHavePiece(const Profile& profile, const char16_t* piece, int size) {
  const uint64_t bit = PieceBit(piece, size) & (profile.pieces.size() * 64 - 1);
  return (profile.pieces[bit / 64] >> (bit % 64)) & 1;
}

}  // namespace wonbon
