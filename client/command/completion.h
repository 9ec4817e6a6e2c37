// What a shell completes, from the verbs and options that there are.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace wonbon::client {

// A script for "bash", "zsh" or "fish"; nothing for another shell.
std::optional<std::string> Completion(const CLI::App& app, const std::string& shell);

}  // namespace wonbon::client
