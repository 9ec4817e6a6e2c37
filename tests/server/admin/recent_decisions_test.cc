#include "server/admin/recent_decisions.h"

#include <gtest/gtest.h>

namespace wonbon::server {
namespace {

const MonotonicTime kStart{};

MonotonicTime After(int64_t minutes) { return kStart + std::chrono::minutes(minutes); }

Decision Of(Relation relation, Outcome outcome = Outcome::kCreated) {
  Decision decision;
  decision.relation = relation;
  decision.outcome = outcome;
  return decision;
}

TEST(RecentDecisionsTest, DuplicatesAreThoseThatJoined) {
  RecentDecisions recent(kStart);
  for (const Relation relation :
       {Relation::kUnique, Relation::kExact, Relation::kNear, Relation::kTemplate}) {
    recent.Count(Of(relation), After(1));
  }
  recent.Count(Of(Relation::kRevision, Outcome::kUpdated), After(1));
  recent.Count(Of(Relation::kExact, Outcome::kUnchanged), After(1));
  const RecentDecisions::LastDay day = recent.Read(After(30));
  EXPECT_EQ(day.decisions, 5);
  EXPECT_EQ(day.duplicates, 3);
  EXPECT_EQ(day.span, absl::Minutes(30));
}

TEST(RecentDecisionsTest, WhatIsOlderThanADayDoesNotCount) {
  RecentDecisions recent(kStart);
  for (int64_t hour = 0; hour < 60; ++hour) {
    recent.Count(Of(Relation::kNear), After(hour * 60 + 10));
    const RecentDecisions::LastDay day = recent.Read(After(hour * 60 + 20));
    EXPECT_EQ(day.decisions, static_cast<uint64_t>(std::min<int64_t>(hour + 1, 24)));
    EXPECT_EQ(day.span, absl::Minutes(std::min<int64_t>(hour, 23) * 60 + 20));
  }
  EXPECT_EQ(recent.Read(After(60 * 60)).decisions, 23);
  EXPECT_EQ(recent.Read(After(100 * 60)).decisions, 0);
}

}  // namespace
}  // namespace wonbon::server
