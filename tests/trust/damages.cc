// Damage at rest: one file of a closed store is changed as disks, copies and people change them.
// The store refuses and names the file, or it is as it was: never something else.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "tests/corpus/random.h"
#include "tests/trust/campaigns.h"
#include "tests/trust/runs.h"

namespace wonbon::trust {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDamages[] = {"bit", "block", "cut", "emptied", "removed"};

std::vector<std::string> FilesOf(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), folder));
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Whether the file is another one afterwards.
bool Damage(const std::string& path, const std::string& how, corpus::Random& random) {
  std::ifstream in(path, std::ios::binary);
  const std::string before{std::istreambuf_iterator<char>(in), {}};
  in.close();
  std::string bytes = before;
  if (how == "removed") return fs::remove(path);
  if (bytes.empty()) return false;
  const size_t at = random.Below(bytes.size());
  if (how == "bit") bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.Below(8)));
  if (how == "block") {
    const size_t begin = at / 512 * 512;
    const size_t end = std::min(bytes.size(), begin + 512);
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
              bytes.begin() + static_cast<std::ptrdiff_t>(end), '\0');
  }
  if (how == "cut") bytes.resize(at);
  if (how == "emptied") bytes.clear();
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  return bytes != before;
}

// Of db/CURRENT, which says which manifest is meant, either name will do.
bool Names(const std::string& words, const std::string& file) {
  const std::string name = fs::path(file).filename();
  return absl::StrContains(words, name) ||
         (name == "CURRENT" && absl::StrContains(words, "MANIFEST"));
}

}  // namespace

Row Damages(const Options& options) {
  Row row{.campaign = "damages"};
  corpus::Random random(options.seed);
  constexpr uint64_t kRunsOfABase = 200;
  for (uint64_t run = 0; run < options.runs;) {
    const Bases bases(options.folder, random.Next() % 1'000'000);
    for (uint64_t i = 0; i < kRunsOfABase && run < options.runs; ++i, ++run) {
      const Place place = bases.Copy(absl::StrCat("damage", run));
      const std::vector<std::string> files = FilesOf(place.folder);
      const std::string& file = files[run % files.size()];
      const std::string how = kDamages[run / files.size() % std::size(kDamages)];
      row.faults += Damage(place.folder + "/" + file, how, random);
      const Verdict verdict = VerifyInChild(place);
      const bool refused = verdict.kind == Verdict::Kind::kRefused;
      const bool unnamed = refused && !Names(verdict.words, file);
      const bool lost = verdict.kind == Verdict::Kind::kLost;
      const bool different = verdict.kind == Verdict::Kind::kDifferent;
      ++row.runs;
      row.acknowledged += verdict.acknowledged;
      row.refused += refused;
      row.unnamed += unnamed;
      row.lost += lost;
      row.different += different;
      if (lost || different) {
        std::fprintf(stderr, "damages: seed %llu, %s of %s: %s\n  left in %s\n",
                     static_cast<unsigned long long>(place.seed), how.c_str(), file.c_str(),
                     verdict.words.c_str(), place.folder.c_str());
        continue;
      }
      fs::remove_all(place.folder);
      fs::remove(place.answers);
    }
  }
  return row;
}

}  // namespace wonbon::trust
