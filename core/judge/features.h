// What an editor would look at in a pair of articles, as numbers.
//
// The two documents are called the shorter and the longer one, by distinct shingles of the body (a
// page that holds its text twice is no longer than one that holds it once): so the features do not
// depend on which was submitted first. All shares are 0 to 1. A "piece" is two or three letters or
// digits in a row.
// Pure functions, thread-safe.
#pragma once

#include <array>
#include <string_view>

#include "core/judge/alignment.h"
#include "core/judge/profile.h"
#include "core/judge/rarity.h"

namespace wonbon {

// 0 of nothing is 0.
inline double Share(double part, double whole) { return whole > 0 ? part / whole : 0; }

struct Features {
  // Distinct 5-unit shingles of the bodies.
  double jaccard = 0;
  double shorter_in_longer = 0;
  double longer_in_shorter = 0;
  // The longest stretch of letters and digits that stands in both.
  double longest_run = 0;        // share of the shorter text
  double longest_run_units = 0;  // natural logarithm of 1 + its length in units
  double in_one_piece = 0;  // share of the shorter text that stands in the longer in one piece
  double order_kept = 0;         // share of what is shared that comes in the same order in both
  // Position: what begins the texts.
  double longer_lead = 0;  // share of the longer text's first 80 units found in the shorter one
  double both_leads = 0;   // share of the shorter one's lead found in the longer one's beginning
  // What the longer text has more.
  double longer_gap = 0;      // its longest stretch that the shorter one lacks, share of the text
  double longer_missing = 0;  // share of its 50-unit stretches of which next to nothing is shared
  double longer_pieces = 0;   // share of its 3-unit pieces that the shorter one has anywhere
  double longer_rest_known = 0;  // the same in the part that shares no shingle
  double longer_news = 0;        // natural logarithm of 1 + pieces that the shorter one lacks
  double longer_lead_news = 0;   // share of its lead's pieces that the shorter one lacks
  // Numbers of the bodies and the headlines (see numbers.h).
  double numbers_shorter_kept = 0;  // share of the shorter one's numbers that the longer one has
  double numbers_longer_kept = 0;
  double numbers_conflict = 0;         // share of the comparable numbers that differ
  double numbers_conflict_weight = 0;  // natural logarithm of 1 + their weight, of the lighter side
  double numbers_places = 0;         // numbers beside whose letters both have one, the fewer
  double numbers_places_differ = 0;  // share of these places where the number is another
  double title_numbers_conflict = 0;
  // Headlines.
  double title_jaccard = 0;      // of their 2-unit pieces
  double title_containment = 0;  // of the one with fewer pieces
  double title_equal = 0;
  double title_missing = 0;
  double longer_title_news = 0;    // pieces of it that its own text has and the shorter one lacks
  double title_in_other_body = 0;  // a headline stands in the other's body, not in its own
  double title_other_numbers = 0;  // the headlines differ in their numbers and in nothing else
  // Stages of an affair that the headlines name (see headline.h).
  double title_stages_agree = 0;   // (1 + stages of both) / (1 + stages of either)
  double title_stages_differ = 0;  // both name stages, and none in common
  double new_case_stage = 0;  // the later one names a stage of a case that is new to the earlier
  // Facts that each of the two has to itself: of the side that has fewer.
  double own_title_pieces = 0;  // 2-unit pieces of its headline and text, nowhere in the other one
  double own_lead_pieces = 0;   // share of its lead's 3-unit pieces, nowhere in the other text
  double other_day = 0;         // both leads name days of a month, none that the other text names
  double both_notices = 0;      // neither text says anything of its headline (Profile::is_notice)
  double own_update = 0;      // one publisher, and one headline is marked as an update (종합)
  double both_captions = 0;   // two photo captions
  // Where and when.
  double same_publisher = 0;
  double same_url = 0;    // one article url, and not two publishers
  double days_apart = 0;  // natural logarithm of 1 + days; 1 day if unknown
  // Lengths, in distinct shingles.
  double length_ratio = 0;    // natural logarithm of longer / shorter
  double shorter_length = 0;  // natural logarithm of shorter / 300
  // Each shingle weighted by its rarity (see alignment.h): what a link is named by. Measured where
  // the two are not the same article, and no further than the answer needs; whether they are must
  // not depend on which other documents there are.
  double longest_run_rarity = 0;      // of the longest run, natural logarithm of 1 + its weight
  double rare_shorter_in_longer = 0;  // share of the shorter text
};

// Name and place of every feature, in the order of the struct.
struct FeatureField {
  std::string_view name;
  double Features::*value;
};
inline constexpr std::array kFeatureFields = {
    FeatureField{"jaccard", &Features::jaccard},
    FeatureField{"shorter_in_longer", &Features::shorter_in_longer},
    FeatureField{"longer_in_shorter", &Features::longer_in_shorter},
    FeatureField{"longest_run", &Features::longest_run},
    FeatureField{"longest_run_units", &Features::longest_run_units},
    FeatureField{"in_one_piece", &Features::in_one_piece},
    FeatureField{"order_kept", &Features::order_kept},
    FeatureField{"longer_lead", &Features::longer_lead},
    FeatureField{"both_leads", &Features::both_leads},
    FeatureField{"longer_gap", &Features::longer_gap},
    FeatureField{"longer_missing", &Features::longer_missing},
    FeatureField{"longer_pieces", &Features::longer_pieces},
    FeatureField{"longer_rest_known", &Features::longer_rest_known},
    FeatureField{"longer_news", &Features::longer_news},
    FeatureField{"longer_lead_news", &Features::longer_lead_news},
    FeatureField{"numbers_shorter_kept", &Features::numbers_shorter_kept},
    FeatureField{"numbers_longer_kept", &Features::numbers_longer_kept},
    FeatureField{"numbers_conflict", &Features::numbers_conflict},
    FeatureField{"numbers_conflict_weight", &Features::numbers_conflict_weight},
    FeatureField{"numbers_places", &Features::numbers_places},
    FeatureField{"numbers_places_differ", &Features::numbers_places_differ},
    FeatureField{"title_numbers_conflict", &Features::title_numbers_conflict},
    FeatureField{"title_jaccard", &Features::title_jaccard},
    FeatureField{"title_containment", &Features::title_containment},
    FeatureField{"title_equal", &Features::title_equal},
    FeatureField{"title_missing", &Features::title_missing},
    FeatureField{"longer_title_news", &Features::longer_title_news},
    FeatureField{"title_in_other_body", &Features::title_in_other_body},
    FeatureField{"title_other_numbers", &Features::title_other_numbers},
    FeatureField{"title_stages_agree", &Features::title_stages_agree},
    FeatureField{"title_stages_differ", &Features::title_stages_differ},
    FeatureField{"new_case_stage", &Features::new_case_stage},
    FeatureField{"own_title_pieces", &Features::own_title_pieces},
    FeatureField{"own_lead_pieces", &Features::own_lead_pieces},
    FeatureField{"other_day", &Features::other_day},
    FeatureField{"both_notices", &Features::both_notices},
    FeatureField{"own_update", &Features::own_update},
    FeatureField{"both_captions", &Features::both_captions},
    FeatureField{"same_publisher", &Features::same_publisher},
    FeatureField{"same_url", &Features::same_url},
    FeatureField{"days_apart", &Features::days_apart},
    FeatureField{"length_ratio", &Features::length_ratio},
    FeatureField{"shorter_length", &Features::shorter_length},
    FeatureField{"longest_run_rarity", &Features::longest_run_rarity},
    FeatureField{"rare_shorter_in_longer", &Features::rare_shorter_in_longer},
};

// Measured in four steps, the dearer ones only where the judge wants to know. Each fills the
// features named and leaves the others.
// REQUIRES: `longer` has not fewer distinct shingles than `shorter`. `overlap` is that of the two,
// `run` their LongestRun.
//
// jaccard, containments, runs, same_url.
void MeasureShared(const Profile& shorter, const Profile& longer, const Overlap& overlap,
                   const Passage& run, Features& out);
// All the others but for rarity.
void MeasureRest(const Profile& shorter, const Profile& longer, const Overlap& overlap,
                 Features& out);
// longest_run_rarity: as far as it is more than `enough`, no more of it is weighed.
void MeasureRunRarity(const Profile& shorter, const Passage& run, const Rarity& rarity,
                      double enough, Features& out);
// rare_shorter_in_longer.
void MeasureRarity(const Profile& shorter, const Profile& longer, const Rarity& rarity,
                   Features& out);

}  // namespace wonbon
