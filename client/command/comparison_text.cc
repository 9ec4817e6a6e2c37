#include "client/command/comparison_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "client/command/decision_text.h"
#include "client/command/json.h"
#include "client/command/table.h"

namespace wonbon::client {
namespace {

// Less is printed as 0.
constexpr double kLeastContribution = 0.0005;
// What is named on either side of the sentence.
constexpr size_t kReasonsNamed = 2;

struct Meaning {
  std::string_view name;
  std::string_view text;
};

// Rules that decide by themselves; the server's list is in its judge.
constexpr Meaning kRules[] = {
    {"same_text", "Both texts are the same, letter for letter and number for number."},
    {"notice", "A notice in place of an article: neither headline is about this text."},
    {"short_text", "Too short to judge by: such texts count as one article only if text and "
                   "headline are the same."},
    {"revision", "One page, told anew within a day."},
    {"version", "One publisher's next version of its own story."},
    {"nothing_shared", "The texts have next to nothing in common."},
    {"other_numbers", "The same sentences with other numbers: one form, other facts."},
    {"serial_headline", "The headlines differ in their numbers alone: issues of a series."},
    {"caption_other_moment", "Two photo captions that differ in headline and text."},
    {"short_other_headline", "Short items of one publisher under different headlines."},
    {"short_other_day", "Short items of one publisher, days apart."},
    {"other_day", "One form, told of another day."},
    {"other_names", "One form: each headline names what its own text alone knows."},
    {"url_reused", "One address, but another text, and another day."},
    {"next_stage", "The later headline announces the next stage of the case."},
    {"round_up", "One stands in the other, among other items."},
    {"cut_copy", "The whole of one stands in the other, under the same headline and lead."},
    {"little_shared", "Much else fits, but the texts have too little in common for one article."},
};

// What a feature is about, by the beginning of its name; the first that fits.
constexpr Meaning kSubjects[] = {
    {"numbers_", "the numbers"},
    {"title_numbers", "the numbers of the headlines"},
    {"title_other_numbers", "the numbers of the headlines"},
    {"title_stages", "the stage of the story"},
    {"new_case_stage", "the stage of the story"},
    {"own_update", "the stage of the story"},
    {"own_title_pieces", "the headlines"},
    {"own_lead_pieces", "how they begin"},
    {"both_notices", "the headlines"},
    {"other_day", "the days they name"},
    {"title_", "the headlines"},
    {"longer_title", "the headlines"},
    {"longer_lead", "how they begin"},
    {"both_leads", "how they begin"},
    {"longer_in_shorter", "the wording in common"},
    {"longer_", "what the longer one adds"},
    {"jaccard", "the wording in common"},
    {"shorter_in_longer", "the wording in common"},
    {"rare_", "the wording in common"},
    {"longest_run", "the wording in common"},
    {"in_one_piece", "the wording in common"},
    {"order_kept", "the wording in common"},
    {"both_captions", "that both are photo captions"},
    {"same_publisher", "the publishers"},
    {"same_url", "the addresses"},
    {"days_apart", "the time between them"},
    {"length_ratio", "their lengths"},
    {"shorter_length", "their lengths"},
};

std::string_view SubjectOf(std::string_view feature) {
  for (const Meaning& subject : kSubjects) {
    if (feature.starts_with(subject.name)) return subject.text;
  }
  return feature;
}

// "the numbers and the headlines"
std::string Listed(const std::vector<std::pair<double, std::string_view>>& reasons) {
  std::string text;
  for (size_t i = 0; i < std::min(reasons.size(), kReasonsNamed); ++i) {
    if (i > 0) text += " and ";
    text += reasons[i].second;
  }
  return text;
}

// Features of one subject speak together, because many of them say nearly the same.
std::string WhatWeighedMost(const v1::CompareResponse& comparison) {
  std::vector<std::pair<double, std::string_view>> sums;
  for (const v1::Feature& feature : comparison.features()) {
    const std::string_view subject = SubjectOf(feature.name());
    const auto known = std::find_if(sums.begin(), sums.end(),
                                    [&](const auto& sum) { return sum.second == subject; });
    if (known == sums.end()) {
      sums.emplace_back(feature.contribution(), subject);
    } else {
      known->first += feature.contribution();
    }
  }
  std::stable_sort(sums.begin(), sums.end(), [](const auto& x, const auto& y) {
    return std::abs(x.first) > std::abs(y.first);
  });
  // With the answer, and against it.
  std::vector<std::pair<double, std::string_view>> with;
  std::vector<std::pair<double, std::string_view>> against;
  for (const auto& sum : sums) {
    if (std::abs(sum.first) < kLeastContribution) continue;
    ((sum.first > 0) == comparison.same_article() ? with : against).push_back(sum);
  }
  std::string text = comparison.same_article() ? "For one article" : "Against one article";
  text += with.empty() ? " nothing speaks alone" : ": " + Listed(with);
  if (!against.empty()) {
    text += (comparison.same_article() ? "; against it: " : "; for it: ") + Listed(against);
  }
  return text + ".";
}

}  // namespace

std::string Why(const v1::CompareResponse& comparison) {
  if (comparison.rule() == "model") return WhatWeighedMost(comparison);
  for (const Meaning& rule : kRules) {
    if (comparison.rule() == rule.name) return std::string(rule.text);
  }
  return "Decided by the rule " + comparison.rule() + ".";  // of a newer server
}

void PrintComparison(std::ostream& out, const std::string& a, const std::string& b,
                     const v1::CompareResponse& comparison, bool all_features) {
  PrintLine(out, "a", a);
  PrintLine(out, "b", b);
  PrintLine(out, "relation",
            BareName(comparison.relation()) +
                (comparison.same_article() ? "  (the same article)" : "  (not the same article)"));
  PrintLine(out, "why", Why(comparison));
  PrintLine(out, "score", Percent(comparison.score()));
  PrintLine(out, "jaccard", Percent(comparison.jaccard()));
  PrintLine(out, "a in b", Percent(comparison.containment()));
  PrintLine(out, "b in a", Percent(comparison.containment_in()));
  PrintLine(out, "rule",
            comparison.rule() + "  (model " + std::to_string(comparison.model_version()) + ")");
  std::vector<const v1::Feature*> features;
  for (const v1::Feature& feature : comparison.features()) {
    if (all_features || std::abs(feature.contribution()) >= kLeastContribution) {
      features.push_back(&feature);
    }
  }
  if (features.empty()) return;
  std::stable_sort(features.begin(), features.end(),
                   [](const v1::Feature* x, const v1::Feature* y) {
                     return std::abs(x->contribution()) > std::abs(y->contribution());
                   });
  out << '\n';
  Table table({"feature", "value", "adds to the log-odds"});
  for (const v1::Feature* feature : features) {
    char value[32];
    char contribution[32];
    std::snprintf(value, sizeof value, "%.4g", feature->value());
    std::snprintf(contribution, sizeof contribution, "%+.3f", feature->contribution());
    table.AddRow({feature->name(), value, contribution});
  }
  table.Print(out, 0);  // names and numbers: narrow
}

}  // namespace wonbon::client
