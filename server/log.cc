#include "server/log.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <memory>
#include <utility>

namespace wonbon::server {
namespace {

// The payload as a JSON string, quotes included: the flag %J.
class JsonString : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    out.push_back('"');
    for (const char c : message.payload) {
      const unsigned char byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out.push_back('\\');
        out.push_back(c);
      } else if (byte < 0x20) {
        char escaped[8];
        const int size = std::snprintf(escaped, sizeof escaped, "\\u%04x", byte);
        out.append(escaped, escaped + size);
      } else {
        out.push_back(c);
      }
    }
    out.push_back('"');
  }
  std::unique_ptr<spdlog::custom_flag_formatter> clone() const override {
    return std::make_unique<JsonString>();
  }
};

// Made at the first line and never destroyed: threads may log while the process ends.
spdlog::logger& Logger() {
  static spdlog::logger& logger =
      *new spdlog::logger("wonbond", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  return logger;
}

spdlog::string_view_t View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

void SetUpLog(LogFormat format, LogLevel level) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<JsonString>('J');
  formatter->set_pattern(format == LogFormat::kJson
                             ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":%J})"
                             : "%Y-%m-%dT%H:%M:%S.%eZ %l %v");
  Logger().set_formatter(std::move(formatter));
  switch (level) {
    case LogLevel::kDebug: Logger().set_level(spdlog::level::debug); break;
    case LogLevel::kInfo: Logger().set_level(spdlog::level::info); break;
    case LogLevel::kWarning: Logger().set_level(spdlog::level::warn); break;
    case LogLevel::kError: Logger().set_level(spdlog::level::err); break;
  }
}

void RouteLibraryLogs() {
  gpr_set_log_function([](gpr_log_func_args* args) {
    const std::string message = std::string("grpc: ") + args->message;
    if (args->severity == GPR_LOG_SEVERITY_ERROR) {
      LogWarning(message);
    } else {
      LogDebug(message);
    }
  });
  google::protobuf::SetLogHandler(
      [](google::protobuf::LogLevel, const char*, int, const std::string& message) {
        LogDebug("protobuf: " + message);
      });
}

void LogDebug(std::string_view message) { Logger().debug(View(message)); }
void LogInfo(std::string_view message) { Logger().info(View(message)); }
void LogWarning(std::string_view message) { Logger().warn(View(message)); }
void LogError(std::string_view message) { Logger().error(View(message)); }

}  // namespace wonbon::server
