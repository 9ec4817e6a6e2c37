// Lines to begin with, for `wonbon VERB --help` and the manual page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wonbon::client {

struct Example {
  std::string_view verb;  // "submit", "keys new"
  std::string_view line;
  std::string_view what;
};

// Of one verb, in order; of all where none is named.
std::vector<Example> ExamplesOf(std::string_view verb = {});

// "\nExamples:\n  wonbon ...\n"; empty where there is none.
std::string ExampleText(std::string_view verb);

}  // namespace wonbon::client
