// What becomes of an article on its way through other sites, with the answer known by construction.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/document.h"
#include "tests/corpus/random.h"
#include "tests/corpus/story.h"

namespace wonbon::corpus {

enum class Kind {
  kOriginal,          // the first of its story
  kExact,             // reprint, byte for byte
  kSpacing,           // spaces dropped and added
  kDecomposed,        // NFD
  kFullWidth,         // ASCII and spaces as full-width forms
  kHeadlineChanged,   // reprint under another headline
  kBylineFooter,      // dateline, byline, e-mail and copyright lines around it
  kHtmlFragment,      // body as <p> paragraphs with entities
  kHtmlPage,          // a whole page with menu, script, style and footer
  kTruncated,         // cut in the second half; headline and lead kept
  kLightEdit,         // 3 to 12 words in 100 replaced
  kParagraphShuffle,  // paragraphs after the lead in another order
  kBoardPage,         // a board pastes it twice and cuts the second copy
  kRevision,          // the publisher's own correction under the same url
  kRoundUp,           // the whole article inside another one, among other items
  kQuotation,         // a few of its sentences inside another article
  kBackground,        // another article that ends with the same background
  kRenumbered,        // the same sentences with other numbers
  kNotice,            // a form with other facts
  kDispatch,          // a form with other names, places and days
  kDispatchReprint,   // one of them in another paper, a word or two changed
  kFlash,             // a one-liner of its own
  kItemList,          // a round-up of short items
  kItem30,            // one of its items as an article: 30 letters and some more,
  kItem60,            // ... 60,
  kItem100,           // ... 100,
  kItem150,           // ... 150
};

// What a reader who was shown the base should get: nothing new, another article with text in
// common, or something else.
enum class Expected { kOriginal, kCopy, kPartial, kNegative };

Expected ExpectedOf(Kind kind);
// "exact", "html_page", ...; "original", "copy", "partial", "negative".
std::string_view Name(Kind kind);
std::string_view Name(Expected expected);
std::optional<Kind> KindNamed(std::string_view name);

// Kinds that keep the canonical text: the letters and digits of the article itself.
bool KeepsText(Kind kind);

// A story as it was first published.
Document Publish(const Story& story, std::string_view id, Random& random);

// `base` (the first publication of `story`) as `kind`, by another publisher and later. The id is
// left empty. REQUIRES: kind is none of kOriginal, kNotice, kFlash, kDispatch, kDispatchReprint.
Document Derive(const Story& story, const Document& base, Kind kind, Random& random);
// kDispatchReprint of one. The id is left empty.
Document ReprintDispatch(const Document& dispatch, Random& random);

// kNotice, kDispatch and kFlash, which have no base.
Document PublishNotice(Form form, Random& random);
Document PublishDispatch(size_t form, Random& random);
Document PublishFlash(Random& random);

// A round-up, of one item of each kind and as many others; and those items. Ids are left empty.
struct ItemList {
  Document round_up;
  std::vector<std::pair<Kind, Document>> items;
};
ItemList PublishItemList(Random& random);

}  // namespace wonbon::corpus
