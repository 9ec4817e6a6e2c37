// What the engine should find, by comparing every document with every other: exact sets of
// shingles, plain Jaccard, no hashing, no index. Slow and obvious; quadratic in the corpus.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/document.h"

namespace wonbon::oracle {

inline constexpr size_t kShingleUnits = 5;

// An earlier document and how alike it is. Shares are 0 to 1.
struct Likeness {
  size_t earlier = 0;       // position in the order of Add
  bool same_text = false;   // equal canonical texts of the bodies
  bool same_title = false;  // equal canonical texts of the headlines
  double jaccard = 0;
  double containment = 0;     // share of the added document found in the earlier one
  double containment_in = 0;  // share of the earlier document found in the added one
};

// Not thread-safe.
class EngineOracle {
 public:
  // Remembers the document and answers the earlier ones whose Jaccard similarity, or containment
  // either way, is at least `min_share`, or whose text is the same; in the order of Add.
  std::vector<Likeness> Add(const Document& document, double min_share);

  size_t size() const { return entries_.size(); }
  // Distinct shingles of document `index`.
  size_t shingles(size_t index) const { return entries_[index].shingles.size(); }

 private:
  struct Entry {
    std::u16string units;
    std::u16string title;
    std::vector<std::u16string> shingles;
  };
  std::vector<Entry> entries_;
};

// The distinct runs of kShingleUnits units, sorted; a shorter text is one shingle, an empty one
// none.
std::vector<std::u16string> Shingles(const std::u16string& units);

}  // namespace wonbon::oracle
