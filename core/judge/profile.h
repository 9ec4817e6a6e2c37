// Everything the judge needs to know of one document, so that no text is read twice.
//
// A Profile is built once from a document and its canonical text, is constant from then on, and may
// be shared between threads. About 14 bytes a unit: 10 KB for a 700-syllable article.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "core/document.h"
#include "core/judge/headline.h"
#include "core/judge/numbers.h"
#include "core/text/canonical.h"

namespace wonbon {

// Units of a body that the judge looks at; the rest of a longer one is not compared. EXACT looks at
// all of it.
inline constexpr size_t kMaxJudgedUnits = 32'768;
inline constexpr size_t kMaxJudgedTitleUnits = 256;
inline constexpr size_t kStageLeadUnits = 120;
inline constexpr size_t kMaxCaptionUnits = 260;

struct Profile {
  // Letters and digits of body and headline, cut at the limits above.
  std::u16string units;
  std::u16string title_units;
  // XXH3-128 of all letters and digits of body and headline.
  absl::uint128 text_key = 0;
  absl::uint128 title_key = 0;

  // One entry a 5-unit shingle of `units`: hash in the upper half, position in the lower;
  // ascending.
  std::vector<uint64_t> shingles;
  uint32_t distinct_shingles = 0;
  // Every 2-unit and 3-unit piece of `units`, as a Bloom filter with one probe; a power of two of
  // bits, 16 to 32 for each piece.
  std::vector<uint64_t> pieces;

  NumberList numbers;                       // of the body
  NumberList title_numbers;                 // of the headline
  std::vector<uint32_t> title_pairs;        // 2-unit pieces of the headline, ascending, distinct
  std::vector<std::u16string> title_words;  // words of the headline of two and more letters

  StageSet title_stages;    // named in the headline
  StageSet lead_stages;     // named in the first kStageLeadUnits units of the body
  bool is_update = false;   // the headline says so
  bool is_caption = false;  // a photo caption: short, and begins with what is going on (고 있다)

  uint64_t publisher_key = 0;          // 0 where there is none
  uint64_t url_key = 0;                // of the normalised url; 0 where there is none
  std::optional<int64_t> published_s;  // seconds since 1970

  // Bytes held, this object included.
  size_t MemoryBytes() const;
};

// `body` and `title`: the canonical texts of the document's body and headline. `seed` keys the
// shingle hashes; profiles of different seeds do not compare.
Profile MakeProfile(const Document& document, const CanonicalText& body, const CanonicalText& title,
                    uint64_t seed);

// True if `piece` (`size` units, 2 or 3) may occur in the body of `profile`; false is certain.
bool MayHavePiece(const Profile& profile, const char16_t* piece, int size);

}  // namespace wonbon
