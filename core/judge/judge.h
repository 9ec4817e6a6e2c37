// Decides how a submitted document is related to an earlier one, like a careful news editor.
//
// Guards first: rules that an editor would give as a reason by themselves (the same text; the same
// form with other numbers; a caption of the same series). What they leave open is decided by the
// model's probability. The answer is the same, with EXCERPT and EMBEDS exchanged, whichever of the
// two documents came first.
// Pure functions, thread-safe.
#pragma once

#include "core/judge/features.h"
#include "core/judge/profile.h"
#include "core/judge/rarity.h"
#include "core/judge/rule.h"
#include "core/relation.h"

namespace wonbon {

struct Judgement {
  Relation relation = Relation::kUnique;  // of the submitted document to the earlier one
  double jaccard = 0;                     // of distinct 5-unit shingles
  double containment = 0;     // share of the submitted document found in the earlier one
  double containment_in = 0;  // share of the earlier document found in the submitted one
  double score = 0;           // probability that both are the same article
  Features features;
  Rule rule = Rule::kModel;  // what decided

  bool same_article() const { return Joins(relation); }
};

// The probability from which two documents count as the same article.
inline constexpr double kSameArticleScore = 0.5;

// REQUIRES: both profiles were made with one seed.
Judgement Judge(const Profile& submitted, const Profile& earlier, const Rarity& rarity);

}  // namespace wonbon
