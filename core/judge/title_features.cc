#include "core/judge/title_features.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/judge/headline.h"

namespace wonbon {
namespace {

// Whether `title` stands in the body: Knuth, Morris and Pratt's search, for the obvious one is
// quadratic where title and body repeat one syllable. Most are refused by the filter of pieces.
bool StandsIn(const std::u16string& title, const Profile& body) {
  for (size_t i = 0; i + 3 <= title.size(); ++i) {
    if (!MayHavePiece(body, title.data() + i, 3)) return false;
  }
  // borders[n]: length of the longest proper prefix of the first n units that also ends them.
  std::vector<uint32_t> borders(title.size() + 1);
  const auto extend = [&](uint32_t length, char16_t unit) {
    while (length > 0 && title[length] != unit) length = borders[length];
    return length + (title[length] == unit);
  };
  for (size_t i = 1; i < title.size(); ++i) borders[i + 1] = extend(borders[i], title[i]);
  uint32_t length = 0;
  for (const char16_t unit : body.units) {
    length = extend(length, unit);
    if (length == title.size()) return true;
  }
  return false;
}

// True if the headline stands in the other body, as in a round-up, though not in its own: some
// pages make their headline of the first words of the body.
bool StandsInOther(const Profile& text, const Profile& other) {
  const std::u16string& title = text.title_units;
  return title.size() >= 6 && StandsIn(title, other) && !StandsIn(title, text);
}

bool IsHanja(char16_t c) { return c >= 0x4E00 && c <= 0x9FFF; }

// 2-unit pieces of the headline: those that its own text has, and those of them that the other has
// neither in its text nor in its headline.
struct TitlePieces {
  size_t in_text = 0, own = 0;
};
TitlePieces CountTitlePieces(const Profile& text, const Profile& other) {
  TitlePieces out;
  for (uint32_t pair : text.title_pairs) {
    const char16_t piece[2] = {static_cast<char16_t>(pair >> 16), static_cast<char16_t>(pair)};
    if (!MayHavePiece(text, piece, 2)) continue;
    ++out.in_text;
    if (IsHanja(piece[0]) || IsHanja(piece[1])) continue;  // another spelling, no other name
    out.own += !MayHavePiece(other, piece, 2) &&
               !std::binary_search(other.title_pairs.begin(), other.title_pairs.end(), pair);
  }
  return out;
}

// True for headlines that differ in their numbers and in nothing else.
bool DifferInNumbers(std::u16string_view a, std::u16string_view b) {
  const auto is_digit = [](char16_t c) { return c >= u'0' && c <= u'9'; };
  size_t i = 0, j = 0;
  bool differ = false;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const size_t from_i = i, from_j = j;
      while (i < a.size() && is_digit(a[i])) ++i;
      while (j < b.size() && is_digit(b[j])) ++j;
      differ |= a.substr(from_i, i - from_i) != b.substr(from_j, j - from_j);
    } else if (a[i++] != b[j++]) {
      return false;
    }
  }
  return differ && i == a.size() && j == b.size();
}

void MeasureWords(const Profile& shorter, const Profile& longer, Features& out) {
  const auto& a = shorter.title_pairs;
  const auto& b = longer.title_pairs;
  size_t shared = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j])
      ++shared, ++i, ++j;
    else if (a[i] < b[j])
      ++i;
    else
      ++j;
  }
  const double both = static_cast<double>(shared);
  out.title_jaccard = Share(both, static_cast<double>(a.size() + b.size()) - both);
  out.title_containment = Share(both, static_cast<double>(std::min(a.size(), b.size())));
  out.title_missing = a.empty() || b.empty();
  out.title_equal = !out.title_missing && shorter.identity.headline == longer.identity.headline;
  const TitlePieces of_shorter = CountTitlePieces(shorter, longer);
  const TitlePieces of_longer = CountTitlePieces(longer, shorter);
  out.longer_title_news =
      static_cast<double>(of_longer.own) / (static_cast<double>(of_longer.in_text) + 2);
  out.own_title_pieces = static_cast<double>(std::min(of_shorter.own, of_longer.own));
  out.both_notices = shorter.is_notice && longer.is_notice;
  out.title_other_numbers = DifferInNumbers(shorter.title_units, longer.title_units);
  out.title_in_other_body = StandsInOther(shorter, longer) || StandsInOther(longer, shorter);
}

double StageAgreement(const StageSet& a, const StageSet& b) {
  return static_cast<double>((a & b).count() + 1) / static_cast<double>((a | b).count() + 1);
}

// Stages that `later` announces in its headline and `earlier` names neither there nor in its lead.
StageSet NewStages(const Profile& later, const Profile& earlier) {
  return later.title_stages & ~earlier.title_stages & ~earlier.lead_stages;
}

void MeasureStages(const Profile& shorter, const Profile& longer, Features& out) {
  out.title_stages_agree = StageAgreement(shorter.title_stages, longer.title_stages);
  out.title_stages_differ = shorter.title_stages.any() && longer.title_stages.any() &&
                            (shorter.title_stages & longer.title_stages).none();
  if (shorter.published_s.has_value() && longer.published_s.has_value() &&
      *shorter.published_s != *longer.published_s) {
    const Profile& later = *shorter.published_s > *longer.published_s ? shorter : longer;
    const StageSet news = NewStages(later, &later == &shorter ? longer : shorter);
    out.new_case_stage = (news & CaseStages()).any() && !later.is_update;
  }
  out.own_update = (shorter.is_update || longer.is_update) && out.same_publisher > 0;
  out.both_captions = shorter.is_caption && longer.is_caption;
}

}  // namespace

void MeasureTitles(const Profile& shorter, const Profile& longer, Features& out) {
  MeasureWords(shorter, longer, out);
  MeasureStages(shorter, longer, out);
}

}  // namespace wonbon
