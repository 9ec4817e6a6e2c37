#include "server/admin/slow_calls.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/limits.h"
#include "server/log.h"

namespace wonbon::server {
namespace {

// "slow call rpc=/wonbon.v1.DedupService/Submit collection=news ms=1234 ...": fields as logfmt.
std::string LineOf(const SlowCall& call) {
  std::string line = absl::StrCat("slow call rpc=", call.rpc);
  const auto add = [&line](const char* name, const std::string& value) {
    if (!value.empty()) absl::StrAppend(&line, " ", name, "=", value);
  };
  add("collection", call.collection);
  absl::StrAppend(&line, " ms=", absl::ToInt64Milliseconds(call.took),
                  " request_bytes=", call.request_bytes, " response_bytes=", call.response_bytes,
                  " code=", absl::StatusCodeToString(call.code));
  add("caller", call.caller);
  add("traceparent", call.traceparent);
  return line;
}

}  // namespace

bool SlowCalls::MayLog() {
  if (Since(lines_since_) >= absl::Seconds(1)) {
    lines_since_ = MonotonicNow();
    lines_ = 0;
  }
  return ++lines_ <= kMaxSlowCallLines;
}

void SlowCalls::Add(SlowCall call) {
  const std::string line = LineOf(call);
  bool logged = false;
  {
    absl::MutexLock lock(&mutex_);
    logged = MayLog();
    ++total_;
    newest_.push_back(std::move(call));
    if (newest_.size() > kMaxSlowCalls) newest_.pop_front();
  }
  if (logged) LogWarning(line);
}

SlowCalls::Listed SlowCalls::List() const {
  Listed listed;
  {
    absl::MutexLock lock(&mutex_);
    listed.calls.assign(newest_.begin(), newest_.end());
    listed.total = total_;
  }
  std::stable_sort(listed.calls.begin(), listed.calls.end(),
                   [](const SlowCall& a, const SlowCall& b) { return a.took > b.took; });
  return listed;
}

std::string_view Traceparent(std::string_view value) {
  constexpr std::string_view kForm = "00-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx";
  if (value.size() != kForm.size()) return {};
  for (size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (kForm[i] == 'x' ? !is_hex : c != kForm[i]) return {};
  }
  return value;
}

}  // namespace wonbon::server
