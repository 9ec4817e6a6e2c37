// What `wonbon import` says at its end.
#pragma once

#include <ostream>
#include <string>

#include "client/command/options.h"
#include "client/import/dry_run.h"
#include "client/import/tally.h"

namespace wonbon::client {

// What became of the lines, as --output says.
void PrintSummary(std::ostream& out, Output output, const Tally& tally);

// What was read otherwise than it stands, and keys that are no field, in words.
void PrintNotes(std::ostream& err, const KeyCounts& keys, uint64_t times_without_zone,
                const std::string& timezone);

// What would be sent where, and what was not looked at.
void PrintDryRun(std::ostream& out, const Session& session, const DryRunReport& report);

}  // namespace wonbon::client
