// What one collection must hold, by the plain reference of decisions (tests/oracle), beside the
// engine that is put to the test: the same commands given to both, and what stands in each as a
// picture that can be compared. Not thread-safe.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "core/engine.h"
#include "tests/oracle/command_sequence.h"
#include "tests/oracle/decision_oracle.h"

namespace wonbon::trust {

inline constexpr char kCollection[] = "default";

// Everything that stands, by what it is about: "document 3-7" -> "in c12 EXACT, sequence 31, ...",
// "cluster c12" -> its canonical copy and members, "redirect c9", "deleted 4-2".
using Picture = std::map<std::string, std::string>;

// The first difference in words; "" where there is none.
std::string Difference(const Picture& engine, const Picture& model);

// What was answered to a command.
struct Answer {
  bool acknowledged = false;  // an answer that promises something; else an error of the store
  Sequence sequence = 0;      // of the change; 0 where there was none
  Outcome outcome = Outcome::kCreated;  // of a submission
  std::string told;
};

// The settings of every campaign: preferred publishers, agencies and a retention.
CollectionSettings Settings();
// Makes the collection "default" with these settings where the store is new.
absl::Status SetUp(Engine& engine);
// A command of the sequence, run and waited for.
Answer Run(Engine& engine, const oracle::Command& command,
           const std::string& collection = kCollection);

class Model {
 public:
  // `last_sequence`: of the engine when `collection` had its settings.
  explicit Model(Sequence last_sequence, std::string collection = kCollection)
      : collection_(std::move(collection)), oracle_(Settings(), last_sequence) {}

  // What the engine must answer at `now`. `engine` only prepares the document: any one of the same
  // seed will do.
  Answer Apply(const Engine& engine, const oracle::Command& command, absl::Time now);

  Picture Standing() const;
  // The same of an engine: all that it lists, the ids and clusters that went, and every body.
  absl::StatusOr<Picture> StandingIn(const Engine& engine) const;

 private:
  std::string collection_;
  oracle::DecisionOracle oracle_;
  std::map<std::string, std::string> sent_;  // by id: the document as it was sent last, in words
  std::set<std::string> deleted_;
};

}  // namespace wonbon::trust
