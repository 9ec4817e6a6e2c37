// The server's log on stderr: text for people, or a JSON object a line for machines.
//
// Thread-safe. Never a title, a body or the seed: log ids, counts and names. One file includes
// spdlog.
#pragma once

#include <string>
#include <string_view>

namespace wonbon::server {

enum class LogFormat { kText, kJson };
enum class LogLevel { kDebug, kInfo, kWarning, kError };

// Before the first line; later calls change format and level.
void SetUpLog(LogFormat format, LogLevel level);
// What gRPC and protobuf have to say goes to the same log, more mildly: their errors are about what
// peers do. From then on for the whole process.
void RouteLibraryLogs();

void LogDebug(std::string_view message);
void LogInfo(std::string_view message);
void LogWarning(std::string_view message);
void LogError(std::string_view message);

}  // namespace wonbon::server
