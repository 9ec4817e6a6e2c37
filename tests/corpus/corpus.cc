#include "tests/corpus/corpus.h"

#include <cstdio>
#include <utility>

#include "tests/corpus/korean.h"

namespace wonbon::corpus {
namespace {

const std::vector<Kind>& KindsWithABase() {
  static const auto& kinds = *new std::vector<Kind>{
      Kind::kExact,           Kind::kSpacing,      Kind::kDecomposed,       Kind::kFullWidth,
      Kind::kHeadlineChanged, Kind::kBylineFooter, Kind::kHtmlFragment,     Kind::kHtmlPage,
      Kind::kTruncated,       Kind::kLightEdit,    Kind::kParagraphShuffle, Kind::kBoardPage,
      Kind::kRevision,        Kind::kRoundUp,      Kind::kQuotation,        Kind::kBackground,
      Kind::kRenumbered};
  return kinds;
}

std::string Id(const std::string& prefix, size_t number) {
  char digits[24];
  std::snprintf(digits, sizeof(digits), "%06zu", number);
  return prefix + "-" + digits;
}

// Longer stories are rarer, as in papers.
int SentenceCount(const Options& options, Random& random) {
  const int range = options.max_sentences - options.min_sentences;
  return options.min_sentences + random.Between(0, random.Between(0, range));
}

}  // namespace

std::vector<Item> MakeCorpus(const Options& options) {
  const Random seed(options.seed);
  const std::vector<Kind>& kinds = options.kinds.empty() ? KindsWithABase() : options.kinds;
  const size_t copies = options.copies == 0 ? kinds.size() : options.copies;
  std::vector<Item> items;
  size_t number = 0;
  for (size_t i = 0; i < options.stories; ++i) {
    Random random = seed.Fork(i);
    const Story story = WriteStory(SentenceCount(options, random), random);
    const Document base = Publish(story, Id(options.id_prefix, number++), random);
    items.push_back({base, Kind::kOriginal, ""});
    for (size_t k = 0; k < copies; ++k) {
      const Kind kind = options.copies == 0 ? kinds[k] : random.Pick(kinds);
      Item item{Derive(story, base, kind, random), kind, base.id};
      item.document.id = Id(options.id_prefix, number++);
      items.push_back(std::move(item));
    }
  }
  Random random = seed.Fork(UINT64_MAX);
  for (size_t i = 0; i < options.notices; ++i) {
    items.push_back({PublishNotice(kForms[i % std::size(kForms)], random), Kind::kNotice, ""});
    items.back().document.id = Id(options.id_prefix, number++);
  }
  for (size_t i = 0; i < options.dispatches; ++i) {
    Document dispatch = PublishDispatch(i, random);
    dispatch.id = Id(options.id_prefix, number++);
    Document reprint = ReprintDispatch(dispatch, random);
    reprint.id = Id(options.id_prefix, number++);
    items.push_back({std::move(reprint), Kind::kDispatchReprint, dispatch.id});
    items.push_back({std::move(dispatch), Kind::kDispatch, ""});
  }
  for (size_t i = 0; i < options.flashes; ++i) {
    items.push_back({PublishFlash(random), Kind::kFlash, ""});
    items.back().document.id = Id(options.id_prefix, number++);
  }
  for (size_t i = 0; i < options.item_lists; ++i) {
    ItemList list = PublishItemList(random);
    list.round_up.id = Id(options.id_prefix, number++);
    for (auto& [kind, item] : list.items) {
      item.id = Id(options.id_prefix, number++);
      items.push_back({std::move(item), kind, list.round_up.id});
    }
    items.push_back({std::move(list.round_up), Kind::kItemList, ""});
  }
  if (options.shuffle) random.Shuffle(items);
  return items;
}

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\u%04x", c);
      out += escape;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string ToJsonLine(const Item& item) {
  const Document& document = item.document;
  const std::string published = absl::FormatTime("%Y-%m-%d%ET%H:%M:%S%Ez", *document.published_at,
                                                 absl::FixedTimeZone(9 * 60 * 60));
  return Line() << "{\"id\":" << Quoted(document.id) << ",\"title\":" << Quoted(document.title)
                << ",\"body\":" << Quoted(document.body)
                << ",\"publisher\":" << Quoted(document.publisher)
                << ",\"published_at\":" << Quoted(published) << ",\"url\":" << Quoted(document.url)
                << ",\"kind\":" << Quoted(Name(item.kind))
                << ",\"expected\":" << Quoted(Name(item.expected()))
                << ",\"base_id\":" << Quoted(item.base_id) << "}";
}

}  // namespace wonbon::corpus
