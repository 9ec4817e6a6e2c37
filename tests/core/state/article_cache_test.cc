#include "core/state/article_cache.h"

#include <gtest/gtest.h>

#include <utility>

namespace wonbon {
namespace {

// Numbers that are equal modulo this share a part of the cache, and so its share of the bytes.
constexpr uint64_t kPart = 16;

// About 10 KB.
std::shared_ptr<const PreparedDocument> PrepareDocument(uint64_t number) {
  auto prepared = std::make_shared<PreparedDocument>();
  prepared->number = static_cast<DocumentNumber>(number);
  prepared->profile.units.assign(5'000, u'가');
  return prepared;
}

size_t BytesOfOne() {
  ArticleCache cache(64 << 20);
  cache.Insert(PrepareDocument(1));
  return cache.bytes();
}

TEST(ArticleCacheTest, FindsWhatWasInsertedAndNothingElse) {
  ArticleCache cache(64 << 20);
  const std::shared_ptr<const PreparedDocument> prepared = PrepareDocument(3);
  cache.Insert(prepared);
  EXPECT_EQ(cache.Find(DocumentNumber{3}), prepared);
  EXPECT_EQ(cache.Find(DocumentNumber{3 + kPart}), nullptr);
}

TEST(ArticleCacheTest, TheFirstOfANumberStays) {
  ArticleCache cache(64 << 20);
  const std::shared_ptr<const PreparedDocument> first = PrepareDocument(3);
  cache.Insert(first);
  const size_t bytes = cache.bytes();
  cache.Insert(PrepareDocument(3));
  EXPECT_EQ(cache.Find(DocumentNumber{3}), first);
  EXPECT_EQ(cache.bytes(), bytes);
}

TEST(ArticleCacheTest, WhatWasUsedLeastLatelyGoesFirst) {
  ArticleCache cache(kPart * 2 * BytesOfOne());  // two in each part
  cache.Insert(PrepareDocument(kPart));
  cache.Insert(PrepareDocument(2 * kPart));
  EXPECT_NE(cache.Find(DocumentNumber{kPart}), nullptr);
  cache.Insert(PrepareDocument(3 * kPart));
  EXPECT_NE(cache.Find(DocumentNumber{kPart}), nullptr);
  EXPECT_EQ(cache.Find(DocumentNumber{2 * kPart}), nullptr);
  EXPECT_NE(cache.Find(DocumentNumber{3 * kPart}), nullptr);
}

TEST(ArticleCacheTest, NeverHoldsMoreThanItsBytes) {
  const size_t capacity = kPart * 2 * BytesOfOne();
  ArticleCache cache(capacity);
  for (uint64_t number = 1; number <= 200; ++number) {
    cache.Insert(PrepareDocument(number));
    EXPECT_LE(cache.bytes(), capacity);
  }
  EXPECT_GT(cache.bytes(), capacity / 2);
}

TEST(ArticleCacheTest, WhoHoldsAnArticleKeepsItWhenItIsPushedOut) {
  ArticleCache cache(kPart * BytesOfOne());
  cache.Insert(PrepareDocument(kPart));
  const std::shared_ptr<const PreparedDocument> held = cache.Find(DocumentNumber{kPart});
  cache.Insert(PrepareDocument(2 * kPart));
  EXPECT_EQ(cache.Find(DocumentNumber{kPart}), nullptr);
  ASSERT_NE(held, nullptr);
  EXPECT_EQ(held->number, DocumentNumber{kPart});
}

TEST(ArticleCacheTest, WithoutRoomNothingIsHeld) {
  ArticleCache cache(0);
  cache.Insert(PrepareDocument(1));
  EXPECT_EQ(cache.Find(DocumentNumber{1}), nullptr);
  EXPECT_EQ(cache.bytes(), 0u);
}

}  // namespace
}  // namespace wonbon
