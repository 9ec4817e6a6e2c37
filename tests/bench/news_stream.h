// Korean-like news without end: any document can be made again from its number, so that millions
// need no memory, and what is a copy of what is known.
//
// Of the numbers 65 % are articles of their own, 20 % edited copies of earlier ones, 5 % the same
// text again, 5 % cut or standing inside a longer page, 5 % forms (one of 64 templates with other
// names and numbers; the commonest template has a sixth of them). A quarter of the copies are of a
// story that has about 80 in its stretch of 1,024 numbers; the others are of articles at distances
// that are log-uniform up to 65,536. Words are drawn by Zipf's law, one in ten begins a set phrase,
// so that unrelated articles have shingles in common as real ones do.
//
// A value of the seed alone; thread-safe. About 12 us a document.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/document.h"
#include "tests/corpus/random.h"

namespace wonbon::bench {

enum class Kind : uint8_t { kUnique, kNear, kExact, kPartial, kForm };

class NewsStream {
 public:
  explicit NewsStream(uint64_t seed);

  Kind KindOf(uint64_t number) const;
  // The document (kUnique, smaller number) that this one is made of. REQUIRES: it is a copy.
  uint64_t BaseOf(uint64_t number) const;
  // The last kUnique document up to `number`.
  uint64_t UniqueUpTo(uint64_t number) const;
  Document Make(uint64_t number) const;
  // A copy of document `base`, near or partial, that the stream does not have; `number` says which,
  // and is its id. Near ones are edited up to twice as much as those of the stream.
  Document MakeProbe(Kind kind, uint64_t base, uint64_t number) const;

 private:
  using Random = corpus::Random;
  // What becomes of a text: parts in 1,024.
  struct Edits {
    uint32_t words = 0;      // are others
    uint32_t sentences = 0;  // are others, and as many are left out
  };
  Document MakeDocument(Kind kind, uint64_t base, uint64_t number, uint32_t most_edits) const;
  Random Of(uint64_t number) const { return Random(seed_).Fork(number); }
  // Which words of a sentence are others, and which others.
  struct Changes {
    Random where;
    Random with;
    uint32_t rate = 0;  // in 1,024
  };
  void AppendWord(Random& random, std::string* out) const;
  void AppendWords(Random random, int words, Changes* changes, std::string* out) const;
  // Sentence `index` of document `number`.
  void AppendSentence(uint64_t number, size_t index, Changes* changes, std::string* out) const;
  size_t Sentences(uint64_t number) const;
  void AppendNear(uint64_t base, uint64_t number, const Edits& edits, std::string* out) const;
  void AppendPartial(uint64_t base, uint64_t number, std::string* out) const;
  void WriteForm(uint64_t number, Document* document) const;

  const uint64_t seed_;
  std::vector<std::string> stems_;                 // the commonest first
  std::vector<std::vector<uint16_t>> phrases_;     // stems
};

}  // namespace wonbon::bench
