#include "server/log.h"

#include <gtest/gtest.h>

#include <string>

#include "server/limits.h"

namespace wonbon::server {
namespace {

TEST(LogTest, ALineHasItsFieldsInTextAndInJson) {
  const std::string folder = "/srv/나의 자료";
  const LogFields fields = {{"data", folder}, {"documents", 12}, {"block", true}, {"caller", ""},
                            {"id", "a=\"1\"\n"}};
  EXPECT_EQ(LogLine(LogFormat::kText, "opened", fields),
            "opened data=\"/srv/나의 자료\" documents=12 block=true id=\"a=\\\"1\\\"\\u000a\"");
  EXPECT_EQ(LogLine(LogFormat::kJson, "say \"it\"", fields),
            R"("message":"say \"it\"","data":"/srv/나의 자료","documents":12,"block":true,)"
            R"("id":"a=\"1\"\u000a")");
}

TEST(LogTest, WhatComesOftenHasAFewLinesASecondAndTheNextSaysHowManyHadNone) {
  LineLimit lines;
  int logged = 0;
  for (int i = 0; i < 3 * kMaxSampledLines; ++i) logged += lines.Take().has_value() ? 1 : 0;
  // All within a second, unless the machine stood still.
  EXPECT_GE(logged, kMaxSampledLines);
  EXPECT_LT(logged, 3 * kMaxSampledLines);
  absl::SleepFor(absl::Milliseconds(1100));
  EXPECT_EQ(lines.Take(), 3 * kMaxSampledLines - logged);
}

}  // namespace
}  // namespace wonbon::server
