// Kills, power cuts and failing operations: one store, one fault in its life, then the question
// what stands.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/check.h"
#include "tests/corpus/random.h"
#include "tests/trust/campaigns.h"
#include "tests/trust/child.h"
#include "tests/trust/runs.h"

namespace wonbon::trust {
namespace {

namespace fs = std::filesystem;
using Act = FaultyDisk::Act;
using Fault = FaultyDisk::Fault;
using Counts = std::map<std::string, int>;

// The operations of a child's work on a disk without fault, by label.
Counts CountOperations(const std::function<int(FaultyDisk&)>& work) {
  const Ending ending = InChild([&](std::string* out) {
    FaultyDisk disk({});
    const int code = work(disk);
    for (const auto& [label, count] : disk.operations()) {
      absl::StrAppend(out, label, "\t", count, "\n");
    }
    return code;
  });
  WONBON_CHECK(!ending.killed && !ending.died && ending.code == 0);
  Counts counts;
  for (const auto line : absl::StrSplit(ending.words, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    WONBON_CHECK(absl::SimpleAtoi(fields[1], &counts[fields[0]]));
  }
  return counts;
}

// One store and the operations that its life takes.
struct Subject {
  Subject(const Options& options, uint64_t seed)
      : bases(options.folder, seed), counts(CountOperations([&](FaultyDisk& disk) {
          return GoOn(bases.Copy("counted"), disk);
        })) {
    for (const auto& [label, count] : counts) {
      all += count;
      labels.push_back(label);
    }
  }
  Bases bases;
  Counts counts;
  int all = 0;
  std::vector<std::string> labels;
};

// A fault that ends the process, at any operation or at one of a named kind.
Fault AnyEnd(Act act, Subject& subject, uint64_t run, corpus::Random& random) {
  Fault fault{.act = act, .after = random.Chance(50), .seed = random.Next()};
  if (run % 2 == 0) {
    fault.at = static_cast<int>(random.Below(static_cast<size_t>(subject.all)));
  } else {
    fault.label = subject.labels[run / 2 % subject.labels.size()];
    fault.at = static_cast<int>(random.Below(static_cast<size_t>(subject.counts[fault.label])));
  }
  return fault;
}

// Every third run is struck again, up to three times, as it recovers.
void StrikeInRecovery(Act act, const Place& place, corpus::Random& random, Row* row) {
  for (int strikes = 1 + static_cast<int>(random.Below(3)); strikes > 0; --strikes) {
    const Fault fault{.act = act,
                      .at = static_cast<int>(random.Below(150)),
                      .after = random.Chance(50),
                      .seed = random.Next()};
    const Ending ending = InChild([&](std::string*) {
      FaultyDisk disk(fault);
      return OpenOnly(place, disk);
    });
    row->died += ending.died;
    row->faults += ending.killed;
  }
}

Row Ends(const char* name, Act act, const Options& options, bool log_syncs_lie = false) {
  Row row{.campaign = name, .quiet = log_syncs_lie};
  corpus::Random random(options.seed);
  constexpr uint64_t kRunsOfABase = 25;
  for (uint64_t run = 0; run < options.runs;) {
    Subject subject(options, random.Next() % 1'000'000);
    for (uint64_t i = 0; i < kRunsOfABase && run < options.runs; ++i, ++run) {
      const Place place = subject.bases.Copy(absl::StrCat(name, run));
      Fault fault = AnyEnd(act, subject, run, random);
      fault.log_syncs_lie = log_syncs_lie;
      const Ending ending = InChild([&](std::string*) {
        FaultyDisk disk(fault);
        return GoOn(place, disk);
      });
      row.faults += ending.killed;
      if (run % 3 == 0) StrikeInRecovery(act, place, random, &row);
      const std::string what = absl::StrCat("at operation ", fault.at, " \"", fault.label, "\"",
                                            fault.after ? ", after it" : "");
      Judge(place, ending, what, &row);
    }
  }
  return row;
}

}  // namespace

Row Kills(const Options& options) { return Ends("kills", Act::kKill, options); }
Row PowerCuts(const Options& options) { return Ends("power-cuts", Act::kPowerCut, options); }
Row PowerCutsWithLyingSyncs(const Options& options) {
  return Ends("lying-syncs", Act::kPowerCut, options, true);
}

// All operations of one life, each with two errors, once and for ever. Fewer runs than that take
// every so manieth.
Row Operations(const Options& options) {
  Row row{.campaign = "operations"};
  Subject subject(options, options.seed);
  std::vector<Fault> faults;
  for (const std::string& label : subject.labels) {
    for (int at = 0; at < subject.counts[label]; ++at) {
      for (const auto error : {FaultyDisk::Error::kBroken, FaultyDisk::Error::kFull}) {
        for (const bool always : {false, true}) {
          faults.push_back(
              {.act = Act::kFail, .at = at, .label = label, .always = always, .error = error});
        }
      }
    }
  }
  const size_t step = std::max<size_t>(1, faults.size() / std::max<uint64_t>(1, options.runs));
  for (size_t i = options.first + options.seed % step; i < faults.size(); i += step) {
    const Place place = subject.bases.Copy(absl::StrCat("operation", i));
    const Fault& fault = faults[i];
    const Ending ending = InChild([&](std::string* out) {
      FaultyDisk disk(fault);
      const int code = GoOn(place, disk);
      *out = disk.struck() > 0 ? "struck" : "";
      return code;
    });
    row.faults += ending.words == "struck" || ending.died;
    const std::string what = absl::StrCat(
        fault.label, " ", fault.at, fault.error == FaultyDisk::Error::kFull ? " full" : " broken",
        fault.always ? " for ever" : " once");
    Judge(place, ending, what, &row);
  }
  return row;
}

}  // namespace wonbon::trust
