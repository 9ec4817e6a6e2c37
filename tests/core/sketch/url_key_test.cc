#include "core/sketch/url_key.h"

#include <gtest/gtest.h>

namespace wonbon {
namespace {

TEST(UrlKeyTest, SpellingsOfOneAddressFoldAlike) {
  const std::string folded = "news.example.kr/View.php?ud=20240101&mod=news";
  for (const char* url : {
           "https://news.example.kr/View.php?ud=20240101&mod=news",
           "http://news.example.kr/View.php?ud=20240101&mod=news",
           "//news.example.kr/View.php?ud=20240101&mod=news",
           "news.example.kr/View.php?ud=20240101&mod=news",
           "HTTPS://News.Example.KR/View.php?ud=20240101&mod=news",
           "https://www.news.example.kr/View.php?ud=20240101&mod=news",
           "https://m.news.example.kr/View.php?ud=20240101&mod=news",
           "https://news.example.kr:443/View.php?ud=20240101&mod=news",
           "http://news.example.kr:80/View.php/?ud=20240101&mod=news",
           " https://news.example.kr/View.php?ud=20240101&mod=news#comments\n",
       }) {
    EXPECT_EQ(FoldUrl(url), folded) << url;
  }
}

TEST(UrlKeyTest, WhatTellsArticlesApartIsKept) {
  for (const auto& [a, b] : {
           std::pair("http://a.kr/view?id=1", "http://a.kr/view?id=2"),
           std::pair("http://a.kr/view?id=1", "http://a.kr/view"),
           std::pair("http://a.kr/aBc", "http://a.kr/abc"),
           std::pair("http://a.kr/1", "http://b.kr/1"),
           std::pair("http://a.kr:8080/1", "http://a.kr/1"),
           std::pair("http://a.kr/#!/1", "http://a.kr/#!/2"),
           std::pair("http://a.kr/#/1", "http://a.kr/#/2"),
           std::pair("http://m.kr/1", "http://kr/1"),
           std::pair("ftp://a.kr/1", "http://a.kr/1"),
       }) {
    EXPECT_NE(FoldUrl(a), FoldUrl(b)) << a << ' ' << b;
  }
}

TEST(UrlKeyTest, AUrlWithoutAnArticleIsNone) {
  for (const char* url :
       {"", "  ", "https://www.example.kr", "https://www.example.kr/", "http://example.kr/?",
        "http://example.kr/#top", "https://", "/", "#", "?"}) {
    EXPECT_EQ(FoldUrl(url), "") << url;
  }
}

TEST(UrlKeyTest, AUrlInAQueryIsNoScheme) {
  EXPECT_EQ(FoldUrl("a.kr/go?to=http://B.kr/"), "a.kr/go?to=http://B.kr/");
}

TEST(UrlKeyTest, PublishersFoldWithoutSpacesAndCase) {
  EXPECT_EQ(FoldPublisher(" KBS 뉴스 "), "kbs뉴스");
  EXPECT_EQ(FoldPublisher(""), "");
}

}  // namespace
}  // namespace wonbon
