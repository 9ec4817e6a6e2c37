// What `wonbon compare` says to a reader.
#include "client/command/comparison_text.h"

#include <gmock/gmock.h>

#include <sstream>

#include "core/judge/features.h"
#include "core/judge/judge.h"

namespace wonbon::client {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

void AddFeature(const std::string& name, double contribution, v1::CompareResponse* comparison) {
  v1::Feature* feature = comparison->add_features();
  feature->set_name(name);
  feature->set_value(0.5);
  feature->set_contribution(contribution);
}

v1::CompareResponse ByTheModel(bool same_article) {
  v1::CompareResponse comparison;
  comparison.set_rule("model");
  comparison.set_same_article(same_article);
  return comparison;
}

TEST(ComparisonTextTest, EveryRuleHasItsSentence) {
  for (int i = 0; i <= static_cast<int>(Rule::kModel); ++i) {
    const std::string rule(Name(static_cast<Rule>(i)));
    v1::CompareResponse comparison;
    comparison.set_rule(rule);
    EXPECT_THAT(Why(comparison), Not(HasSubstr("Decided by"))) << rule;
  }
  v1::CompareResponse comparison;
  comparison.set_rule("of_tomorrow");
  EXPECT_EQ(Why(comparison), "Decided by the rule of_tomorrow.");
}

TEST(ComparisonTextTest, EveryFeatureIsAboutSomething) {
  for (const FeatureField& field : kFeatureFields) {
    v1::CompareResponse comparison = ByTheModel(true);
    AddFeature(std::string(field.name), 1, &comparison);
    EXPECT_THAT(Why(comparison), Not(HasSubstr(std::string(field.name)))) << field.name;
  }
}

TEST(ComparisonTextTest, TheModelsSentenceNamesWhatWeighedMost) {
  v1::CompareResponse comparison = ByTheModel(true);
  AddFeature("jaccard", 1, &comparison);
  AddFeature("longest_run", 2, &comparison);
  AddFeature("numbers_conflict", -2.5, &comparison);
  AddFeature("title_jaccard", 4, &comparison);
  AddFeature("days_apart", 0.2, &comparison);
  EXPECT_EQ(Why(comparison),
            "For one article: the headlines and the wording in common; against it: the numbers.");
  comparison.set_same_article(false);
  EXPECT_EQ(Why(comparison),
            "Against one article: the numbers; for it: the headlines and the wording in common.");
}

TEST(ComparisonTextTest, TheStrongestFeatureStandsFirstAndWhatAddedNothingIsLeftOut) {
  v1::CompareResponse comparison = ByTheModel(true);
  AddFeature("jaccard", 0.5, &comparison);
  AddFeature("same_url", 0, &comparison);
  AddFeature("numbers_conflict", -2, &comparison);
  std::ostringstream out;
  PrintComparison(out, "x", "y", comparison, /*all_features=*/false);
  EXPECT_THAT(out.str(),
              AllOf(HasSubstr("why         For one article"), Not(HasSubstr("same_url"))));
  EXPECT_LT(out.str().find("numbers_conflict"), out.str().rfind("jaccard"));
  std::ostringstream all;
  PrintComparison(all, "x", "y", comparison, /*all_features=*/true);
  EXPECT_THAT(all.str(), HasSubstr("same_url"));
}

}  // namespace
}  // namespace wonbon::client
