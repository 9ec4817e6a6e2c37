// wonbon help, version, man, completion: the command itself. No server is asked.
#include "client/command/completion.h"
#include "client/command/guess.h"
#include "client/command/man_page.h"
#include "client/command/verbs.h"

namespace wonbon::client {
namespace {

int Help(const CLI::App& app, const std::vector<std::string>& verbs, const Session& session) {
  const CLI::App* found = &app;
  std::string path = app.get_name();
  for (const std::string& verb : verbs) {
    const CLI::App* const outer = found;
    found = nullptr;
    for (const CLI::App* inner : outer->get_subcommands({})) {
      if (inner->get_name() == verb) found = inner;
    }
    path += " " + verb;
    if (found != nullptr) continue;
    const std::string guess = GuessVerb(*outer, verb);
    session.err << "wonbon: there is no verb \"" << verb << "\""
                << (guess.empty() ? "" : "; did you mean " + guess + "?") << "\n";
    return kExitUsage;
  }
  // App::help() would be that of the verb on this line.
  session.out << app.get_formatter()->make_help(found, path, CLI::AppFormatMode::Normal);
  return kExitOk;
}

}  // namespace

void AddManual(CLI::App& app, Verb* chosen) {
  app.add_subcommand("version", "Which release this is")->callback([chosen] {
    *chosen = [](const Session& session) {
      session.out << "wonbon " WONBON_VERSION "\n";
      return kExitOk;
    };
  });
  auto verbs = std::make_shared<std::vector<std::string>>();
  CLI::App* help = app.add_subcommand("help", "What a verb does, as VERB --help says it");
  help->add_option("VERB", *verbs, "The verb; none: all of them");
  help->callback([&app, chosen, verbs] {
    *chosen = [&app, verbs](const Session& session) { return Help(app, *verbs, session); };
  });
  app.add_subcommand("man", "The manual page, for `man -l -`")->callback([&app, chosen] {
    *chosen = [&app](const Session& session) {
      session.out << ManPage(app);
      return kExitOk;
    };
  });
  auto shell = std::make_shared<std::string>();
  CLI::App* completion = app.add_subcommand("completion", "What a shell needs to complete verbs");
  completion->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->callback([&app, chosen, shell] {
    *chosen = [&app, shell](const Session& session) {
      session.out << *Completion(app, *shell);
      return kExitOk;
    };
  });
}

}  // namespace wonbon::client
