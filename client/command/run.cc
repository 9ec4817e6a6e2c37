#include "client/command/run.h"

#include <unistd.h>

#include <iostream>

#include "client/command/verbs.h"

namespace wonbon::client {
namespace {

constexpr char kAbout[] =
    "wonbon finds near-duplicates of Korean news articles: it asks a wonbond server.";
constexpr char kFooter[] =
    "The options above are taken before and behind the verb. `wonbon VERB --help` explains a "
    "verb.\n"
    "Exit code: 0 if every item succeeded, 1 if one failed, 2 for a wrong command line.";

// Lets the shared options stand behind verbs, and behind verbs of verbs.
void FallThrough(CLI::App* app) {
  for (CLI::App* verb : app->get_subcommands({})) {
    verb->fallthrough();
    verb->footer(
        "The options of `wonbon --help` (--endpoint, --output and others) belong here too.");
    FallThrough(verb);
  }
}

// The last verb on the line that was recognised: its help is the one to show.
const CLI::App* Innermost(const CLI::App* app) {
  for (const CLI::App* verb : app->get_subcommands()) return Innermost(verb);
  return app;
}

}  // namespace

int RunWonbon(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  GlobalOptions global;
  Verb chosen;
  CLI::App app(kAbout, "wonbon");
  app.footer(kFooter);
  app.set_version_flag("--version", "wonbon " WONBON_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  AddGlobalOptions(app, &global);
  for (const auto add : {AddSubmit, AddCompare, AddDocuments, AddClusters, AddEditing, AddWatch,
                         AddImport, AddExport, AddServer, AddCollections, AddKeys, AddBackup}) {
    add(app, &chosen);
  }
  FallThrough(&app);
  // CLI11 reports by exceptions; they end here.
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForVersion& version) {
    out << version.what() << std::endl;
    return kExitOk;
  } catch (const CLI::Success&) {  // --help
    out << app.help();
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    err << "wonbon: " << error.what() << "\nSee: wonbon";
    const CLI::App* verb = Innermost(&app);
    if (verb != &app) err << " " << verb->get_name();
    err << " --help" << std::endl;
    return kExitUsage;
  }
  const Session session{.global = global,
                        .out = out,
                        .err = err,
                        .out_is_terminal = &out == &std::cout && ::isatty(STDOUT_FILENO) != 0,
                        .err_is_terminal = &err == &std::cerr && ::isatty(STDERR_FILENO) != 0};
  const int code = chosen(session);
  out.flush();
  return out.good() ? code : std::max(code, kExitFailed);
}

}  // namespace wonbon::client
