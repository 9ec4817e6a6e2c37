// What decided a judgement: the text itself, a guard, or the model.
#pragma once

#include <string_view>

namespace wonbon {

// In the order in which they are asked; kModel is the last.
enum class Rule {
  kSameText,            // all letters and digits agree
  kNotice,              // one short text, of which no headline says anything: paywall, 404 page
  kShortText,           // fewer than kMinShingles shingles: only the same text and headline count
  kNothingShared,       // too little in common to ask further
  kRevision,            // one publisher's page, told anew within a day
  kVersion,             // one publisher's next version of its own story: 2보, 종합
  kOtherNumbers,        // the same sentences with other numbers
  kSerialHeadline,      // headlines that differ in their numbers alone
  kCaptionOtherMoment,  // two photo captions that differ in headline and text
  kShortOtherHeadline,  // short items of one publisher (captions, serials) under other headlines
  kShortOtherDay,       // short items of one publisher, days apart
  kOtherDay,            // a bulletin or a form of another day
  kOtherNames,          // one form: each headline has names that its own text alone has
  kUrlReused,           // the same url, another text, later than a day
  kNextStage,           // the later headline announces the next stage of a case
  kRoundUp,             // one stands in the other below its headline, among other items
  kCutCopy,             // the whole of one under the same headline and lead in the other
  kLittleShared,        // too little in common for one article
  kModel,               // the model's probability
};

// "same_text", "short_text", ...: the word that clients get; none changes its meaning.
constexpr std::string_view Name(Rule rule) {
  switch (rule) {
    case Rule::kSameText: return "same_text";
    case Rule::kNotice: return "notice";
    case Rule::kShortText: return "short_text";
    case Rule::kNothingShared: return "nothing_shared";
    case Rule::kRevision: return "revision";
    case Rule::kVersion: return "version";
    case Rule::kOtherNumbers: return "other_numbers";
    case Rule::kSerialHeadline: return "serial_headline";
    case Rule::kCaptionOtherMoment: return "caption_other_moment";
    case Rule::kShortOtherHeadline: return "short_other_headline";
    case Rule::kShortOtherDay: return "short_other_day";
    case Rule::kOtherDay: return "other_day";
    case Rule::kOtherNames: return "other_names";
    case Rule::kUrlReused: return "url_reused";
    case Rule::kNextStage: return "next_stage";
    case Rule::kRoundUp: return "round_up";
    case Rule::kCutCopy: return "cut_copy";
    case Rule::kLittleShared: return "little_shared";
    case Rule::kModel: return "model";
  }
  return "";
}

}  // namespace wonbon
