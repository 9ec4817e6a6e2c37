#include "client/command/man_page.h"

#include "client/command/examples.h"

namespace wonbon::client {
namespace {

// Text as man(7) takes it: a backslash and a minus are spelt, and no line begins with a control
// character.
std::string Plain(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_begins = c == '\n';
  }
  return out;
}

// ".TP", the option as it is written, what it is for.
void AppendOption(const CLI::Option& option, std::string* page) {
  const std::string written = option.get_name(option.get_positional(), !option.get_positional());
  *page += ".TP\n\\fB" + Plain(written) + "\\fR";
  if (!option.get_positional() && option.get_items_expected_max() > 0) {
    const std::string type = option.get_type_name();
    *page += " \\fI" + Plain(type.substr(0, type.find(':'))) + "\\fR";
  }
  *page += "\n" + Plain(option.get_description()) + "\n";
}

void AppendOptions(const CLI::App& app, std::string* page) {
  for (const CLI::Option* option : app.get_options()) AppendOption(*option, page);
}

void AppendVerb(const CLI::App& verb, const std::string& path, std::string* page) {
  *page += ".SS " + Plain(path) + "\n" + Plain(verb.get_description()) + ".\n";
  AppendOptions(verb, page);
  for (const Example& example : ExamplesOf(path)) {
    *page += ".PP\n" + Plain(example.what) + ":\n.PP\n.RS\n.nf\n" + Plain(example.line) +
             "\n.fi\n.RE\n";
  }
  for (const CLI::App* inner : verb.get_subcommands({})) {
    AppendVerb(*inner, path + " " + inner->get_name(), page);
  }
}

}  // namespace

std::string ManPage(const CLI::App& app) {
  std::string page = ".TH WONBON 1 \"\" \"wonbon " WONBON_VERSION "\"\n.SH NAME\nwonbon \\- ";
  page += "near\\-duplicates of Korean news articles\n.SH SYNOPSIS\n";
  page += ".B wonbon\n[\\fIOPTIONS\\fR] \\fIVERB\\fR [\\fIOPTIONS\\fR]\n.SH DESCRIPTION\n";
  page += Plain(app.get_description()) + "\n.SH OPTIONS\n";
  AppendOptions(app, &page);
  page += ".SH VERBS\n";
  for (const CLI::App* verb : app.get_subcommands({})) {
    AppendVerb(*verb, verb->get_name(), &page);
  }
  page += ".SH EXIT STATUS\n";
  page += "0 if every item succeeded, 1 if one failed, 2 for a wrong command line.\n";
  return page;
}

}  // namespace wonbon::client
