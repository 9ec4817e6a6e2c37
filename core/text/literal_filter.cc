#include "core/text/literal_filter.h"

#include "core/text/block_scan.h"

namespace wonbon {

void LiteralFilter::Add(std::u16string_view literal, uint64_t expressions) {
  if (literal.size() == 1) {
    single_.push_back({std::u16string(literal), expressions});
    return;
  }
  const uint32_t pair = Pair(literal.data());
  pairs_.set(BitOf(pair));
  by_pair_[pair].push_back({std::u16string(literal), expressions});
}

uint64_t LiteralFilter::Find(std::u16string_view text) const {
  uint64_t found = 0;
  for (const Literal& literal : single_) {
    const uint16_t wanted = Lane(literal.units.front());
    const size_t at =
        FindWanted(text, 0, text.size(), [wanted](UnitLanes units) { return units == wanted; });
    if (at < text.size()) found |= literal.expressions;
  }
  for (size_t i = 0; i + 2 <= text.size(); ++i) {
    const uint32_t pair = Pair(text.data() + i);
    if (!pairs_[BitOf(pair)]) continue;
    const auto literals = by_pair_.find(pair);
    if (literals == by_pair_.end()) continue;
    for (const Literal& literal : literals->second) {
      if (text.substr(i).starts_with(literal.units)) found |= literal.expressions;
    }
  }
  return found;
}

}  // namespace wonbon
