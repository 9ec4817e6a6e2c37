#include "core/identity/article_url.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/identity/tracking_parameters.h"

namespace wonbon {
namespace {

struct Address {
  std::string folded;
  std::vector<std::string> spellings;
};

void ExpectToFoldAlike(const Address& address) {
  for (const std::string& spelling : address.spellings) {
    EXPECT_EQ(FoldArticleUrl(spelling), address.folded) << spelling;
  }
}

TEST(ArticleUrlTest, SpellingsOfAnAddressWithParametersFoldAlike) {
  ExpectToFoldAlike(
      {"news.example.kr/View.php?mod=news&ud=20240101",
       {"https://news.example.kr/View.php?ud=20240101&mod=news",
        "http://news.example.kr/View.php?ud=20240101&mod=news",
        "//news.example.kr/View.php?ud=20240101&mod=news",
        "news.example.kr/View.php?ud=20240101&mod=news",
        "HTTPS://News.Example.KR/View.php?mod=news&ud=20240101",
        "https://www.news.example.kr/View.php?ud=20240101&mod=news",
        "https://m.news.example.kr/View.php?ud=20240101&mod=news",
        "https://mobile.news.example.kr/View.php?ud=20240101&mod=news",
        "https://amp.news.example.kr/View.php?ud=20240101&mod=news",
        "https://www.m.news.example.kr/View.php?ud=20240101&mod=news",
        "https://news.example.kr./View.php?ud=20240101&mod=news",
        "https://news.example.kr:443/View.php?ud=20240101&mod=news",
        "https://news.example.kr:/View.php?ud=20240101&mod=news",
        "https://reader@news.example.kr/View.php?ud=20240101&mod=news",
        "http://news.example.kr:80/View.php/?ud=20240101&mod=news",
        "https://news.example.kr//View.php?ud=20240101&mod=news",
        "https://news.example.kr/./old/../View.php?ud=20240101&mod=news",
        "https://news.example.kr/View.php;jsessionid=A1B2?ud=20240101&mod=news",
        "https://news.example.kr/View.php?ud=20240101&amp;mod=news",
        "https://news.example.kr/View.php?ud=20240101&amp;amp;mod=news",
        "https://news.example.kr/View.php?ud=20240101&#038;mod=news",
        "https://news.example.kr/View.php?ud=20240101&&mod=news&",
        "https://news.example.kr/View.php?ud=20240101&mod=news&page=",
        "https://news.example.kr/View.php?ud=20240101&mod=news&ud=20240101",
        "https://news.example.kr/V%69ew.php?%75d=2024%30101&mod=news",
        "https://news.example.kr/View.php?utm_source=a&ud=20240101&utm_medium=b&mod=news",
        "https://news.example.kr/View.php?ud=20240101&mod=news&fbclid=IwAR0abc",
        "https://news.example.kr/View.php?ud=20240101&mod=news&GCLID=x_1",
        "https://news.example.kr/View.php?ud=20240101&mod=news&amp=1",
        "https://news.example.kr/View.php?ud=20240101&mod=news&amp",
        "https://news.example.kr/View.php?ud=20240101&mod=news&outputType=amp",
        "https://news.example.kr/amp/View.php?ud=20240101&mod=news",
        " https://news.example.kr/View.php?ud=20240101&mod=news#comments\n"}});
  EXPECT_EQ(FoldArticleUrl("http://garam.example/s?q=a+b%2bc&id=3"),
            FoldArticleUrl("http://garam.example/s?id=3&q=a%20b%2Bc"));
}

TEST(ArticleUrlTest, SpellingsOfOneAddressFoldAlike) {
  const Address addresses[] = {
      {"garam.example/articleView.html?idxno=77",
       {"https://www.garam.example/articleView.html?idxno=77",
        "https://garam.example/articleViewAmp.html?idxno=77",
        "https://garam.example/articleView_amp.html?idxno=77",
        "https://garam.example/articleView.amp.html?idxno=77",
        "https://amp.garam.example/articleView.html?idxno=77#:~:text=x"}},
      {"garam.example/news/2024/77",
       {"https://garam.example/news/2024/77/", "https://garam.example/news/2024/77/amp",
        "https://garam.example/news/2024/77/amp/", "https://garam.example/amp/news/2024/77",
        "https://garam.example/news/2024/77.amp", "https://garam.example/news/2024/77/index.html",
        "https://garam.example/news/2024/77?utm_campaign=push",
        "https://garam.example/news/2024/77#/", "https://garam.example/news/2024/77?"}},
      {"garam.example/글/불-끄러-간-사람들",
       {"https://garam.example/글/불-끄러-간-사람들",
        "https://garam.example/%EA%B8%80/%EB%B6%88-%EB%81%84%EB%9F%AC-%EA%B0%84-%EC%82%AC%EB%9E%8C"
        "%EB%93%A4",
        "https://garam.example/%ea%b8%80/불-끄러-간-사람들",
        // Decomposed, as some systems write file names.
        "https://garam.example/"
        "\u1100\u1173\u11af/\u1107\u116e\u11af-\u1101\u1173\u1105\u1165-\u1100\u1161\u11ab-"
        "\u1109\u1161\u1105\u1161\u11b7\u1103\u1173\u11af"}},
      {"xn--3e0b707e.example/5", {"https://한국.example/5", "https://XN--3E0B707E.example/5",
                                  "https://%ED%95%9C%EA%B5%AD.example/5",
                                  "https://www.한국。example/5"}},
      {"garam.example#/news/7",
       {"https://garam.example/#/news/7", "https://garam.example/#!/news/7",
        "https://garam.example/index.html#/news/7/", "https://garam.example/?utm_id=1#/news/7"}},
  };
  for (const Address& address : addresses) ExpectToFoldAlike(address);
}

TEST(ArticleUrlTest, WhatTellsArticlesApartIsKept) {
  for (const auto& [a, b] : {
           std::pair("http://a.kr/view?id=1", "http://a.kr/view?id=2"),
           std::pair("http://a.kr/view?id=1", "http://a.kr/view?no=1"),
           std::pair("http://a.kr/view.php?ud=2000&from=main",
                     "http://a.kr/view.php?ud=2001&from=main"),
           std::pair("http://a.kr/?p=12", "http://a.kr/?p=13"),
           std::pair("http://a.kr/?12", "http://a.kr/?13"),
           std::pair("http://a.kr/aBc1", "http://a.kr/abc1"),
           std::pair("http://a.kr/1", "http://b.kr/1"),
           std::pair("http://a.kr/1/2", "http://a.kr/12"),
           std::pair("http://a.kr/1%2F2", "http://a.kr/1/2"),
           std::pair("http://a.kr/1?a=1%262", "http://a.kr/1?a=1&2"),
           std::pair("http://a.kr:8080/1", "http://a.kr/1"),
           std::pair("http://a.kr/#!/1", "http://a.kr/#!/2"),
           std::pair("http://a.kr/#/news/1", "http://a.kr/#/news/2"),
           std::pair("http://a.kr/#/news?id=1", "http://a.kr/#/news?id=2"),
           std::pair("http://m.kr/1", "http://kr/1"),
           std::pair("http://m.co.kr/1", "http://amp.co.kr/1"),
           std::pair("http://a.kr/bootcamp/1", "http://a.kr/bootc/1"),
           std::pair("http://a.kr/1/stamp", "http://a.kr/1/st"),
           std::pair("ftp://a.kr/1", "http://a.kr/1"),
           std::pair("http://a.kr/%B0%A11", "http://a.kr/%B0%A21"),
       }) {
    EXPECT_NE(FoldArticleUrl(a), FoldArticleUrl(b)) << a << ' ' << b;
  }
}

TEST(ArticleUrlTest, AUrlWithoutAnArticleIsNone) {
  for (const char* url :
       {"", "  ", "-", "null", "about:blank", "javascript:void(0)", "https://", "/", "#", "?", "/7",
        "https://www.example.kr", "https://www.example.kr/", "http://example.kr/?",
        "http://example.kr/#top", "http://example.kr/#/", "http://example.kr/#!/",
        "http://example.kr/index.html", "http://example.kr/index.php?", "http://m.example.kr//",
        "http://example.kr/?utm_source=a1&fbclid=2", "http://example.kr/amp/",
        "http://example.kr/main", "http://example.kr/news/",
        "http://example.kr/news/society?page=2",
        "http://example.kr/politics/assembly", "http://example.kr/#/news",
        "http://example.kr/news/articleList.html?sc_section_code=S1N1",
        "http://example.kr/list.php?cate=3", "http://example.kr/사회/",
        "https://h20.example/news"}) {
    EXPECT_EQ(FoldArticleUrl(url), "") << url;
  }
}

TEST(ArticleUrlTest, ArticlesAreNamedByNumbersAndBySlugs) {
  for (const char* url :
       {"http://a.kr/7", "http://a.kr/news/7", "http://a.kr/?idxno=7", "http://a.kr/view?AKR7",
        "http://a.kr/flood-warning-lifted-in-busan", "http://a.kr/entry/불-끄러-간-사람들",
        "http://a.kr/#/7", "http://a.kr/news?page=2&no=3", "app://a.kr/7"}) {
    EXPECT_NE(FoldArticleUrl(url), "") << url;
  }
}

TEST(ArticleUrlTest, AUrlInAQueryIsNoScheme) {
  EXPECT_EQ(FoldArticleUrl("a.kr/go?n=1&to=http://B.kr/"), "a.kr/go?n=1&to=http%3A%2F%2FB.kr%2F");
}

TEST(ArticleUrlTest, FoldingWhatWasFoldedChangesNothing) {
  for (const char* url : {"https://www.garam.example/articleViewAmp.html?idxno=77&b=a%20%2B",
                          "https://garam.example/%EA%B8%80/1%2F2", "https://한국.example/5"}) {
    const std::string once = FoldArticleUrl(url);
    EXPECT_EQ(FoldArticleUrl(once), once) << url;
  }
}

TEST(ArticleUrlTest, BrokenEscapesAreCharacters) {
  EXPECT_EQ(FoldArticleUrl("http://a.kr/1%"), "a.kr/1%25");
  EXPECT_EQ(FoldArticleUrl("http://a.kr/1%zz"), "a.kr/1%25zz");
}

TEST(ArticleUrlTest, ManyEscapedAmpersandsAreOne) {
  std::string url = "http://a.kr/?a=1&";
  for (int i = 0; i < 1'000; ++i) url += "amp;";
  EXPECT_EQ(FoldArticleUrl(url + "b=2"), "a.kr?a=1&b=2");
}

TEST(TrackingParametersTest, AreKnownInAnyCase) {
  for (const char* name :
       {"utm_source", "UTM_Medium", "utm_", "fbclid", "gclid", "igshid", "NaPm"}) {
    EXPECT_TRUE(IsTrackingParameter(name)) << name;
  }
  for (const char* name : {"", "id", "idxno", "ud", "p", "from", "utm", "xfbclid", "fbclidx"}) {
    EXPECT_FALSE(IsTrackingParameter(name)) << name;
  }
}

}  // namespace
}  // namespace wonbon
