// Flags and environment: the one file that includes CLI11.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <deque>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/views.h"
#include "server/admission/memory_ceiling.h"
#include "server/config/config.h"
#include "server/config/man_page.h"
#include "server/config/settings.h"

namespace wonbon::server {
namespace {

constexpr char kDescription[] =
    "wonbond: near-duplicate detection for Korean news over gRPC.\n"
    "Settings come from flags, then WONBON_* environment variables, then the TOML file of "
    "--config, "
    "then defaults.";

std::string HelpOf(const Setting& setting, const Config& defaults) {
  std::string help(setting.help);
  if (!setting.choices.empty()) absl::StrAppend(&help, " (", Absl(setting.choices), ")");
  const std::string value = TextOf(setting, defaults);
  absl::StrAppend(&help, " [", value.empty() ? "unset" : value, ", ", EnvironmentOf(setting), "]");
  return help;
}

// .8 of what is granted, in whole MiB: the rest is for what a request takes while it is worked on,
// and for the pages of files that reads are fast by.
ByteSize MemoryLimitOf(uint64_t granted) { return {(granted / 10 * 8) >> 20 << 20}; }

// A flag of the table, with what the command line gave for it.
struct Flag {
  const Setting* setting;
  std::string text;
  CLI::Option* option;
};

void AddFlags(CLI::App& app, std::deque<Flag>& flags) {
  const Config defaults;
  for (const Setting& setting : Settings()) {
    Flag& flag = flags.emplace_back(Flag{&setting, "", nullptr});
    const std::string name = "--" + FlagOf(setting);
    const std::string help = HelpOf(setting, defaults);
    if (std::holds_alternative<bool Config::*>(setting.field)) {
      flag.option = app.add_flag(name, flag.text, help);
    } else {
      // An empty value is one ("--admin-listen="), which CLI11 takes for none.
      flag.option = app.add_option(name, flag.text, help)->expected(0, 1);
    }
  }
}

absl::StatusOr<Config> Gather(const std::deque<Flag>& flags, std::string file) {
  Config config;
  if (file.empty()) {
    if (const char* named = std::getenv("WONBON_CONFIG")) file = named;
  }
  if (!file.empty()) {
    const absl::StatusOr<std::vector<GivenValue>> values = ReadConfigFile(file);
    if (!values.ok()) return values.status();
    absl::Status applied = Apply(*values, config);
    if (!applied.ok()) return applied;
  }
  std::vector<GivenValue> values;
  for (const Setting& setting : Settings()) {
    const std::string variable = EnvironmentOf(setting);
    if (const char* text = std::getenv(variable.c_str())) {
      values.push_back({std::string(setting.name), text, "environment " + variable});
    }
  }
  for (const Flag& flag : flags) {
    if (flag.option->count() == 0) continue;
    values.push_back(
        {std::string(flag.setting->name), flag.text, "flag --" + FlagOf(*flag.setting)});
  }
  absl::Status applied = Apply(values, config);
  if (!applied.ok()) return applied;
  return config;
}

std::string ManPageOf(const CLI::App& app) {
  const std::vector<const CLI::Option*> options = app.get_options();
  std::vector<DescribedFlag> flags;
  flags.reserve(options.size());
  for (const CLI::Option* option : options) {
    const bool takes_value = option->get_items_expected_max() > 0;
    flags.push_back({option->get_name(false, true) + (takes_value ? " " : "") +
                         (takes_value ? option->get_type_name() : ""),
                     option->get_description()});
  }
  return ManPage(app.get_description(), flags);
}

// What is done with a folder instead of serving.
struct FolderFlags {
  std::string verified;
  std::vector<std::string> salvaged;
  std::vector<std::string> restored;
};

void AddFolderFlags(CLI::App& app, FolderFlags& flags) {
  app.add_option("--verify", flags.verified,
                 "Read all of the data folder DIR, say what is whole and what is damaged, and "
                 "exit; with 0 only if all is whole.")
      ->type_name("DIR");
  app.add_option("--salvage", flags.salvaged,
                 "Copy what is whole of the data folder DIR into the new folder NEW, and exit.")
      ->expected(2)
      ->type_name("DIR NEW");
  app.add_option("--restore", flags.restored,
                 "Make the new data folder NEW of the backup in the folder BACKUP, and exit.")
      ->expected(2)
      ->type_name("BACKUP NEW");
}

// Whether one was given; puts it into `line`.
bool NamesFolder(const FolderFlags& flags, CommandLine& line) {
  if (!flags.verified.empty()) {
    line.action = CommandLine::Action::kVerify;
    line.folder = flags.verified;
    return true;
  }
  const bool salvages = !flags.salvaged.empty();
  const std::vector<std::string>& given = salvages ? flags.salvaged : flags.restored;
  if (given.empty()) return false;
  line.action = salvages ? CommandLine::Action::kSalvage : CommandLine::Action::kRestore;
  line.folder = given[0];
  line.new_folder = given[1];
  return true;
}

}  // namespace

absl::StatusOr<CommandLine> ReadCommandLine(int argc, const char* const* argv) {
  CLI::App app(kDescription, "wonbond");
  std::deque<Flag> flags;
  std::string file;
  bool print_config = false;
  bool example_config = false;
  bool check_config = false;
  bool man = false;
  app.add_option("--config", file, "TOML file with settings [unset, WONBON_CONFIG]");
  AddFlags(app, flags);
  app.add_flag("--print-config", print_config,
               "Print every setting and where it came from, and exit.");
  app.add_flag("--example-config", example_config,
               "Print a configuration file with every setting and what it means, those that are "
               "given set, the others commented out with their defaults, and exit.");
  app.add_flag("--check-config", check_config, "Check the settings, and exit.");
  app.add_flag("--man", man, "Print the manual page, for `man -l -`, and exit.");
  FolderFlags folders;
  AddFolderFlags(app, folders);
  app.set_version_flag("--version", std::string("wonbond " WONBON_VERSION));
  CommandLine line;
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    line.action = CommandLine::Action::kShow;
    line.text = app.help();
    return line;
  } catch (const CLI::CallForVersion& version) {
    line.action = CommandLine::Action::kShow;
    line.text = absl::StrCat(version.what(), "\n");
    return line;
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(error.what(), "; wonbond --help lists the flags"));
  }
  if (man) {
    line.action = CommandLine::Action::kShow;
    line.text = ManPageOf(app);
    return line;
  }
  absl::StatusOr<Config> config = Gather(flags, file);
  if (!config.ok()) return config.status();
  line.config = *std::move(config);
  if (line.config.memory_limit.bytes == 0) {
    line.config.memory_limit = MemoryLimitOf(GrantedMemory());
  }
  if (print_config || example_config) {
    // Printed even where it is not valid: that is when it is needed.
    line.action =
        print_config ? CommandLine::Action::kPrintConfig : CommandLine::Action::kExampleConfig;
    return line;
  }
  if (NamesFolder(folders, line)) return line;
  absl::Status valid = Validate(line.config);
  if (!valid.ok()) return valid;
  if (check_config) line.action = CommandLine::Action::kCheckConfig;
  return line;
}

}  // namespace wonbon::server
