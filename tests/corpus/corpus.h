// A seeded corpus of Korean news with the truth about every document. The same options give the
// same bytes on every platform.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/document.h"
#include "tests/corpus/derive.h"

namespace wonbon::corpus {

struct Item {
  Document document;
  Kind kind = Kind::kOriginal;
  std::string base_id;  // the document it was made from; empty for one that was not
  Expected expected() const { return ExpectedOf(kind); }
};

struct Options {
  uint64_t seed = 1;
  size_t stories = 100;
  // Derived documents of each story, drawn from `kinds`; 0 makes one of every kind.
  size_t copies = 4;
  std::vector<Kind> kinds;  // empty: every kind that has a base
  size_t notices = 0;       // of every form in turn
  size_t dispatches = 0;    // of every form in turn, each with a reprint
  size_t flashes = 0;
  size_t item_lists = 0;  // each with its items
  int min_sentences = 7;  // about 35 syllables each
  int max_sentences = 40;
  bool shuffle = true;  // false: stories one after the other, each original first
  std::string id_prefix = "doc";
};

// Ids are "<prefix>-<number>"; every document has publisher, url and published_at.
std::vector<Item> MakeCorpus(const Options& options);

// One line of JSON, without the line break: the article line of `wonbon import`, and the truth as
// the further keys "kind", "expected" and "base_id".
std::string ToJsonLine(const Item& item);
// A JSON string, quotes included.
std::string Quoted(std::string_view text);

}  // namespace wonbon::corpus
