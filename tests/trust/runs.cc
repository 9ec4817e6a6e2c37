#include "tests/trust/runs.h"

#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/check.h"

namespace wonbon::trust {
namespace {

namespace fs = std::filesystem;

}  // namespace

Bases::Bases(std::string folder, uint64_t seed)
    : folder_(std::move(folder)),
      base_{.folder = absl::StrCat(folder_, "/base", seed),
            .answers = absl::StrCat(folder_, "/base", seed, ".answers"),
            .seed = seed} {
  fs::remove_all(base_.folder);
  fs::remove(base_.answers);
  const Ending made = InChild([&](std::string*) { return MakeBase(base_); });
  WONBON_CHECK(!made.died && made.code == 0);
}

Place Bases::Copy(const std::string& name) const {
  const Place place{.folder = folder_ + "/" + name,
                    .answers = folder_ + "/" + name + ".answers",
                    .seed = base_.seed};
  fs::remove_all(place.folder);
  fs::copy(base_.folder, place.folder, fs::copy_options::recursive);
  fs::copy_file(base_.answers, place.answers, fs::copy_options::overwrite_existing);
  return place;
}

Verdict VerifyInChild(const Place& place) {
  const Ending ending = InChild([&](std::string* out) {
    const Verdict verdict = Verify(place);
    *out = absl::StrCat(verdict.acknowledged, "\n", verdict.words);
    return static_cast<int>(verdict.kind);
  });
  if (ending.died || ending.killed) {
    return {Verdict::Kind::kDifferent, 0, absl::StrCat("verifying ", ending.words)};
  }
  const std::vector<std::string> parts = absl::StrSplit(ending.words, absl::MaxSplits('\n', 1));
  Verdict verdict{.kind = static_cast<Verdict::Kind>(ending.code)};
  WONBON_CHECK(parts.size() == 2 && absl::SimpleAtoi(parts[0], &verdict.acknowledged));
  verdict.words = parts[1];
  return verdict;
}

Verdict Judge(const Place& place, const Ending& ending, const std::string& what, Row* row) {
  const Verdict verdict = VerifyInChild(place);
  ++row->runs;
  row->acknowledged += verdict.acknowledged;
  row->died += ending.died;
  // A store that was only struck, not damaged, has to open.
  row->lost += verdict.kind == Verdict::Kind::kLost || verdict.kind == Verdict::Kind::kRefused;
  row->different += verdict.kind == Verdict::Kind::kDifferent;
  if (!row->quiet && (ending.died || verdict.kind != Verdict::Kind::kSame)) {
    std::fprintf(stderr, "%s: seed %llu, %s: %s%s\n  left in %s\n", row->campaign.c_str(),
                 static_cast<unsigned long long>(place.seed), what.c_str(),
                 ending.died ? (ending.words + "; ").c_str() : "", verdict.words.c_str(),
                 place.folder.c_str());
    return verdict;
  }
  fs::remove_all(place.folder);
  fs::remove(place.answers);
  return verdict;
}

}  // namespace wonbon::trust
