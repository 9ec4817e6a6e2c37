#include "client/import/key_counts.h"

#include <gmock/gmock.h>

#include "client/limits.h"

namespace wonbon::client {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// A line with these keys, all of which became labels.
void AddLine(const std::vector<std::string>& keys, KeyCounts* counts,
             const v1::Document& document = {}) {
  ArticleLineNotes notes;
  notes.labels = keys;
  counts->Add(notes, document);
}

TEST(KeyCountsTest, KeysAreCountedByName) {
  KeyCounts counts;
  AddLine({"a", "b"}, &counts);
  AddLine({"a"}, &counts);
  EXPECT_EQ(counts.labels().at("a"), 2u);
  EXPECT_EQ(counts.labels().at("b"), 1u);
  EXPECT_EQ(Total(counts.labels()), 3u);
  EXPECT_THAT(counts.left_out(), IsEmpty());
  EXPECT_EQ(counts.SuggestedMap(), "");
}

TEST(KeyCountsTest, ManyKeysCountTogether) {
  KeyCounts counts;
  for (int i = 0; i < 100; ++i) AddLine({"key" + std::to_string(i)}, &counts);
  AddLine({"key0"}, &counts);
  EXPECT_THAT(counts.labels(), SizeIs(kMaxNamedKeys + 1));
  EXPECT_EQ(counts.labels().at("key0"), 2u);
  EXPECT_EQ(Total(counts.labels()), 101u);
}

TEST(KeyCountsTest, WhatFieldsAreCalledElsewhereIsSuggested) {
  const struct {
    std::vector<std::string> keys;
    const char* map;
  } cases[] = {
      {{"news_id", "제목", "text", "link", "언론사", "pubDate", "기자", "카테고리"},
       "id=news_id,title=제목,body=text,publisher=언론사,url=link,published_at=pubDate,"
       "byline=기자,section=카테고리"},
      {{"Article-Id", "HEADLINE", "본문"}, "id=Article-Id,title=HEADLINE,body=본문"},
      {{"content", "text"}, "body=text"},
      {{"extra", "views"}, ""},
      {{"te,xt"}, ""}};
  for (const auto& c : cases) {
    KeyCounts counts;
    AddLine(c.keys, &counts);
    EXPECT_EQ(counts.SuggestedMap(), c.map);
    ArticleLineFormat format;
    std::string_view map = c.map;
    while (!map.empty()) {
      const size_t comma = std::min(map.find(','), map.size());
      EXPECT_TRUE(AddMapping(map.substr(0, comma), &format).ok()) << map;
      map.remove_prefix(std::min(comma + 1, map.size()));
    }
  }
}

TEST(KeyCountsTest, AFieldThatSomeLineHasNeedsNoOtherKey) {
  KeyCounts counts;
  v1::Document document;
  document.set_body("글");
  AddLine({"text", "link"}, &counts, document);
  AddLine({"text"}, &counts);
  EXPECT_EQ(counts.SuggestedMap(), "url=link");
}

TEST(KeyCountsTest, AKeyWithoutRoomMayBeAField) {
  KeyCounts counts;
  ArticleLineNotes notes;
  notes.left_out = {"text"};
  counts.Add(notes, {});
  EXPECT_EQ(counts.SuggestedMap(), "body=text");
}

}  // namespace
}  // namespace wonbon::client
