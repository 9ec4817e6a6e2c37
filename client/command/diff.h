// Two texts side by side: what both have on one line, what only one has marked.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "wonbon/v1/dedup_service.pb.h"

namespace wonbon::client {

// A stretch of the comparison, from top to bottom.
struct DiffBlock {
  bool same = false;
  std::string_view a;
  std::string_view b;
};

// Cuts both texts at the shared spans, between words. Passages that changed places count as
// different where they would cross an earlier one. Every byte of both texts is in exactly one
// block. Spans outside of the texts are cut off, so that a wrong answer does no harm.
std::vector<DiffBlock> MakeDiff(std::string_view a, std::string_view b,
                                const v1::CompareResponse& comparison);

struct DiffStyle {
  int width = 100;      // terminal cells
  bool colour = false;  // red: only in a; green: only in b
  bool full = false;    // print long common stretches as well
};

// Marks in the middle: '<' only in a, '>' only in b, '|' both and different, ' ' the same.
void PrintDiff(std::ostream& out, std::string_view a, std::string_view b,
               const v1::CompareResponse& comparison, const DiffStyle& style);

}  // namespace wonbon::client
