// What an editor would look at in a pair of articles, as numbers.
//
// The two documents are called the shorter and the longer one (by distinct shingles of the body, so
// that a page that holds its text twice is no longer than one that holds it once), so that the
// features do not depend on which was submitted first. All shares are 0 to 1. Pure functions,
// thread-safe.
#pragma once

#include <array>
#include <string_view>

#include "core/judge/profile.h"
#include "core/judge/rarity.h"

namespace wonbon {

struct Features {
  // Distinct 5-unit shingles of the bodies.
  double jaccard = 0;
  double shorter_in_longer = 0;
  double longer_in_shorter = 0;
  // The same, each shingle weighted by its rarity.
  double rare_jaccard = 0;
  double rare_shorter_in_longer = 0;
  double rare_longer_in_shorter = 0;
  // Runs: stretches that stand in both texts letter by letter.
  double longest_run = 0;        // share of the shorter text
  double longest_run_units = 0;  // natural logarithm of 1 + its letters
  double mean_run_units = 0;     // natural logarithm of 1 + letters a run
  double in_order = 0;           // share of runs that follow each other in both texts
  double shorter_gap = 0;        // longest stretch of the shorter text that the longer lacks
  double longer_gap = 0;         // and the reverse, as a share of the longer text
  // Position: what begins and ends the texts.
  double shorter_lead = 0;  // share of the shorter text's lead found in the longer text
  double longer_lead = 0;
  double both_leads = 0;  // share of the shorter text's lead found in the longer text's beginning
  double shorter_tail = 0;
  double longer_tail = 0;
  // The parts that differ: share of their 3-unit pieces which the other text has somewhere else.
  double shorter_rest_known = 0;
  double longer_rest_known = 0;
  double shorter_news = 0;  // natural logarithm of 1 + pieces that the other text lacks
  double longer_news = 0;
  double shorter_lead_news = 0;  // share of the lead's 3-unit pieces that the other text lacks
  double longer_lead_news = 0;
  // Share of all 3-unit pieces of a text that the other has, and share of its stretches of two
  // lines of which the other has next to nothing.
  double shorter_pieces = 0;
  double longer_pieces = 0;
  double shorter_missing = 0;
  double longer_missing = 0;
  // Numbers of the bodies and the headlines.
  double numbers_shared = 0;
  double numbers_shorter_kept = 0;
  double numbers_longer_kept = 0;
  double numbers_conflict = 0;
  double numbers_conflict_weight = 0;  // natural logarithm of 1 + weight
  double title_numbers_conflict = 0;
  // Headlines.
  double title_jaccard = 0;
  double title_containment = 0;
  double title_equal = 0;
  double title_words_shorter = 0;  // words of the shorter one's headline in the longer one's text
  double title_words_longer = 0;
  double title_in_other_body = 0;  // a headline stands in the other's body, not in its own
  double title_missing = 0;
  // What the headline stresses: 2-unit pieces of it that stand in its own text but not in the
  // other.
  double shorter_title_news = 0;
  double longer_title_news = 0;
  // Where and when.
  double same_publisher = 0;
  double same_url = 0;
  double days_apart = 0;  // natural logarithm of 1 + days; 1 day if unknown
  double same_day = 0;    // less than 24 h apart
  // Lengths.
  double length_ratio = 0;    // natural logarithm of longer/shorter
  double shorter_length = 0;  // natural logarithm of shingles / 300
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
    FeatureField{"rare_jaccard", &Features::rare_jaccard},
    FeatureField{"rare_shorter_in_longer", &Features::rare_shorter_in_longer},
    FeatureField{"rare_longer_in_shorter", &Features::rare_longer_in_shorter},
    FeatureField{"longest_run", &Features::longest_run},
    FeatureField{"longest_run_units", &Features::longest_run_units},
    FeatureField{"mean_run_units", &Features::mean_run_units},
    FeatureField{"in_order", &Features::in_order},
    FeatureField{"shorter_gap", &Features::shorter_gap},
    FeatureField{"longer_gap", &Features::longer_gap},
    FeatureField{"shorter_lead", &Features::shorter_lead},
    FeatureField{"longer_lead", &Features::longer_lead},
    FeatureField{"both_leads", &Features::both_leads},
    FeatureField{"shorter_tail", &Features::shorter_tail},
    FeatureField{"longer_tail", &Features::longer_tail},
    FeatureField{"shorter_rest_known", &Features::shorter_rest_known},
    FeatureField{"longer_rest_known", &Features::longer_rest_known},
    FeatureField{"shorter_news", &Features::shorter_news},
    FeatureField{"longer_news", &Features::longer_news},
    FeatureField{"shorter_lead_news", &Features::shorter_lead_news},
    FeatureField{"longer_lead_news", &Features::longer_lead_news},
    FeatureField{"shorter_pieces", &Features::shorter_pieces},
    FeatureField{"longer_pieces", &Features::longer_pieces},
    FeatureField{"shorter_missing", &Features::shorter_missing},
    FeatureField{"longer_missing", &Features::longer_missing},
    FeatureField{"numbers_shared", &Features::numbers_shared},
    FeatureField{"numbers_shorter_kept", &Features::numbers_shorter_kept},
    FeatureField{"numbers_longer_kept", &Features::numbers_longer_kept},
    FeatureField{"numbers_conflict", &Features::numbers_conflict},
    FeatureField{"numbers_conflict_weight", &Features::numbers_conflict_weight},
    FeatureField{"title_numbers_conflict", &Features::title_numbers_conflict},
    FeatureField{"title_jaccard", &Features::title_jaccard},
    FeatureField{"title_containment", &Features::title_containment},
    FeatureField{"title_equal", &Features::title_equal},
    FeatureField{"title_words_shorter", &Features::title_words_shorter},
    FeatureField{"title_words_longer", &Features::title_words_longer},
    FeatureField{"title_in_other_body", &Features::title_in_other_body},
    FeatureField{"title_missing", &Features::title_missing},
    FeatureField{"shorter_title_news", &Features::shorter_title_news},
    FeatureField{"longer_title_news", &Features::longer_title_news},
    FeatureField{"same_publisher", &Features::same_publisher},
    FeatureField{"same_url", &Features::same_url},
    FeatureField{"days_apart", &Features::days_apart},
    FeatureField{"same_day", &Features::same_day},
    FeatureField{"length_ratio", &Features::length_ratio},
    FeatureField{"shorter_length", &Features::shorter_length},
};

// REQUIRES: `longer` has not fewer distinct shingles than `shorter`.
Features Measure(const Profile& shorter, const Profile& longer, const Rarity& rarity);

}  // namespace wonbon
