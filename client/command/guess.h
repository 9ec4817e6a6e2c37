// What somebody may have meant who wrote a verb that there is not.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace wonbon::client {

// A verb of `app` that is near to `word`, or that other programs call so; empty where there is
// none.
std::string GuessVerb(const CLI::App& app, const std::string& word);

}  // namespace wonbon::client
