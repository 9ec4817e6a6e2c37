#include "core/judge/judge.h"

#include <algorithm>
#include <cmath>

#include "core/judge/model.h"
#include "core/limits.h"

namespace wonbon {
namespace {

// The probability that remains when a guard says no: what the labels show (18 of 162 pairs).
constexpr double kGuardedScore = 0.1;

constexpr double kNothingShared = 0.04;  // of the shorter text in the longer one
// Other numbers: on this share of the comparable numbers, and at least one telling one a side.
constexpr double kNumbersConflict = 0.5;
constexpr double kNumbersConflictOfTemplate = 0.3;  // with another sign: see OtherNumbers, Link
constexpr double kNumbersTitleJaccard = 0.25;
// ... or another number stands at this share of the places that both have: in a text full of small
// numbers most values of the one are somewhere in the other by chance.
constexpr double kNumbersPlaces = 5;
constexpr double kNumbersPlacesDiffer = 0.65;
constexpr double kNumbersPlacesDifferOfTemplate = 0.5;  // with another sign
const double kNumbersConflictWeight = std::log1p(0.55);
// Forms with other facts than numbers. Names: so many pieces of a headline that its own text alone
// has, on both sides, more where the headlines have less in common; and the leads differ likewise.
constexpr double kNamesAnyway = 4, kFrameTitles = 0.1;
constexpr double kNamesOfAlike = 3, kAlikeTitles = 0.2;
constexpr double kNamesOfSameForm = 2, kSameFormTitles = 0.4;
constexpr double kNamesLead = 0.05;
// ... in a form: a short text, most of which stays, or that is back half a day later. Long articles
// and looser rewritings name the same in other words.
constexpr double kNamesShingles = 500, kNamesJaccard = 0.5, kNamesDays = 0.5;
// More than half of a long text within a day is no form but one article told again.
constexpr double kRetoldJaccard = 0.55, kRetoldDays = 1;
// Days later a form is back: one other name, and hardly anything in the lead, is another story.
constexpr double kFormBackDays = 2;
constexpr double kNamesOfFormBack = 1;
constexpr double kNamesLeadOfFormBack = 0.02;
// Another day in the lead: enough for a bulletin under one headline, published that much apart.
constexpr double kBulletinDays = 0.25;
// ... else the leads must differ beside it, and the headlines be of one form or name others.
constexpr double kOtherDayDays = 0.5;
constexpr double kOtherDayLead = 0.15, kOtherDayLeadOfFormBack = 0.05;
constexpr double kColumnTitles = 0.25;  // of one publisher's column, whose headline keeps its name
// The print edition of the next day, cut: nearly all of it stands in a longer text of before.
constexpr double kCutEdition = 0.9, kCutEditionOf = 0.7;
// Two notices in place of an article (profile.h) are two articles if the headlines share nothing.
constexpr double kNoticeTitles = 0.05;
// Short items, in shingles: captions, serial announcements, flashes.
constexpr double kShortShingles = 260;
constexpr double kShortLongerShingles = 400;
constexpr double kShortTitleJaccard = 0.6;
constexpr double kShortDays = 2;
// ... but for items told anew: half of the shorter headline is kept and nearly all of the text, or
// nearly all of the headline.
constexpr double kToldAnewTitle = 0.5, kToldAnew = 0.9;
constexpr double kCaptionJaccard = 0.75;  // two captions with less in common are of two moments
// A case moves on in hours: within minutes, two headlines name the same stage in other words.
constexpr double kNextStageDays = 0.4 / 24;
// What is as alike as this is a copy, whatever its headline says.
constexpr double kNextStageJaccard = 0.8;
// Below, two texts are two articles, unless the shorter one stands in the longer as a whole: of the
// clear labels there 7 of 111 are the same article. Of the doubtful ones most are, so that the
// score is no probability here: it is kept below kSameArticleScore because a false merge hides a
// story.
constexpr double kLittleJaccard = 0.365;
constexpr double kLittleContainment = 0.85;
constexpr double kLittleScore = 0.4;
// With no more than this in common the rest is not even looked at: most candidates are such, and
// 1 of 41 labelled pairs of this kind is one article.
constexpr double kFarJaccard = 0.15;
constexpr double kFarContainment = 0.4;
constexpr double kUrlReusedContainment = 0.3;
// A page of which less is kept was told anew; of others the model knows.
constexpr double kPageKept = 0.5;
constexpr double kPageDays = 1;
constexpr double kPageScore = 0.9;
constexpr double kFormJaccard = 0.3;  // short items with less in common have passages, not a form
// An item of a round-up: nearly all of it stands there below its headline, beside as much as this
// share of something else.
constexpr double kItemContainment = 0.9;
constexpr double kItemRest = 0.8;
// Cut copies.
constexpr double kCutScore = 0.9;
constexpr double kCutContainment = 0.95;
constexpr double kCutLead = 0.9;
constexpr double kCutDays = 2;
constexpr double kCutNumbersConflict = 0.2;
// Versions: one publisher's 1보, 2보, 종합 of one day, whatever the numbers and names became.
constexpr double kVersionDays = 1;
constexpr double kVersionTitles = 0.4;
constexpr double kVersionContainment = 0.4;
constexpr double kVersionGrowth = 0.1;
constexpr double kVersionScore = 0.9;
// Links.
constexpr double kInside = 0.8;         // in one piece, from which the shorter text is inside
constexpr double kInsideRest = 0.85;    // and of the longer one less than this is the shorter
constexpr double kInsideAmongOthers = 0.5;  // ... or so little that their numbers need not agree
constexpr double kPassageUnits = 24;    // a passage: a run of a sentence's length ...
constexpr double kPassageRarity = 12;   // ... that is no footer or form: so much by rarity ...
constexpr double kPassageShare = 0.12;  // ... or this share of the shorter text, by rarity

// Too little in common to ask further.
bool IsFar(const Features& f) {
  if (f.same_url > 0) return false;
  return f.shorter_in_longer < kNothingShared ||
         (f.jaccard < kFarJaccard && f.shorter_in_longer < kFarContainment);
}
bool HasLongRun(const Features& f) { return f.longest_run_units >= std::log1p(kPassageUnits); }
bool HasRareRun(const Features& f) {
  return HasLongRun(f) && f.longest_run_rarity >= std::log1p(kPassageRarity);
}
double Days(const Features& f) { return std::expm1(f.days_apart); }
double ShorterShingles(const Features& f) { return 300 * std::exp(f.shorter_length); }

// What stands under one url within a day is one article, whatever changed: no guard is about it.
bool IsOneDaysPage(const Features& f) { return f.same_url > 0 && Days(f) < kPageDays; }

bool IsRevision(const Features& f) {
  return IsOneDaysPage(f) && f.shorter_in_longer < kPageKept;
}

bool OtherNumbers(const Features& f) {
  if (IsOneDaysPage(f)) return false;  // figures of a running story
  const bool in_text =
      f.numbers_conflict >= kNumbersConflict && f.numbers_conflict_weight >= kNumbersConflictWeight;
  const bool in_place =
      f.numbers_places >= kNumbersPlaces && f.numbers_places_differ >= kNumbersPlacesDiffer;
  // Headlines alike but for their numbers need less of it in the text.
  const bool in_headline = f.title_numbers_conflict == 1 &&
                           f.title_jaccard >= kNumbersTitleJaccard &&
                           (f.numbers_conflict >= kNumbersConflictOfTemplate ||
                            (f.numbers_places >= kNumbersPlaces &&
                             f.numbers_places_differ >= kNumbersPlacesDifferOfTemplate));
  return in_text || in_place || in_headline;
}

bool OtherNames(const Features& f) {
  const double names = f.own_title_pieces;
  const bool retold = ShorterShingles(f) >= kNamesShingles && f.jaccard >= kRetoldJaccard &&
                      Days(f) < kRetoldDays;
  if (f.same_url > 0 || retold) return false;
  if (Days(f) >= kFormBackDays && f.title_jaccard >= kSameFormTitles &&
      names >= kNamesOfFormBack && f.own_lead_pieces >= kNamesLeadOfFormBack) {
    return true;
  }
  // Two articles in one frame: their leads may be the frame's.
  if (names >= kNamesAnyway && f.title_jaccard < kFrameTitles) return true;
  if (f.own_lead_pieces < kNamesLead) return false;
  if (names >= kNamesAnyway) return true;
  const bool form = ShorterShingles(f) < kNamesShingles &&
                    (f.jaccard >= kNamesJaccard || Days(f) >= kNamesDays);
  return form && ((names >= kNamesOfAlike && f.title_jaccard >= kAlikeTitles) ||
                  (names >= kNamesOfSameForm && f.title_jaccard >= kSameFormTitles));
}

bool OtherDay(const Features& f) {
  const bool cut_edition = f.same_publisher > 0 && f.shorter_in_longer >= kCutEdition &&
                           f.longer_in_shorter < kCutEditionOf;
  if (f.other_day == 0 || f.same_url > 0 || cut_edition) return false;
  if (f.title_equal > 0) return Days(f) >= kBulletinDays;
  const double lead = Days(f) >= kFormBackDays ? kOtherDayLeadOfFormBack : kOtherDayLead;
  return Days(f) >= kOtherDayDays && f.own_lead_pieces >= lead &&
         (f.title_jaccard >= kSameFormTitles || f.own_title_pieces >= kNamesOfSameForm ||
          (f.same_publisher > 0 && f.title_jaccard >= kColumnTitles));
}

bool IsNotice(const Features& f) {
  return f.both_notices > 0 && f.same_url == 0 && f.title_jaccard < kNoticeTitles;
}

bool IsSerialHeadline(const Features& f) {
  return f.title_other_numbers > 0 && f.numbers_conflict > 0 && f.same_url == 0;
}

bool IsCaptionOfOtherMoment(const Features& f) {
  return f.both_captions > 0 && f.title_equal == 0 && f.jaccard < kCaptionJaccard;
}

bool ShortItemsOfOnePublisher(const Features& f) {
  const double shorter = ShorterShingles(f);
  const double longer = shorter * std::exp(f.length_ratio);
  return f.same_publisher > 0 && f.same_url == 0 && shorter < kShortShingles &&
         longer < kShortLongerShingles;
}

bool ShortOtherHeadline(const Features& f) {
  const bool told_anew = f.both_captions == 0 && f.title_containment >= kToldAnewTitle &&
                         (f.shorter_in_longer >= kToldAnew || f.title_containment >= kToldAnew);
  return ShortItemsOfOnePublisher(f) && f.title_missing == 0 &&
         f.title_jaccard < kShortTitleJaccard && !told_anew;
}

bool ShortOtherDay(const Features& f) {
  return ShortItemsOfOnePublisher(f) && Days(f) >= kShortDays;
}

bool IsUrlReused(const Features& f) {
  return f.same_url > 0 && f.shorter_in_longer < kUrlReusedContainment;
}

bool IsNextStage(const Features& f) {
  return f.new_case_stage > 0 && f.same_url == 0 && Days(f) > kNextStageDays &&
         (f.jaccard < kNextStageJaccard || f.other_day > 0);
}

bool IsRoundUp(const Features& f) {
  return f.title_in_other_body > 0 && f.title_equal == 0 &&
         f.shorter_in_longer >= kItemContainment && f.longer_in_shorter < kItemRest;
}

// A cut copy, or the extended one of a brief: the whole text is there under the same headline and
// begins with the same lead.
bool IsCutCopy(const Features& f) {
  return f.title_equal > 0 && f.shorter_in_longer >= kCutContainment && f.both_leads >= kCutLead &&
         f.title_in_other_body == 0 && f.numbers_conflict < kCutNumbersConflict &&
         f.title_numbers_conflict == 0 && Days(f) < kCutDays;
}

bool IsVersion(const Features& f) {
  // A text that has not grown and has other numbers is no version but the next issue.
  const bool grown = f.length_ratio > kVersionGrowth || !OtherNumbers(f);
  return f.own_update > 0 && Days(f) < kVersionDays && f.title_containment >= kVersionTitles &&
         f.shorter_in_longer >= kVersionContainment && grown;
}

bool IsLittleShared(const Features& f) {
  return f.jaccard < kLittleJaccard && f.same_url == 0 && f.shorter_in_longer < kLittleContainment;
}

// What is asked of two texts that are not the same and share enough to ask: the first test that
// holds decides. The verdict is the range that it leaves to the model's probability: of pairs that
// one rule decided the more alike count for more.
struct RuleRow {
  Rule rule;
  bool (*holds)(const Features&);
  double least;
  double most;
};
constexpr RuleRow kRules[] = {
    {Rule::kRevision, IsRevision, kPageScore, 1},
    {Rule::kVersion, IsVersion, kVersionScore, 1},
    {Rule::kOtherNumbers, OtherNumbers, 0, kGuardedScore},
    {Rule::kSerialHeadline, IsSerialHeadline, 0, kGuardedScore},
    {Rule::kNotice, IsNotice, 0, kGuardedScore},
    {Rule::kCaptionOtherMoment, IsCaptionOfOtherMoment, 0, kGuardedScore},
    {Rule::kShortOtherHeadline, ShortOtherHeadline, 0, kGuardedScore},
    {Rule::kShortOtherDay, ShortOtherDay, 0, kGuardedScore},
    {Rule::kOtherDay, OtherDay, 0, kGuardedScore},
    {Rule::kOtherNames, OtherNames, 0, kGuardedScore},
    {Rule::kUrlReused, IsUrlReused, 0, kGuardedScore},
    {Rule::kNextStage, IsNextStage, 0, kGuardedScore},
    {Rule::kRoundUp, IsRoundUp, 0, kGuardedScore},
    {Rule::kCutCopy, IsCutCopy, kCutScore, 1},
};

// The rule that decides, and the probability that it leaves.
void Decide(Judgement& out) {
  const Features& f = out.features;
  const double model = SameArticleProbability(f);
  for (const RuleRow& row : kRules) {
    const bool is_guard = row.most <= kGuardedScore;
    if ((is_guard && IsOneDaysPage(f)) || !row.holds(f)) continue;
    out.rule = row.rule;
    out.score = row.least + (row.most - row.least) * model;
    return;
  }
  const bool little = model >= kSameArticleScore && IsLittleShared(f);
  out.rule = little ? Rule::kLittleShared : Rule::kModel;
  out.score = little ? kLittleScore : model;
}

// The relation of two documents that are not the same article. `submitted_is_shorter`: which of
// them EXCERPT and EMBEDS speak of.
// REQUIRES: MeasureWhatIsRare.
Relation NameLink(const Features& f, Rule rule, bool submitted_is_shorter) {
  const bool other_numbers = f.numbers_conflict >= kNumbersConflictOfTemplate &&
                             f.numbers_conflict_weight >= kNumbersConflictWeight;
  const bool short_items = rule == Rule::kShortOtherHeadline || rule == Rule::kShortOtherDay;
  const bool one_form = rule == Rule::kSerialHeadline || rule == Rule::kCaptionOtherMoment ||
                        rule == Rule::kNotice || f.jaccard >= kFormJaccard;
  // What is little alike for one article is no form either, whatever day or names it tells.
  const bool form_of_another = f.jaccard >= kLittleJaccard &&
                               (rule == Rule::kOtherDay ||
                                (rule == Rule::kOtherNames && f.title_jaccard >= kAlikeTitles));
  const bool other_facts = rule == Rule::kNotice || rule == Rule::kOtherNumbers ||
                           rule == Rule::kSerialHeadline || rule == Rule::kCaptionOtherMoment ||
                           short_items || form_of_another ||
                           ((rule == Rule::kModel || rule == Rule::kLittleShared) &&
                            other_numbers);
  const bool passage = HasRareRun(f) || f.rare_shorter_in_longer >= kPassageShare;
  if (!passage) return Relation::kUnique;
  const Relation inside = submitted_is_shorter ? Relation::kExcerpt : Relation::kEmbeds;
  if (f.in_one_piece >= kInside && f.longer_in_shorter < kInsideAmongOthers) return inside;
  if (other_facts && one_form) return Relation::kTemplate;
  if (f.in_one_piece >= kInside && f.longer_in_shorter < kInsideRest) return inside;
  return Relation::kOverlap;
}

// True if `a` is to be called the shorter one: a total order, so that it does not depend on which
// was submitted first.
bool IsShorter(const Profile& a, const Profile& b) {
  if (a.distinct_shingles != b.distinct_shingles) return a.distinct_shingles < b.distinct_shingles;
  if (a.identity.text != b.identity.text) return a.identity.text < b.identity.text;
  return a.identity.headline < b.identity.headline;
}

// What a link is named by. More is asked only where a passage of some length does not answer.
void MeasureWhatIsRare(const Profile& shorter, const Profile& longer, const Passage& run,
                       const Rarity& rarity, Features& f) {
  if (HasLongRun(f)) MeasureRunRarity(shorter, run, rarity, kPassageRarity, f);
  if (!HasRareRun(f)) MeasureRarity(shorter, longer, rarity, f);
}

void FillShares(bool submitted_is_shorter, Judgement& out) {
  const Features& f = out.features;
  out.jaccard = f.jaccard;
  out.containment = submitted_is_shorter ? f.shorter_in_longer : f.longer_in_shorter;
  out.containment_in = submitted_is_shorter ? f.longer_in_shorter : f.shorter_in_longer;
}

}  // namespace

Judgement Judge(const Profile& submitted, const Profile& earlier, const Rarity& rarity) {
  const bool submitted_is_shorter = IsShorter(submitted, earlier);
  const Profile& shorter = submitted_is_shorter ? submitted : earlier;
  const Profile& longer = submitted_is_shorter ? earlier : submitted;
  const bool same_text = shorter.identity.text == longer.identity.text;
  const bool is_short = IsShortText(shorter.distinct_shingles);
  const Overlap overlap = FindOverlap(shorter, longer);
  const Passage run = LongestRun(shorter, longer, overlap);
  Judgement out;
  Features& f = out.features;
  MeasureShared(shorter, longer, overlap, run, f);
  FillShares(submitted_is_shorter, out);
  const auto link = [&] {
    MeasureWhatIsRare(shorter, longer, run, rarity, f);
    return NameLink(f, out.rule, submitted_is_shorter);
  };
  if (!same_text && !is_short && IsFar(f)) {
    out.rule = Rule::kNothingShared;
    if (f.shorter_in_longer >= kNothingShared) out.relation = link();
    return out;
  }
  MeasureRest(shorter, longer, overlap, f);
  if (same_text && IsNotice(f)) {
    out.rule = Rule::kNotice;
    out.score = kGuardedScore;
    out.relation = Relation::kTemplate;
    return out;
  }
  if (same_text && (!is_short || shorter.identity.headline == longer.identity.headline)) {
    out.jaccard = out.containment = out.containment_in = out.score = 1;
    out.relation = Relation::kExact;
    out.rule = Rule::kSameText;
    return out;
  }
  if (is_short && !IsRevision(f)) {
    out.rule = Rule::kShortText;
    out.score = same_text ? kGuardedScore : 0;
    out.relation = same_text ? Relation::kTemplate : link();
    return out;
  }
  Decide(out);
  if (out.score < kSameArticleScore) {
    out.relation = link();
  } else {
    out.relation = f.same_url > 0 ? Relation::kRevision : Relation::kNear;
  }
  return out;
}

}  // namespace wonbon
