#include "tests/corpus/derive.h"

#include <algorithm>
#include <string>
#include <utility>

#include "tests/corpus/korean.h"
#include "tests/corpus/words.h"

namespace wonbon::corpus {
namespace {

struct KindRow {
  Kind kind;
  std::string_view name;
  Expected expected;
};

constexpr KindRow kKinds[] = {
    {Kind::kOriginal, "original", Expected::kOriginal},
    {Kind::kExact, "exact", Expected::kCopy},
    {Kind::kSpacing, "spacing", Expected::kCopy},
    {Kind::kDecomposed, "nfd", Expected::kCopy},
    {Kind::kFullWidth, "fullwidth", Expected::kCopy},
    {Kind::kHeadlineChanged, "headline_changed", Expected::kCopy},
    {Kind::kBylineFooter, "byline_footer", Expected::kCopy},
    {Kind::kHtmlFragment, "html_fragment", Expected::kCopy},
    {Kind::kHtmlPage, "html_page", Expected::kCopy},
    {Kind::kTruncated, "truncated", Expected::kCopy},
    {Kind::kLightEdit, "light_edit", Expected::kCopy},
    {Kind::kParagraphShuffle, "paragraph_shuffle", Expected::kCopy},
    {Kind::kBoardPage, "board_page", Expected::kCopy},
    {Kind::kRevision, "revision", Expected::kCopy},
    {Kind::kRoundUp, "round_up", Expected::kPartial},
    {Kind::kQuotation, "quotation", Expected::kPartial},
    {Kind::kBackground, "background", Expected::kPartial},
    {Kind::kRenumbered, "renumbered", Expected::kNegative},
    {Kind::kNotice, "notice", Expected::kNegative},
    {Kind::kDispatch, "dispatch", Expected::kNegative},
    {Kind::kDispatchReprint, "dispatch_reprint", Expected::kCopy},
    {Kind::kFlash, "flash", Expected::kNegative},
    {Kind::kItemList, "item_list", Expected::kOriginal},
    {Kind::kItem30, "item_30", Expected::kPartial},
    {Kind::kItem60, "item_60", Expected::kPartial},
    {Kind::kItem100, "item_100", Expected::kPartial},
    {Kind::kItem150, "item_150", Expected::kPartial},
};

const KindRow& RowOf(Kind kind) {
  for (const KindRow& row : kKinds) {
    if (row.kind == kind) return row;
  }
  return kKinds[0];
}

constexpr absl::Duration kDay = absl::Hours(24);

// 2025-01-01T00:00:00+09:00
absl::Time FirstDay() { return absl::FromUnixSeconds(1735657200); }

std::string Url(std::string_view publisher, Random& random) {
  uint32_t site = 0;
  for (char c : publisher) site = site * 31 + static_cast<unsigned char>(c);
  return Line() << "https://news" << std::to_string(site % 900 + 100) << ".example/article/"
                << std::to_string(random.Between(10000000, 99999999));
}

// By any publisher, on any day of 300.
Document PublishAtRandom(Notice notice, Random& random) {
  Document document;
  document.title = std::move(notice.title);
  document.body = std::move(notice.body);
  document.publisher = random.Pick(Publishers());
  document.url = Url(document.publisher, random);
  document.published_at = FirstDay() + absl::Minutes(random.Between(0, 300 * 24 * 60));
  return document;
}

std::string Reporter(Random& random) {
  return Line() << random.Pick(Surnames()) << random.Pick(GivenNames());
}

// Another publisher's copy, minutes to a day later.
Document Reprint(const Document& base, Random& random) {
  Document copy = base;
  copy.id.clear();
  do {
    copy.publisher = random.Pick(Publishers());
  } while (copy.publisher == base.publisher);
  copy.url = Url(copy.publisher, random);
  copy.published_at = *base.published_at + absl::Minutes(random.Between(2, 1000));
  return copy;
}

// `percent` of 100 words replaced by words of the generator, the lead's first words kept.
std::string Edited(const std::string& body, int percent, Random& random) {
  std::string out;
  size_t words = 0;
  for (size_t begin = 0; begin <= body.size(); ++words) {
    const size_t end = std::min(body.find(' ', begin), body.size());
    const std::string word = body.substr(begin, end - begin);
    if (begin > 0) out += ' ';
    const bool plain = word.find('\n') == std::string::npos && word.find('.') == std::string::npos;
    if (words >= 4 && plain && random.Chance(percent)) {
      out += random.Chance(50) ? random.Pick(Manners()) : random.Pick(Modifiers());
    } else {
      out += word;
    }
    begin = end + 1;
  }
  return out;
}

std::string WithBylineAndFooter(const Document& base, const std::string& place, Random& random) {
  const std::string reporter = Reporter(random);
  const std::string mail = "desk" + std::to_string(random.Between(10, 999)) + "@news.example";
  return Line() << "(" << place << "=" << base.publisher << ") " << reporter
                << " 기자 = " << base.body << "\n\n"
                << reporter << " 기자 " << mail << "\n저작권자 ⓒ " << base.publisher
                << ", 무단 전재 및 재배포 금지";
}

std::string HtmlParagraphs(const Story& story) {
  Line out;
  for (size_t i = 0; i < story.sentences.size(); i += kSentencesPerParagraph) {
    const size_t end = std::min(i + kSentencesPerParagraph, story.sentences.size());
    out << "<p>" << EscapeHtml(Body(story.sentences, i, end)) << "&nbsp;</p>\n";
  }
  return out;
}

std::string HtmlPage(const Story& story, const std::string& title) {
  return Line()
         << "<!DOCTYPE html>\n<html lang=\"ko\"><head><meta charset=\"utf-8\"><title>"
         << EscapeHtml(title)
         << "</title>\n<style>body { font-family: sans-serif; } .ad { width: 300px; }</style>\n"
            "<script>window.articleId = 7; function share(x) { return x < 3 && x > 0; }</script>"
            "</head>\n<body><nav><ul><li><a href=\"/politics\">정치</a></li><li><a "
            "href=\"/economy\">경제</a></li><li><a href=\"/sports\">스포츠</a></li></ul></nav>\n"
            "<article>\n"
         << HtmlParagraphs(story)
         << "</article>\n<footer><a href=\"/about\">회사소개</a> <a "
            "href=\"/privacy\">개인정보처리방침"
            "</a></footer></body></html>\n";
}

std::string BoardPage(const Document& base, Random& random) {
  const std::string again = base.title + "\n" + base.body;
  const std::u32string text = Decode(again);
  const size_t kept = text.size() * static_cast<size_t>(random.Between(20, 70)) / 100;
  return Line() << "페이지 정보\n\n본문\n"
                << base.title << "\n"
                << base.body << Encode(std::u32string_view(text).substr(0, kept))
                << "\n\n댓글목록\n등록된 댓글이 없습니다.";
}

std::string Shuffled(const Story& story, Random& random) {
  std::vector<std::string> paragraphs;
  for (size_t i = 0; i < story.sentences.size(); i += kSentencesPerParagraph) {
    const size_t end = std::min(i + kSentencesPerParagraph, story.sentences.size());
    paragraphs.push_back(Body(story.sentences, i, end));
  }
  std::vector<std::string> rest(paragraphs.begin() + 1, paragraphs.end());
  random.Shuffle(rest);
  std::string out = paragraphs[0];
  for (const std::string& paragraph : rest) out += "\n\n" + paragraph;
  return out;
}

// Another article, with sentences [begin, end) of `story` in its middle.
void Embed(const Story& story, size_t begin, size_t end, int others, Document& copy,
           Random& random) {
  const Story host = WriteStory(others, random);
  copy.title = host.title;
  const size_t middle = host.sentences.size() / 2;
  copy.body = Line() << Body(host.sentences, 0, middle) << "\n\n"
                     << Body(story.sentences, begin, end) << "\n\n"
                     << Body(host.sentences, middle, host.sentences.size());
}

// As many sentences of a story of its own as have so many letters together.
Notice WriteItem(size_t letters, Random& random) {
  const Story story = WriteStory(8, random);
  size_t end = 1;
  while (end < story.sentences.size() && Syllables(Body(story.sentences, 0, end)) < letters) ++end;
  return {story.title, Body(story.sentences, 0, end)};
}

}  // namespace

Expected ExpectedOf(Kind kind) { return RowOf(kind).expected; }
std::string_view Name(Kind kind) { return RowOf(kind).name; }

std::string_view Name(Expected expected) {
  switch (expected) {
    case Expected::kOriginal: return "original";
    case Expected::kCopy: return "copy";
    case Expected::kPartial: return "partial";
    case Expected::kNegative: return "negative";
  }
  return "";
}

std::optional<Kind> KindNamed(std::string_view name) {
  for (const KindRow& row : kKinds) {
    if (row.name == name) return row.kind;
  }
  return std::nullopt;
}

bool KeepsText(Kind kind) {
  return kind == Kind::kExact || kind == Kind::kSpacing || kind == Kind::kDecomposed ||
         kind == Kind::kFullWidth || kind == Kind::kHeadlineChanged || kind == Kind::kHtmlFragment;
}

Document Publish(const Story& story, std::string_view id, Random& random) {
  Document document;
  document.id = id;
  document.title = story.title;
  document.body = Body(story.sentences);
  document.publisher = random.Pick(Publishers());
  document.url = Url(document.publisher, random);
  document.published_at = FirstDay() + absl::Minutes(random.Between(0, 300 * 24 * 60));
  document.byline = Reporter(random) + " 기자";
  return document;
}

Document Derive(const Story& story, const Document& base, Kind kind, Random& random) {
  Document copy = Reprint(base, random);
  const size_t sentences = story.sentences.size();
  switch (kind) {
    case Kind::kSpacing: copy.body = Respaced(base.body, 30, 5, random); break;
    case Kind::kDecomposed:
      copy.title = Decomposed(base.title);
      copy.body = Decomposed(base.body);
      break;
    case Kind::kFullWidth: copy.body = FullWidth(base.body); break;
    case Kind::kHeadlineChanged: copy.title = WriteTitle(story.cast, random); break;
    case Kind::kBylineFooter:
      copy.body = WithBylineAndFooter(copy, story.cast.place, random);
      break;
    case Kind::kHtmlFragment: copy.body = HtmlParagraphs(story); break;
    case Kind::kHtmlPage: copy.body = HtmlPage(story, base.title); break;
    case Kind::kTruncated: {
      const size_t kept = sentences * static_cast<size_t>(random.Between(50, 80)) / 100;
      copy.body = Body(story.sentences, 0, std::max<size_t>(2, kept));
      break;
    }
    case Kind::kLightEdit: copy.body = Edited(base.body, random.Between(3, 12), random); break;
    case Kind::kParagraphShuffle: copy.body = Shuffled(story, random); break;
    case Kind::kBoardPage: copy.body = BoardPage(base, random); break;
    case Kind::kRevision:
      copy.publisher = base.publisher;
      copy.url = base.url;
      copy.body = Line() << Edited(base.body, 6, random) << " "
                         << WriteSentences(story.cast, 1, random)[0];
      break;
    case Kind::kRoundUp:
      Embed(story, 0, sentences, random.Between(12, 24) + static_cast<int>(sentences), copy,
            random);
      break;
    case Kind::kQuotation:
      Embed(story, 1, std::max<size_t>(2, sentences / 2), 20, copy, random);
      break;
    case Kind::kBackground: {
      const Story later = WriteStory(static_cast<int>(sentences), random);
      copy.title = later.title;
      copy.body = Line() << Body(later.sentences) << "\n\n"
                         << Body(story.sentences, sentences / 2, sentences);
      copy.published_at = *base.published_at + kDay * random.Between(2, 20);
      break;
    }
    case Kind::kRenumbered:
      copy.title = Renumbered(base.title, random);
      copy.body = Renumbered(base.body, random);
      copy.published_at = *base.published_at + kDay * random.Between(1, 30);
      break;
    default: break;  // kExact: the reprint itself
  }
  return copy;
}

Document PublishNotice(Form form, Random& random) {
  return PublishAtRandom(WriteNotice(form, random), random);
}

Document PublishDispatch(size_t form, Random& random) {
  return PublishAtRandom(WriteDispatch(form, random), random);
}

Document ReprintDispatch(const Document& dispatch, Random& random) {
  Document copy = Reprint(dispatch, random);
  const std::pair<std::string_view, std::string_view> edits[] = {
      {"밝혔다", "전했다"}, {"말했다", "강조했다"}, {"알려졌다", "전해졌다"}, {"이번", "이날"}};
  for (const auto& [word, other] : edits) {
    const size_t at = copy.body.find(word);
    if (at != std::string::npos) copy.body.replace(at, word.size(), other);
  }
  if (random.Chance(30)) copy.title += random.Chance(50) ? " '눈길'" : " 나서";
  return copy;
}

ItemList PublishItemList(Random& random) {
  constexpr std::pair<Kind, size_t> kItems[] = {
      {Kind::kItem30, 30}, {Kind::kItem60, 60}, {Kind::kItem100, 100}, {Kind::kItem150, 150}};
  ItemList list;
  Line body;
  for (const auto& [kind, letters] : kItems) {
    const Notice item = WriteItem(letters, random), other = WriteItem(letters, random);
    body << "■ " << other.title << "\n" << other.body << "\n\n"
         << "■ " << item.title << "\n" << item.body << "\n\n";
    list.items.emplace_back(kind, PublishAtRandom(item, random));
  }
  const std::string& first = list.items.front().second.title;
  list.round_up = PublishAtRandom({Line() << "[단신] " << first << " 외", std::move(body)}, random);
  return list;
}

Document PublishFlash(Random& random) {
  Notice flash{.title = WriteFlash(random)};
  flash.body = flash.title + ".";
  return PublishAtRandom(std::move(flash), random);
}

}  // namespace wonbon::corpus
