// One campaign: trust CAMPAIGN --runs=N --seed=N --folder=DIR [--first=N]. Prints its row, and to
// stderr what went wrong; exit code 1 where something did.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "tests/trust/campaigns.h"

namespace wonbon::trust {
namespace {

int Usage() {
  std::fputs("usage: trust kills|power-cuts|operations|damages|histories|seeded-bugs --runs=N "
             "--seed=N --folder=DIR\n",
             stderr);
  return 2;
}

int Main(int argc, char** argv) {
  const std::map<std::string, Row (*)(const Options&)> campaigns = {
      {"kills", Kills},         {"power-cuts", PowerCuts}, {"operations", Operations},
      {"damages", Damages},     {"histories", Histories},  {"seeded-bugs", SeededBugs}};
  Options options;
  const auto campaign = argc < 2 ? campaigns.end() : campaigns.find(argv[1]);
  if (campaign == campaigns.end()) return Usage();
  for (int i = 2; i < argc; ++i) {
    absl::string_view value = argv[i];
    bool understood = true;
    if (absl::ConsumePrefix(&value, "--runs=")) {
      understood = absl::SimpleAtoi(value, &options.runs);
    } else if (absl::ConsumePrefix(&value, "--seed=")) {
      understood = absl::SimpleAtoi(value, &options.seed);
    } else if (absl::ConsumePrefix(&value, "--first=")) {
      understood = absl::SimpleAtoi(value, &options.first);
    } else if (absl::ConsumePrefix(&value, "--folder=")) {
      options.folder = std::string(value);
    } else {
      understood = false;
    }
    if (!understood) return Usage();
  }
  if (options.folder.empty()) return Usage();
  const Row row = campaign->second(options);
  std::printf("%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
              "\t%" PRIu64 "\t%" PRIu64 "\n",
              row.campaign.c_str(), row.runs, row.faults, row.acknowledged, row.refused, row.died,
              row.lost, row.different, row.unnamed);
  return row.good() ? 0 : 1;
}

}  // namespace
}  // namespace wonbon::trust

int main(int argc, char** argv) { return wonbon::trust::Main(argc, argv); }
