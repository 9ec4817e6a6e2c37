#include "core/cluster/family.h"

#include <algorithm>
#include <cmath>

namespace wonbon {
namespace {

// What hangs together by `connects(text, other)`, by the first texts.
template <typename Connects>
std::vector<std::vector<size_t>> Components(size_t texts, Connects connects) {
  std::vector<std::vector<size_t>> components;
  std::vector<bool> reached(texts);
  for (size_t begin = 0; begin < texts; ++begin) {
    if (reached[begin]) continue;
    reached[begin] = true;
    std::vector<size_t>& places = components.emplace_back(1, begin);
    for (size_t next = 0; next < places.size(); ++next) {
      for (size_t other = 0; other < texts; ++other) {
        if (reached[other] || !connects(places[next], other)) continue;
        reached[other] = true;
        places.push_back(other);
      }
    }
  }
  return components;
}

}  // namespace

int16_t PairScore(const Judgement& judgement) {
  switch (judgement.rule) {
    case Rule::kSameText:
      return kExactPair;
    case Rule::kNothingShared:
      return kNothingPair;
    case Rule::kLittleShared:
      return kLittlePair;
    case Rule::kRevision:
    case Rule::kVersion:
    case Rule::kCutCopy:
    case Rule::kModel:
      break;
    default:
      return kGuardedPair;
  }
  const double odds = judgement.score / std::max(1 - judgement.score, 1e-9);
  const double hundredths = std::floor(100 * std::log(std::max(odds, 1e-9)));
  // A guard's own weight says that there was one.
  const int16_t least = judgement.rule == Rule::kCutCopy ? kCutPair : kGuardedPair + 1;
  const double bounded = std::clamp<double>(hundredths, least, kExactPair);
  // Rounding connects nothing that was judged another article.
  return static_cast<int16_t>(judgement.same_article() ? std::max(bounded, 0.0)
                                                       : std::min(bounded, -1.0));
}

PairWeight WeighPair(const Judgement& judgement, uint32_t shingles) {
  const long shared = std::lround(judgement.containment * shingles);
  return {.score = PairScore(judgement),
          .shared = static_cast<uint16_t>(std::clamp<long>(shared, 0, UINT16_MAX))};
}

int16_t ScoreOf(const FamilyRecord& family, size_t text, size_t other) {
  return family.scores[PairPlace(std::max(text, other), std::min(text, other))];
}

uint16_t SharedBy(const FamilyRecord& family, size_t text, size_t other) {
  return family.shared[PairPlace(std::max(text, other), std::min(text, other))];
}

FamilyRecord Select(const FamilyRecord& family, std::vector<size_t> places) {
  std::sort(places.begin(), places.end(), [&](size_t a, size_t b) {
    return family.texts[a].number < family.texts[b].number;
  });
  FamilyRecord selected{.collection = family.collection, .texts = {}, .scores = {},
                        .shared = {}, .full = family.full};
  for (size_t i = 0; i < places.size(); ++i) {
    selected.texts.push_back(family.texts[places[i]]);
    for (size_t j = 0; j < i; ++j) {
      selected.scores.push_back(ScoreOf(family, places[i], places[j]));
      selected.shared.push_back(SharedBy(family, places[i], places[j]));
    }
  }
  return selected;
}

std::vector<std::vector<size_t>> StandingBlocks(const FamilyRecord& family) {
  return Components(family.texts.size(), [&family](size_t text, size_t other) {
    const int16_t score = ScoreOf(family, text, other);
    const bool together = family.texts[text].cluster == family.texts[other].cluster;
    return score == kBoundPair || (together && score != kApartPair);
  });
}

std::vector<std::vector<size_t>> Partitioned(const FamilyRecord& family,
                                             const std::vector<size_t>& order) {
  std::vector<int16_t> scores;
  scores.reserve(family.scores.size());
  for (size_t i = 0; i < order.size(); ++i) {
    for (size_t j = 0; j < i; ++j) scores.push_back(ScoreOf(family, order[i], order[j]));
  }
  std::vector<std::vector<size_t>> blocks = Partition(order.size(), scores);
  for (std::vector<size_t>& block : blocks) {
    for (size_t& place : block) place = order[place];
  }
  return blocks;
}

std::vector<FamilyRecord> Connected(const FamilyRecord& family) {
  std::vector<FamilyRecord> connected;
  const auto connects = [&family](size_t text, size_t other) {
    return Connects(ScoreOf(family, text, other));
  };
  for (std::vector<size_t>& places : Components(family.texts.size(), connects)) {
    connected.push_back(Select(family, std::move(places)));
  }
  return connected;
}

absl::StatusOr<FamilyRecord> Unite(absl::Span<const FamilyRecord> families,
                                   const PairJudge& judge) {
  struct Place {
    FamilyText text;
    const FamilyRecord* family = nullptr;
    size_t place = 0;  // in it
  };
  std::vector<Place> places;
  for (const FamilyRecord& family : families) {
    for (size_t i = 0; i < family.texts.size(); ++i) {
      places.push_back({family.texts[i], &family, i});
    }
  }
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.text.number < b.text.number; });
  FamilyRecord united;
  for (const Place& later : places) {
    united.collection = later.family->collection;
    for (const Place& earlier : places) {
      if (&earlier == &later) break;
      if (earlier.family == later.family) {
        united.scores.push_back(ScoreOf(*later.family, later.place, earlier.place));
        united.shared.push_back(SharedBy(*later.family, later.place, earlier.place));
        continue;
      }
      const absl::StatusOr<PairWeight> pair = judge(later.text.number, earlier.text.number);
      if (!pair.ok()) return pair.status();
      united.scores.push_back(pair->score);
      united.shared.push_back(pair->shared);
    }
    united.texts.push_back(later.text);
  }
  return united;
}

}  // namespace wonbon
