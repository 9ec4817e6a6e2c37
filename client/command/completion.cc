#include "client/command/completion.h"

#include <functional>
#include <map>
#include <set>

namespace wonbon::client {
namespace {

// Calls visit(app, its verbs as they are written: "wonbon keys new") for all, outermost first.
void Visit(const CLI::App& app, const std::string& path,
           const std::function<void(const CLI::App&, const std::string&)>& visit) {
  visit(app, path);
  for (const CLI::App* verb : app.get_subcommands({})) {
    Visit(*verb, path + " " + verb->get_name(), visit);
  }
}

// "--output" of an option that is written with two dashes.
std::set<std::string> FlagsOf(const CLI::App& app) {
  std::set<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.insert("--" + name);
  }
  return flags;
}

// "table json jsonl" of TEXT:{table,json,jsonl}; empty where any text is taken.
std::string ChoicesOf(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const size_t from = type.find('{');
  const size_t to = type.find('}');
  if (from == std::string::npos || to == std::string::npos) return "";
  std::string choices = type.substr(from + 1, to - from - 1);
  for (char& c : choices) {
    if (c == ',') c = ' ';
  }
  return choices;
}

std::string BashFunction(const CLI::App& app) {
  std::string paths;
  std::string words;
  std::map<std::string, std::string> values;  // by the options that take them
  Visit(app, app.get_name(), [&](const CLI::App& verb, const std::string& path) {
    std::string here;
    for (const CLI::App* inner : verb.get_subcommands({})) here += " " + inner->get_name();
    std::set<std::string> flags = FlagsOf(app);  // they are taken behind verbs, too
    flags.merge(FlagsOf(verb));
    for (const std::string& flag : flags) here += " " + flag;
    if (&verb != &app) paths += (paths.empty() ? "" : " | ") + ("\"" + path + "\"");
    words += "    \"" + path + "\") words=\"" + here.substr(here.empty() ? 0 : 1) + "\" ;;\n";
    for (const CLI::Option* option : verb.get_options()) {
      const std::string choices = ChoicesOf(*option);
      if (choices.empty() || option->get_lnames().empty()) continue;
      values[option->get_lnames().front()] = choices;
    }
  });
  std::string of_options;
  for (const auto& [name, choices] : values) {
    of_options += "    --" + name + ") words=\"" + choices + "\" ;;\n";
  }
  return "_wonbon() {\n"
         "  local path=" + app.get_name() + " words='' i\n"
         "  local current=${COMP_WORDS[COMP_CWORD]}\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case \"$path ${COMP_WORDS[i]}\" in\n"
         "      " + paths + ") path=\"$path ${COMP_WORDS[i]}\" ;;\n"
         "    esac\n"
         "  done\n"
         "  case $path in\n" + words + "  esac\n"
         "  # Bash takes --option=value apart.\n"
         "  i=$((COMP_CWORD - 1))\n"
         "  if [ \"$current\" = '=' ]; then\n"
         "    current=''\n"
         "  elif [ \"${COMP_WORDS[i]}\" = '=' ]; then\n"
         "    i=$((i - 1))\n"
         "  fi\n"
         "  case ${COMP_WORDS[i]} in\n" + of_options + "  esac\n"
         "  # shellcheck disable=SC2207  # words without spaces\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n"
         "complete -o default -F _wonbon wonbon\n";
}

std::string FishQuoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string FishScript(const CLI::App& app) {
  std::string script;
  Visit(app, "", [&](const CLI::App& verb, const std::string& path) {
    const std::string when =
        path.empty() ? "" : " -n '__fish_seen_subcommand_from" + path + "'";
    for (const CLI::App* inner : verb.get_subcommands({})) {
      script += "complete -c wonbon -n '" +
                (path.empty() ? "__fish_use_subcommand"
                              : "__fish_seen_subcommand_from" + path) +
                "' -a " + inner->get_name() + " -d " + FishQuoted(inner->get_description()) + "\n";
    }
    for (const CLI::Option* option : verb.get_options()) {
      if (option->get_lnames().empty()) continue;
      script += "complete -c wonbon" + when + " -l " + option->get_lnames().front();
      if (const std::string choices = ChoicesOf(*option); !choices.empty()) {
        script += " -x -a '" + choices + "'";
      } else if (option->get_items_expected_max() > 0) {
        script += " -r";
      }
      script += " -d " + FishQuoted(option->get_description()) + "\n";
    }
  });
  return script;
}

}  // namespace

std::optional<std::string> Completion(const CLI::App& app, const std::string& shell) {
  if (shell == "bash") return BashFunction(app);
  if (shell == "zsh") {
    return "#compdef wonbon\nautoload -Uz bashcompinit && bashcompinit\n" + BashFunction(app);
  }
  if (shell == "fish") return FishScript(app);
  return std::nullopt;
}

}  // namespace wonbon::client
