// How full the texts of a cluster are: what they agree on.
//
// Shingles alone do not tell an article's fuller text from one with comments, chrome or other
// headlines below it. Others that have the text do: what only one of them has is its own tail as
// soon as two agree on where the text ends. Until then nobody knows, and the fullest text counts
// as the whole: a cut copy must not stand for a full one.
// Pure functions of plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/cluster/versions.h"
#include "core/record.h"

namespace wonbon {

// Complete: at least this share of the text that the cluster agrees on. Clean: at least this share
// of a text is agreed on by others.
inline constexpr double kCompleteShare = 0.8;

// Texts of a cluster that its family knows.
struct KnownTexts {
  // The oldest document that has it; `text` is its place here.
  std::vector<Contender> texts;
  // Distinct shingles that text i has in common with an earlier j, at PairPlace(i, j).
  std::vector<uint16_t> shared;
};

class Agreement {
 public:
  // Of the texts that count: those of one publisher agree on its chrome as well, so that one is no
  // witness of another; a version that another one replaced counts for nobody. The ends agreed on
  // are not those of flashes: they say themselves that more is to come.
  explicit Agreement(const KnownTexts& known);

  // Whether two agree on where the text ends. Else a text's shingles are all there is to go by.
  bool is_witnessed() const { return agreed_ > 0; }
  // By which of two the fuller one is told: shingles of a member's text that count, its own tail
  // taken off.
  int64_t MeritOf(const Contender& member) const;
  // REQUIRES: is_witnessed().
  bool IsComplete(const Contender& member) const;
  bool IsClean(const Contender& member) const;

 private:
  // Of a text that is not known what may be agreed on.
  uint32_t FullnessOf(const Contender& member) const;

  uint32_t agreed_ = 0;
  std::vector<uint32_t> agreed_of_;  // by the places of the texts
};

}  // namespace wonbon
