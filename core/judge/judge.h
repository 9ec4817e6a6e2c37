// Decides how a submitted document is related to an earlier one, like a careful news editor.
//
// Guards first: rules that an editor would give as a reason by themselves (the same text; the same
// form with other numbers; a caption of the same series). What they leave open is decided by the
// model's probability. The answer is the same, with EXCERPT and EMBEDS exchanged, whichever of the
// two documents came first.
// Pure functions, thread-safe.
#pragma once

#include <string_view>

#include "core/judge/features.h"
#include "core/judge/profile.h"
#include "core/judge/rarity.h"
#include "core/relation.h"

namespace wonbon {

struct Judgement {
  Relation relation = Relation::kUnique;  // of the submitted document to the earlier one
  double jaccard = 0;                     // of distinct 5-unit shingles
  double containment = 0;     // share of the submitted document found in the earlier one
  double containment_in = 0;  // share of the earlier document found in the submitted one
  double score = 0;           // probability that both are the same article
  Features features;
  // What decided, one of kRules; the word is part of the explanation a client gets.
  std::string_view rule;

  bool same_article() const { return Joins(relation); }
};

// The rules by which a judgement is made, in the order in which they are asked.
inline constexpr std::string_view kRules[] = {
    "same_text",       // all letters and digits agree
    "short_text",      // fewer than kMinShingles shingles: only the same text and headline count
    "nothing_shared",  // too little in common to ask further
    "other_numbers",   // the same sentences with other numbers
    "serial_headline",       // headlines that differ in their numbers alone
    "caption_other_moment",  // two photo captions that differ in headline and text
    "short_other_headline",  // short items of one publisher (captions, serials) under other
                             // headlines
    "short_other_day",       // short items of one publisher, days apart
    "url_reused",            // the same url, another text
    "next_stage",            // the later headline announces the next stage of a case
    "round_up",              // one stands in the other below its headline, among other items
    "cut_copy",              // the whole of one under the same headline and lead in the other
    "little_shared",         // too little in common for one article
    "model",                 // the model's probability
};

// The probability from which two documents count as the same article.
inline constexpr double kSameArticleScore = 0.5;

// REQUIRES: both profiles were made with one seed.
Judgement Judge(const Profile& submitted, const Profile& earlier, const Rarity& rarity);

}  // namespace wonbon
