#include "server/admin/slow_calls.h"

#include <algorithm>
#include <utility>

#include "core/views.h"
#include "server/limits.h"

namespace wonbon::server {

void SlowCalls::Add(SlowCall call) {
  if (const std::optional<uint64_t> left_out = lines_.Take()) {
    LogWarning("slow call", {{"rpc", call.rpc},
                             {"collection", call.collection},
                             {"ms", absl::ToInt64Milliseconds(call.took)},
                             {"request_bytes", call.request_bytes},
                             {"response_bytes", call.response_bytes},
                             {"code", Std(absl::StatusCodeToString(call.code))},
                             {"caller", call.caller},
                             {"traceparent", call.traceparent},
                             {"left_out", *left_out}});
  }
  absl::MutexLock lock(&mutex_);
  ++total_;
  newest_.push_back(std::move(call));
  if (newest_.size() > kMaxSlowCalls) newest_.pop_front();
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
