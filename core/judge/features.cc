#include "core/judge/features.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/judge/alignment.h"
#include "core/judge/title_features.h"
#include "core/sketch/fingerprint.h"

namespace wonbon {
namespace {

constexpr size_t kLeadUnits = 80;        // two lines of print
constexpr size_t kBlockUnits = 50;       // a sentence
constexpr size_t kBeginningUnits = 240;  // where a lead may stand below a caption or a summary
constexpr double kDay = 86'400;

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

// Share of stretches of kBlockUnits of which less than a fifth is covered.
double MissingBlocks(const std::vector<uint8_t>& covered) {
  size_t blocks = 0, missing = 0;
  for (size_t i = 0; i + kBlockUnits <= covered.size(); i += kBlockUnits) {
    ++blocks;
    missing += Mean(covered, i, i + kBlockUnits) < 0.2;
  }
  return Share(static_cast<double>(missing), static_cast<double>(blocks));
}

// What the longer text has more. One pass over its pieces.
void MeasureMore(const Profile& longer, const std::vector<uint8_t>& covered, const Profile& shorter,
                 Features& out) {
  size_t known = 0, rest = 0, rest_known = 0, lead_unknown = 0;
  const size_t pieces = longer.units.size() < 3 ? 0 : longer.units.size() - 2;
  for (size_t i = 0; i < pieces; ++i) {
    const bool is_covered = covered[i] && covered[i + 1] && covered[i + 2];
    const bool is_known = is_covered || MayHavePiece(shorter, longer.units.data() + i, 3);
    known += is_known;
    lead_unknown += !is_known && i + 3 <= kLeadUnits;
    if (covered[i] || covered[i + 1] || covered[i + 2]) continue;
    ++rest, rest_known += is_known;
  }
  out.longer_pieces = Share(static_cast<double>(known), static_cast<double>(longer.units.size()));
  // With little left over the question hardly arises: 5 pieces of doubt at the usual share.
  out.longer_rest_known =
      (static_cast<double>(rest_known) + 5 * 0.3) / (static_cast<double>(rest) + 5);
  out.longer_news = std::log1p(static_cast<double>(rest - rest_known));
  out.longer_lead_news = Share(static_cast<double>(lead_unknown),
                               static_cast<double>(std::min(pieces, kLeadUnits - 2)));
}

// Share of the lead's 3-unit pieces that the other text has nowhere.
double OwnLeadPieces(const Profile& text, const Profile& other) {
  const size_t lead = std::min(text.units.size(), kLeadUnits);
  if (lead < 3) return 0;
  size_t own = 0;
  for (size_t i = 0; i + 3 <= lead; ++i) own += !MayHavePiece(other, text.units.data() + i, 3);
  return static_cast<double>(own) / static_cast<double>(lead - 2);
}

// Share of the shared shingles of the shorter text that come in the order of the longer one.
double OrderKept(const Overlap& overlap) {
  size_t shared = 0, kept = 0;
  int32_t last = -1;
  bool in_order = true;
  for (const int32_t position : overlap.position_in_b) {
    if (position < 0) continue;
    ++shared;
    if (position != last + 1) in_order = position > last;
    kept += in_order;
    last = position;
  }
  return Share(static_cast<double>(kept) + 1, static_cast<double>(shared) + 1);
}

double LeadInBeginning(const Overlap& overlap) {
  const size_t lead = std::min(kLeadUnits, overlap.position_in_b.size());
  size_t found = 0;
  for (size_t i = 0; i < lead; ++i) {
    const int32_t position = overlap.position_in_b[i];
    found += position >= 0 && position < static_cast<int32_t>(kBeginningUnits);
  }
  return Share(static_cast<double>(found), static_cast<double>(lead));
}

// For each unit of the shorter text: does a shared shingle cover it?
std::vector<uint8_t> CoveredOfShorter(const Profile& shorter, const Overlap& overlap) {
  std::vector<uint8_t> covered(shorter.units.size());
  for (size_t i = 0; i < overlap.position_in_b.size(); ++i) {
    if (overlap.position_in_b[i] < 0) continue;
    std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(i), kShingleUnits, uint8_t{1});
  }
  return covered;
}

void MeasureNumbers(const Profile& shorter, const Profile& longer, const Overlap& overlap,
                    Features& out) {
  const NumberAgreement body =
      CompareNumbers(shorter.numbers, longer.numbers, CoveredOfShorter(shorter, overlap),
                     overlap.covered_b);
  // One number's worth of doubt, so that a text of few numbers says little.
  out.numbers_shorter_kept = (body.shared + 0.7) / (body.weight_a + 1);
  out.numbers_longer_kept = (body.shared + 0.7) / (body.weight_b + 1);
  out.numbers_conflict = body.conflict_share();
  out.numbers_conflict_weight = std::log1p(std::min(body.conflict_a, body.conflict_b));
  out.numbers_places = static_cast<double>(std::min(body.places_a, body.places_b));
  out.numbers_places_differ = body.places_differ_share();
  const NumberAgreement title = CompareNumbers(shorter.title_numbers, longer.title_numbers);
  const double least = std::min(title.weight_a, title.weight_b);
  out.title_numbers_conflict = least > 0 ? 1 - title.shared_share() : 0;
}

// The address names the article whoever gives it: a publisher that is not given is no other one.
bool HaveSameUrl(const Identity& a, const Identity& b) {
  if (a.article_url == 0 || a.article_url != b.article_url) return false;
  return a.publisher == b.publisher || a.publisher == 0 || b.publisher == 0;
}

void MeasureWhereAndWhen(const Profile& shorter, const Profile& longer, Features& out) {
  const uint64_t publisher = shorter.identity.publisher;
  out.same_publisher = publisher != 0 && publisher == longer.identity.publisher;
  double days = 1;
  if (shorter.published_s.has_value() && longer.published_s.has_value()) {
    days = std::abs(static_cast<double>(*shorter.published_s - *longer.published_s)) / kDay;
  }
  out.days_apart = std::log1p(days);
}

}  // namespace

void MeasureShared(const Profile& shorter, const Profile& longer, const Overlap& overlap,
                   const Passage& run, Features& out) {
  const double shared = static_cast<double>(overlap.shared);
  const double shingles_a = shorter.distinct_shingles, shingles_b = longer.distinct_shingles;
  out.jaccard = Share(shared, shingles_a + shingles_b - shared);
  out.shorter_in_longer = Share(shared, shingles_a);
  out.longer_in_shorter = Share(shared, shingles_b);
  const auto units = static_cast<double>(run.units);
  out.longest_run = Share(units, shingles_a + 4);
  out.longest_run_units = std::log1p(units);
  out.same_url = HaveSameUrl(shorter.identity, longer.identity);
}

void MeasureRunRarity(const Profile& shorter, const Passage& run, const Rarity& rarity,
                      double enough, Features& out) {
  out.longest_run_rarity = std::log1p(WeighRun(shorter, run, rarity, enough));
}

void MeasureRarity(const Profile& shorter, const Profile& longer, const Rarity& rarity,
                   Features& out) {
  const RareOverlap rare = WeighOverlap(shorter, longer, rarity);
  out.rare_shorter_in_longer = Share(rare.shared, rare.a);
}

void MeasureRest(const Profile& shorter, const Profile& longer, const Overlap& overlap,
                 Features& out) {
  MeasureWhereAndWhen(shorter, longer, out);
  MeasureNumbers(shorter, longer, overlap, out);
  MeasureTitles(shorter, longer, out);
  out.order_kept = OrderKept(overlap);
  out.in_one_piece = Share(static_cast<double>(UnitsInOnePiece(shorter, longer, overlap)),
                           static_cast<double>(shorter.units.size()));
  out.longer_lead = Mean(overlap.covered_b, 0, kLeadUnits);
  out.both_leads = LeadInBeginning(overlap);
  out.longer_gap = LongestGap(overlap.covered_b);
  out.longer_missing = MissingBlocks(overlap.covered_b);
  MeasureMore(longer, overlap.covered_b, shorter, out);
  out.own_lead_pieces = std::min(OwnLeadPieces(shorter, longer), OwnLeadPieces(longer, shorter));
  out.other_day = shorter.lead_days != 0 && longer.lead_days != 0 &&
                  (shorter.lead_days & longer.days) == 0 &&
                  (shorter.days & longer.lead_days) == 0;
  const double shingles_a = shorter.distinct_shingles, shingles_b = longer.distinct_shingles;
  out.length_ratio = std::log((shingles_b + 1) / (shingles_a + 1));
  out.shorter_length = std::log((shingles_a + 1) / 300);
}

}  // namespace wonbon
