#include "core/judge/spans.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/core/judge/articles.h"

namespace wonbon {
namespace {

CanonicalText Text(std::string_view body) { return Canonicalize(body, {.with_source = true}); }

std::string_view Cut(std::string_view body, Span span) {
  return body.substr(span.begin, span.end - span.begin);
}

TEST(SpansTest, EqualTextsShareOneSpan) {
  const CanonicalText text = Text(kBridgeBody);
  const Spans spans = FindSpans(text, text);
  ASSERT_EQ(spans.shared.size(), 1u);
  EXPECT_EQ(spans.shared[0].a.begin, 0u);
  EXPECT_TRUE(spans.only_a.empty());
  EXPECT_TRUE(spans.only_b.empty());
}

TEST(SpansTest, OffsetsPointIntoTheSubmittedTexts) {
  const std::string other = Replaced(kBridgeBody, "다섯 차례", "스무 차례나");
  const Spans spans = FindSpans(Text(kBridgeBody), Text(other));
  ASSERT_EQ(spans.shared.size(), 2u);
  ASSERT_EQ(spans.only_a.size(), 1u);
  ASSERT_EQ(spans.only_b.size(), 1u);
  EXPECT_EQ(Cut(kBridgeBody, spans.only_a[0]), "다섯 차례");
  EXPECT_EQ(Cut(other, spans.only_b[0]), "스무 차례나");
}

TEST(SpansTest, SpacingDoesNotSplitASharedSpan) {
  const std::string squeezed = Replaced(kBridgeBody, " ", "");
  const Spans spans = FindSpans(Text(kBridgeBody), Text(squeezed));
  EXPECT_EQ(spans.shared.size(), 1u);
}

TEST(SpansTest, MovedPassagesAreFound) {
  const std::string moved = std::string(kOrchardBody) + "\n" + std::string(kBridgeBody);
  const std::string first = std::string(kBridgeBody) + "\n" + std::string(kOrchardBody);
  const Spans spans = FindSpans(Text(first), Text(moved));
  ASSERT_EQ(spans.shared.size(), 2u);
  EXPECT_LT(spans.shared[0].a.begin, spans.shared[1].a.begin);
  EXPECT_GT(spans.shared[0].b.begin, spans.shared[1].b.begin);
}

TEST(SpansTest, UnrelatedTextsShareNothing) {
  const Spans spans = FindSpans(Text(kBridgeBody), Text(kOrchardBody));
  EXPECT_TRUE(spans.shared.empty());
  ASSERT_EQ(spans.only_a.size(), 1u);
  EXPECT_EQ(spans.only_a[0].begin, 0u);
}

TEST(SpansTest, EmptyTextsHaveNoSpans) {
  const Spans spans = FindSpans(Text(""), Text(""));
  EXPECT_TRUE(spans.shared.empty() && spans.only_a.empty() && spans.only_b.empty());
}

TEST(SpansTest, OneSyllableRepeatedEndsInTime) {
  std::string body;
  for (int i = 0; i < 20'000; ++i) body += "가";
  EXPECT_EQ(FindSpans(Text(body), Text(body)).shared.size(), 1u);
}

}  // namespace
}  // namespace wonbon
