// The keys of an import's lines that are no field of an article: how often each stood there, and
// the --map that would read them as the fields they seem to be. Value type.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "client/import/article_line.h"
#include "wonbon/v1/document.pb.h"

namespace wonbon::client {

// The fields of an article line by name, and whether the document has them.
std::array<std::pair<std::string_view, bool>, 8> LineFields(const v1::Document& document);

class KeyCounts {
 public:
  // By name; those past kMaxNamedKeys under "".
  using Counts = std::map<std::string, uint64_t, std::less<>>;

  // Of one line: its notes, and the document that it gave, as far as it gave one.
  void Add(const ArticleLineNotes& notes, const v1::Document& document);

  const Counts& labels() const { return labels_; }
  // Keys that no label had room for.
  const Counts& left_out() const { return left_out_; }

  // "body=text,url=link": fields that no line had, each with the key that seems to be it, by what
  // others call it in English or Korean. Empty where none does.
  std::string SuggestedMap() const;

 private:
  Counts labels_;
  Counts left_out_;
  std::set<std::string_view> fields_;  // that some line had
};

// The sum of all.
uint64_t Total(const KeyCounts::Counts& counts);

}  // namespace wonbon::client
