#include "server/log.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <utility>

#include "server/limits.h"

namespace wonbon::server {
namespace {

// As a JSON string, quotation marks included.
void AppendQuoted(std::string_view text, std::string* out) {
  out->push_back('"');
  for (const char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (byte < 0x20) {
      char escaped[8];
      const int size = std::snprintf(escaped, sizeof escaped, "\\u%04x", byte);
      out->append(escaped, static_cast<size_t>(size));
    } else {
      out->push_back(c);
    }
  }
  out->push_back('"');
}

// Whether a value needs quotation marks to be told from what follows it.
bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '"' && c != '=';
  });
}

std::atomic<LogFormat> format_in_use{LogFormat::kText};

// Made at the first line and never destroyed: threads may log while the process ends.
spdlog::logger& Logger() {
  static spdlog::logger& logger =
      *new spdlog::logger("wonbond", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  return logger;
}

void Log(spdlog::level::level_enum level, std::string_view message, LogFields fields) {
  if (!Logger().should_log(level)) return;
  const std::string line = LogLine(format_in_use, message, fields);
  Logger().log(level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

void SetUpLog(LogFormat format, LogLevel level) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->set_pattern(format == LogFormat::kJson
                             ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                             : "%Y-%m-%dT%H:%M:%S.%eZ %l %v");
  Logger().set_formatter(std::move(formatter));
  format_in_use = format;
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

void LogDebug(std::string_view message, LogFields fields) {
  Log(spdlog::level::debug, message, fields);
}
void LogInfo(std::string_view message, LogFields fields) {
  Log(spdlog::level::info, message, fields);
}
void LogWarning(std::string_view message, LogFields fields) {
  Log(spdlog::level::warn, message, fields);
}
void LogError(std::string_view message, LogFields fields) {
  Log(spdlog::level::err, message, fields);
}

std::string LogLine(LogFormat format, std::string_view message, LogFields fields) {
  const bool json = format == LogFormat::kJson;
  std::string line(json ? R"("message":)" : message);
  if (json) AppendQuoted(message, &line);
  for (const LogField& field : fields) {
    if (field.value.empty()) continue;
    line.append(json ? ",\"" : " ").append(field.name).append(json ? "\":" : "=");
    if (field.is_text && (json || !IsPlain(field.value))) {
      AppendQuoted(field.value, &line);
    } else {
      line.append(field.value);
    }
  }
  return line;
}

std::optional<uint64_t> LineLimit::Take() {
  absl::MutexLock lock(&mutex_);
  if (Since(since_) >= absl::Seconds(1)) {
    since_ = MonotonicNow();
    lines_ = 0;
  }
  if (++lines_ > kMaxSampledLines) {
    ++left_out_;
    return std::nullopt;
  }
  return std::exchange(left_out_, 0);
}

}  // namespace wonbon::server
