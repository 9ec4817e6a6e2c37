// The server's log on stderr: text for people, or a JSON object a line for machines. A line is a
// message and fields: "opened documents=12 ms=40", {"message":"opened","documents":12,"ms":40}.
//
// Thread-safe. Never a title, a body or the seed: log ids, counts and names. One file includes
// spdlog.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/monotonic.h"

namespace wonbon::server {

enum class LogFormat { kText, kJson };
enum class LogLevel { kDebug, kInfo, kWarning, kError };

// A field of a line. Text that is empty leaves it out.
struct LogField {
  LogField(std::string_view name_in, std::string_view text)
      : name(name_in), value(text), is_text(true) {}
  LogField(std::string_view name_in, const char* text)
      : LogField(name_in, std::string_view(text)) {}
  LogField(std::string_view name_in, bool truth)
      : name(name_in), value(truth ? "true" : "false") {}
  template <std::integral Number>
  LogField(std::string_view name_in, Number number)
      : name(name_in), value(std::to_string(number)) {}

  std::string_view name;
  std::string value;
  bool is_text = false;
};
using LogFields = std::initializer_list<LogField>;

// Before the first line; later calls change format and level.
void SetUpLog(LogFormat format, LogLevel level);
// What gRPC and protobuf have to say goes to the same log, more mildly: their errors are about what
// peers do. From then on for the whole process.
void RouteLibraryLogs();

void LogDebug(std::string_view message, LogFields fields = {});
void LogInfo(std::string_view message, LogFields fields = {});
void LogWarning(std::string_view message, LogFields fields = {});
void LogError(std::string_view message, LogFields fields = {});

// What is logged of a message and fields: exposed for its test.
std::string LogLine(LogFormat format, std::string_view message, LogFields fields);

// Keeps what may come often from filling the log: kMaxSampledLines a second have a line.
class LineLimit {
 public:
  // How many had none since the last one that had; nothing: nor has this one.
  std::optional<uint64_t> Take();

 private:
  absl::Mutex mutex_;
  MonotonicTime since_ ABSL_GUARDED_BY(mutex_);
  int lines_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t left_out_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace wonbon::server
