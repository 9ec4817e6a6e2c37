#include "client/command/run.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "client/command/examples.h"
#include "client/command/guess.h"
#include "client/command/table.h"
#include "client/command/verbs.h"

namespace wonbon::client {
namespace {

constexpr char kAbout[] =
    "wonbon finds near-duplicates of Korean news articles: it asks a wonbond server.";
// To somebody who starts it to see what it is.
constexpr char kFirstWords[] =
    "wonbon asks a wonbond server about near-duplicates of Korean news articles.\n"
    "Start a server:     wonbond --insecure\n"
    "Bring in articles:  wonbon import articles.jsonl\n"
    "Look at clusters:   wonbon clusters --min-size=2\n"
    "Everything else:    wonbon --help\n";
constexpr char kFooter[] =
    "The options above are taken before and behind the verb. `wonbon VERB --help` explains a "
    "verb.\n"
    "Exit code: 0 if every item succeeded, 1 if one failed, 2 for a wrong command line.";

// The last verb on the line that was recognised: its help is the one to show.
const CLI::App* Innermost(const CLI::App* app) {
  for (const CLI::App* verb : app->get_subcommands()) return Innermost(verb);
  return app;
}

// Lets the shared options stand behind verbs, and behind verbs of verbs, and shows examples.
// `path`: the verbs before, "keys ".
void FallThrough(CLI::App* app, const std::string& path) {
  for (CLI::App* verb : app->get_subcommands({})) {
    verb->fallthrough();
    verb->footer(
        ExampleText(path + verb->get_name()) +
        "The options of `wonbon --help` (--endpoint, --output and others) belong here too.");
    FallThrough(verb, path + verb->get_name() + " ");
  }
}

// The word that stands where a verb would: the first that is no option, nor the value of one. Empty
// where there is none.
std::string WordForVerb(const CLI::App& app, const std::vector<std::string>& arguments) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].starts_with("-")) return arguments[i];
    const CLI::Option* option = app.get_option_no_throw(arguments[i]);
    if (option != nullptr && option->get_items_expected_max() > 0) ++i;
  }
  return "";
}

// What is wrong with the line, and what to do.
void Complain(const CLI::App& app, const std::vector<std::string>& arguments,
              const CLI::ParseError& error, std::ostream& err) {
  const CLI::App* verb = Innermost(&app);
  const std::string word = verb == &app ? WordForVerb(app, arguments) : "";
  if (word.empty()) {
    err << "wonbon: " << error.what();
  } else {
    const std::string guess = GuessVerb(app, word);
    err << "wonbon: there is no verb \"" << word << "\""
        << (guess.empty() ? "" : "; did you mean " + guess + "?");
  }
  err << "\nSee: wonbon";
  if (verb != &app) err << " " << verb->get_name();
  err << " --help" << std::endl;
}

}  // namespace

int RunWonbon(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  if (arguments.empty()) {
    err << kFirstWords;
    return kExitUsage;
  }
  GlobalOptions global;
  Verb chosen;
  CLI::App app(kAbout, "wonbon");
  app.footer(kFooter);
  app.set_version_flag("--version", "wonbon " WONBON_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  AddGlobalOptions(app, &global);
  for (const auto add : {AddSubmit, AddCompare, AddDocuments, AddClusters, AddEditing, AddWatch,
                         AddImport, AddExport, AddReport, AddServer, AddTop, AddDoctor,
                         AddCollections, AddKeys, AddBackup, AddDump, AddManual}) {
    add(app, &chosen);
  }
  FallThrough(&app, "");
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
    Complain(app, arguments, error, err);
    return kExitUsage;
  }
  const bool terminal = &out == &std::cout && ::isatty(STDOUT_FILENO) != 0;
  const char* no_color = std::getenv("NO_COLOR");
  const Session session{.global = global,
                        .out = out,
                        .err = err,
                        .out_columns = terminal ? TerminalWidth(STDOUT_FILENO) : 0,
                        .colour = terminal && (no_color == nullptr || *no_color == '\0'),
                        .err_is_terminal = &err == &std::cerr && ::isatty(STDERR_FILENO) != 0};
  const int code = chosen(session);
  out.flush();
  return out.good() ? code : std::max(code, kExitFailed);
}

}  // namespace wonbon::client
