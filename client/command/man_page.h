// The manual page, from what --help says.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace wonbon::client {

// In the language of man(7).
std::string ManPage(const CLI::App& app);

}  // namespace wonbon::client
