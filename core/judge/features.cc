#include "core/judge/features.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/judge/alignment.h"
#include "core/sketch/fingerprint.h"

namespace wonbon {
namespace {

constexpr size_t kLeadUnits = 80;        // two lines of print
constexpr size_t kBlockUnits = 50;       // a sentence
constexpr size_t kBeginningUnits = 240;  // where a lead may stand below a caption or a summary
constexpr double kDay = 86'400;

double Share(double part, double whole) { return whole > 0 ? part / whole : 0; }

double Mean(const std::vector<uint8_t>& flags, size_t begin, size_t end) {
  end = std::min(end, flags.size());
  if (begin >= end) return 0;
  return static_cast<double>(std::count(flags.begin() + begin, flags.begin() + end, 1)) /
         static_cast<double>(end - begin);
}

// Longest stretch of units that no shared shingle covers, as a share of the text.
double LongestGap(const std::vector<uint8_t>& covered) {
  size_t longest = 0, gap = 0;
  for (uint8_t flag : covered) {
    gap = flag ? 0 : gap + 1;
    longest = std::max(longest, gap);
  }
  return Share(static_cast<double>(longest), static_cast<double>(covered.size()));
}

// True if the shingle of `a` at `i` stands in `b` at `place`.
bool StandsAt(const Profile& a, size_t i, const Profile& b, size_t place) {
  return place + kShingleUnits <= b.units.size() &&
         std::equal(a.units.begin() + static_cast<std::ptrdiff_t>(i),
                    a.units.begin() + static_cast<std::ptrdiff_t>(i + kShingleUnits),
                    b.units.begin() + static_cast<std::ptrdiff_t>(place));
}

// Runs of the shorter text. A shingle that the longer text has several times continues the run
// where it can.
void MeasureRuns(const Alignment& alignment, const Profile& shorter, const Profile& longer,
                 Features& out) {
  size_t runs = 0, in_order = 0, longest = 0, total = 0, length = 0;
  int32_t end = -1;  // place in the longer text where the run goes on; -1 outside a run
  int32_t last = -1;
  for (size_t i = 0; i < alignment.place_in_b.size(); ++i) {
    const int32_t place = alignment.place_in_b[i];
    if (place < 0) {
      end = -1;
      continue;
    }
    if (end >= 0 && (place == end || StandsAt(shorter, i, longer, static_cast<size_t>(end)))) {
      ++length, ++total, ++end;
    } else {
      ++runs, in_order += place > last;
      length = kShingleUnits, total += kShingleUnits;
      end = place + 1;
    }
    last = end - 1;
    longest = std::max(longest, length);
  }
  const double count = static_cast<double>(runs);
  out.longest_run =
      Share(static_cast<double>(longest), static_cast<double>(shorter.distinct_shingles) + 4);
  out.longest_run_units = std::log1p(static_cast<double>(longest));
  out.mean_run_units = runs == 0 ? 0 : std::log1p(static_cast<double>(total) / count);
  out.in_order = Share(static_cast<double>(in_order), count);
}

// The part of `text` that the alignment leaves over: which of its 3-unit pieces `other` has
// anywhere.
struct Rest {
  double known = 0;  // share; with nothing left over the usual share
  double news = 0;   // natural logarithm of 1 + unknown pieces
};
Rest MeasureRest(const Profile& text, const std::vector<uint8_t>& covered, const Profile& other) {
  size_t pieces = 0, known = 0;
  for (size_t i = 0; i + 3 <= text.units.size(); ++i) {
    if (covered[i] || covered[i + 1] || covered[i + 2]) continue;
    ++pieces;
    known += MayHavePiece(other, text.units.data() + i, 3);
  }
  return {(static_cast<double>(known) + 5 * 0.3) / (static_cast<double>(pieces) + 5),
          std::log1p(static_cast<double>(pieces - known))};
}

// Share of stretches of kBlockUnits of which less than a fifth is covered.
double MissingBlocks(const std::vector<uint8_t>& covered) {
  size_t blocks = 0, missing = 0;
  for (size_t i = 0; i + kBlockUnits <= covered.size(); i += kBlockUnits) {
    ++blocks;
    missing += Mean(covered, i, i + kBlockUnits) < 0.2;
  }
  return Share(static_cast<double>(missing), static_cast<double>(blocks));
}

double KnownPieces(const Profile& text, const Profile& other) {
  size_t known = 0;
  for (size_t i = 0; i + 3 <= text.units.size(); ++i) {
    known += MayHavePiece(other, text.units.data() + i, 3);
  }
  return Share(static_cast<double>(known), static_cast<double>(text.units.size()));
}

double LeadNews(const Profile& text, const Profile& other) {
  const size_t lead = std::min(text.units.size(), kLeadUnits);
  size_t pieces = 0, unknown = 0;
  for (size_t i = 0; i + 3 <= lead; ++i) {
    ++pieces;
    unknown += !MayHavePiece(other, text.units.data() + i, 3);
  }
  return Share(static_cast<double>(unknown), static_cast<double>(pieces));
}

double LeadInBeginning(const Alignment& alignment) {
  const size_t lead = std::min(kLeadUnits, alignment.place_in_b.size());
  size_t found = 0;
  for (size_t i = 0; i < lead; ++i) {
    const int32_t place = alignment.place_in_b[i];
    found += place >= 0 && place < static_cast<int32_t>(kBeginningUnits);
  }
  return Share(static_cast<double>(found), static_cast<double>(lead));
}

void MeasureNumbers(const Profile& shorter, const Profile& longer, Features& out) {
  const NumberAgreement body = CompareNumbers(shorter.numbers, longer.numbers);
  out.numbers_shared = body.shared_share();
  // One number's worth of doubt, so that a text of few numbers says little.
  out.numbers_shorter_kept = (body.shared + 0.7) / (body.weight_a + 1);
  out.numbers_longer_kept = (body.shared + 0.7) / (body.weight_b + 1);
  out.numbers_conflict = body.conflict_share();
  out.numbers_conflict_weight = std::log1p(std::min(body.conflict_a, body.conflict_b));
  const NumberAgreement title = CompareNumbers(shorter.title_numbers, longer.title_numbers);
  const double least = std::min(title.weight_a, title.weight_b);
  out.title_numbers_conflict = least > 0 ? 1 - title.shared_share() : 0;
}

// Share of the headline's words (their first 3 units; shorter words whole) in the other body.
double WordsInBody(const Profile& headline, const Profile& body) {
  size_t words = 0, found = 0;
  for (const std::u16string& word : headline.title_words) {
    if (word.size() < 3) continue;
    ++words;
    found += MayHavePiece(body, word.data(), 3);
  }
  return (static_cast<double>(found) + 0.5) / (static_cast<double>(words) + 1);
}

// True if the headline stands in the other body, as in a round-up, though not in its own: some
// pages make their headline of the first words of the body.
bool StandsInOther(const Profile& text, const Profile& other) {
  const std::u16string& title = text.title_units;
  return title.size() >= 6 && other.units.find(title) != std::u16string::npos &&
         text.units.find(title) == std::u16string::npos;
}

// Share of the headline's 2-unit pieces that its own text has and the other neither in its text nor
// in its headline.
double TitleNews(const Profile& text, const Profile& other) {
  size_t own = 0, news = 0;
  for (uint32_t pair : text.title_pairs) {
    const char16_t piece[2] = {static_cast<char16_t>(pair >> 16), static_cast<char16_t>(pair)};
    if (!MayHavePiece(text, piece, 2)) continue;
    ++own;
    news += !MayHavePiece(other, piece, 2) &&
            !std::binary_search(other.title_pairs.begin(), other.title_pairs.end(), pair);
  }
  return static_cast<double>(news) / (static_cast<double>(own) + 2);
}

void MeasureTitles(const Profile& shorter, const Profile& longer, Features& out) {
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
  out.title_equal = !out.title_missing && shorter.title_key == longer.title_key;
  out.title_words_shorter = WordsInBody(shorter, longer);
  out.title_words_longer = WordsInBody(longer, shorter);
  out.shorter_title_news = TitleNews(shorter, longer);
  out.longer_title_news = TitleNews(longer, shorter);
  out.title_in_other_body = StandsInOther(shorter, longer) || StandsInOther(longer, shorter);
}

void MeasureWhereAndWhen(const Profile& shorter, const Profile& longer, Features& out) {
  out.same_publisher = shorter.publisher_key != 0 && shorter.publisher_key == longer.publisher_key;
  out.same_url = shorter.url_key != 0 && shorter.url_key == longer.url_key;
  double days = 1;
  if (shorter.published_s.has_value() && longer.published_s.has_value()) {
    days = std::abs(static_cast<double>(*shorter.published_s - *longer.published_s)) / kDay;
  }
  out.days_apart = std::log1p(days);
  out.same_day = days < 1;
}

}  // namespace

Features Measure(const Profile& shorter, const Profile& longer, const Rarity& rarity) {
  const Alignment alignment = Align(shorter, longer, rarity);
  Features out;
  out.jaccard =
      Share(alignment.shared, alignment.shingles_a + alignment.shingles_b - alignment.shared);
  out.shorter_in_longer = Share(alignment.shared, alignment.shingles_a);
  out.longer_in_shorter = Share(alignment.shared, alignment.shingles_b);
  out.rare_jaccard =
      Share(alignment.rare_shared, alignment.rare_a + alignment.rare_b - alignment.rare_shared);
  out.rare_shorter_in_longer = Share(alignment.rare_shared, alignment.rare_a);
  out.rare_longer_in_shorter = Share(alignment.rare_shared, alignment.rare_b);
  MeasureRuns(alignment, shorter, longer, out);
  out.shorter_gap = LongestGap(alignment.covered_a);
  out.longer_gap = LongestGap(alignment.covered_b);
  const size_t size_a = shorter.units.size(), size_b = longer.units.size();
  out.shorter_lead = Mean(alignment.covered_a, 0, kLeadUnits);
  out.longer_lead = Mean(alignment.covered_b, 0, kLeadUnits);
  out.both_leads = LeadInBeginning(alignment);
  out.shorter_tail = Mean(alignment.covered_a, size_a - std::min(size_a, kLeadUnits), size_a);
  out.longer_tail = Mean(alignment.covered_b, size_b - std::min(size_b, kLeadUnits), size_b);
  const Rest shorter_rest = MeasureRest(shorter, alignment.covered_a, longer);
  const Rest longer_rest = MeasureRest(longer, alignment.covered_b, shorter);
  out.shorter_rest_known = shorter_rest.known;
  out.longer_rest_known = longer_rest.known;
  out.shorter_news = shorter_rest.news;
  out.longer_news = longer_rest.news;
  out.shorter_pieces = KnownPieces(shorter, longer);
  out.longer_pieces = KnownPieces(longer, shorter);
  out.shorter_missing = MissingBlocks(alignment.covered_a);
  out.longer_missing = MissingBlocks(alignment.covered_b);
  out.shorter_lead_news = LeadNews(shorter, longer);
  out.longer_lead_news = LeadNews(longer, shorter);
  MeasureNumbers(shorter, longer, out);
  MeasureTitles(shorter, longer, out);
  MeasureWhereAndWhen(shorter, longer, out);
  const double shingles = shorter.distinct_shingles + 1.0;
  out.length_ratio = std::log((longer.distinct_shingles + 1.0) / shingles);
  out.shorter_length = std::log(shingles / 300);
  return out;
}

}  // namespace wonbon
