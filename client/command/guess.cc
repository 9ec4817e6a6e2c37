#include "client/command/guess.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace wonbon::client {
namespace {

// As other programs call them.
constexpr std::pair<std::string_view, std::string_view> kOtherWords[] = {
    {"add", "submit"},     {"put", "submit"},     {"post", "submit"},    {"index", "submit"},
    {"insert", "submit"},  {"search", "check"},   {"query", "check"},    {"test", "check"},
    {"find", "get"},       {"show", "get"},       {"fetch", "get"},      {"remove", "delete"},
    {"rm", "delete"},      {"del", "delete"},     {"diff", "compare"},   {"ls", "documents"},
    {"list", "documents"}, {"join", "merge"},     {"unmerge", "split"},  {"events", "watch"},
    {"tail", "watch"},     {"follow", "watch"},   {"load", "import"},    {"ingest", "import"},
    {"upload", "import"},  {"dump", "export"},    {"info", "stats"},     {"status", "health"},
    {"ping", "health"},    {"diagnose", "doctor"}, {"monitor", "top"},
    {"ready", "health"},   {"tenants", "collections"},
};

// Letters to put in, take out, change or swap (optimal string alignment).
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> distance(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      size_t& here = distance[i][j];
      if (i == 0 || j == 0) {
        here = i + j;
        continue;
      }
      here = std::min({distance[i - 1][j] + 1, distance[i][j - 1] + 1,
                       distance[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        here = std::min(here, distance[i - 2][j - 2] + 1);
      }
    }
  }
  return distance[a.size()][b.size()];
}

}  // namespace

std::string GuessVerb(const CLI::App& app, const std::string& word) {
  for (const auto& [other, verb] : kOtherWords) {
    if (other == word && app.get_name() == "wonbon") return std::string(verb);
  }
  std::string best;
  size_t best_distance = std::max<size_t>(word.size() / 3, 1);
  for (const CLI::App* verb : app.get_subcommands({})) {
    const std::string& name = verb->get_name();
    // The beginning of a verb, or one that is nearer than those before it.
    const size_t distance =
        word.size() >= 2 && name.starts_with(word) ? 0 : Distance(word, name);
    if (distance > best_distance || (distance == best_distance && !best.empty())) continue;
    best = name;
    best_distance = distance;
  }
  return best;
}

}  // namespace wonbon::client
