// The verbs of the command. Each function adds one verb (or a few that share their options) to the
// command line; when it is given, `*chosen` is what to run.
#pragma once

#include "client/command/options.h"

namespace wonbon::client {

void AddSubmit(CLI::App& app, Verb* chosen);  // submit, check
void AddCompare(CLI::App& app, Verb* chosen);
void AddDocuments(CLI::App& app, Verb* chosen);  // get, delete, unblock
void AddClusters(CLI::App& app, Verb* chosen);   // cluster, clusters, documents
void AddEditing(CLI::App& app, Verb* chosen);    // pin, merge, split
void AddWatch(CLI::App& app, Verb* chosen);
void AddImport(CLI::App& app, Verb* chosen);
void AddExport(CLI::App& app, Verb* chosen);
void AddServer(CLI::App& app, Verb* chosen);  // stats, health
void AddCollections(CLI::App& app, Verb* chosen);
void AddKeys(CLI::App& app, Verb* chosen);
void AddBackup(CLI::App& app, Verb* chosen);  // backup, read-only
void AddDump(CLI::App& app, Verb* chosen);    // dump, load
void AddReport(CLI::App& app, Verb* chosen);
void AddTop(CLI::App& app, Verb* chosen);
void AddDoctor(CLI::App& app, Verb* chosen);
void AddManual(CLI::App& app, Verb* chosen);  // help, version, man, completion

}  // namespace wonbon::client
