#include "server/admission/fair_queue.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"

namespace wonbon::server {
namespace {

// Shares of the workers' time where all kinds have work waiting.
constexpr std::array<int64_t, kWorkKinds> kWeights = {0, 4, 2, 1};  // answers: before all
// The pace of a kind is what it was during about this long, and the cost of a task the mean of
// about so many.
constexpr double kMemoryNanoseconds = 100e6;
constexpr double kCostMemory = 32;

}  // namespace

void FairQueue::Pace::Add(double gap) {
  const double kept = std::exp(-gap / kMemoryNanoseconds);
  turns = turns * kept + 1;
  nanoseconds = nanoseconds * kept + gap;
}

void FairQueue::Push(Lane lane, Task task, bool request) {
  Kind& kind = Of(lane.kind);
  if (kind.waiting == 0) {
    // Nobody waits: what anybody had before does not matter.
    kind.flows.clear();
    kind.order.clear();
    kind.turn = std::max(kind.turn, clock_);
  }
  const auto [found, is_new] = kind.flows.try_emplace(lane.connection);
  Flow& flow = found->second;
  if (is_new) {
    flow.turn = kind.clock;
    flow.order = ++arrivals_;
    kind.order.insert({{flow.turn, flow.order}, lane.connection});
  }
  if (flow.waiting.empty()) ++kind.busy;
  flow.waiting.emplace_back(std::move(task), request);
  ++kind.waiting;
  if (request) {
    ++flow.requests;
    ++requests_;
  }
}

bool FairQueue::Has(bool bulk) const {
  return Of(WorkKind::kAnswer).waiting > 0 || Of(WorkKind::kRead).waiting > 0 ||
         Of(WorkKind::kWrite).waiting > 0 || (bulk && Of(WorkKind::kBulk).waiting > 0);
}

WorkKind FairQueue::Next(bool bulk) const {
  if (Of(WorkKind::kAnswer).waiting > 0) return WorkKind::kAnswer;
  const Kind* next = nullptr;
  for (size_t i = static_cast<size_t>(WorkKind::kRead); i < kinds_.size(); ++i) {
    if (kinds_[i].waiting == 0 || (!bulk && static_cast<WorkKind>(i) == WorkKind::kBulk)) continue;
    if (next == nullptr || kinds_[i].turn < next->turn) next = &kinds_[i];
  }
  WONBON_CHECK(next != nullptr);
  return static_cast<WorkKind>(next - kinds_.data());
}

std::pair<uint64_t, FairQueue::Flow*> FairQueue::NextFlow(Kind& kind) {
  while (true) {
    const uint64_t connection = kind.order.begin()->second;
    Flow& flow = kind.flows.at(connection);
    if (!flow.waiting.empty()) return {connection, &flow};
    kind.order.erase(kind.order.begin());
    kind.flows.erase(connection);
  }
}

void FairQueue::Move(Kind& kind, uint64_t connection, Flow& flow, int64_t turn) {
  kind.order.erase({{flow.turn, flow.order}, connection});
  flow.turn = turn;
  flow.order = ++arrivals_;
  kind.order.insert({{flow.turn, flow.order}, connection});
}

FairQueue::Taken FairQueue::Pop(bool bulk, MonotonicTime now) {
  const WorkKind which = Next(bulk);
  Kind& kind = Of(which);
  const auto [connection, flow] = NextFlow(kind);
  Taken taken{.lane = {which, connection},
              .task = std::move(flow->waiting.front().first),
              .request = flow->waiting.front().second,
              .charged = static_cast<int64_t>(kind.cost)};
  flow->waiting.pop_front();
  if (flow->waiting.empty()) --kind.busy;
  --kind.waiting;
  if (taken.request) {
    --flow->requests;
    --requests_;
  }
  kind.clock = std::max(kind.clock, flow->turn);
  Move(kind, connection, *flow, flow->turn + taken.charged);
  if (which != WorkKind::kAnswer) {
    clock_ = kind.turn;
    kind.turn += taken.charged / kWeights[static_cast<size_t>(which)];
  }
  if (kind.steady) {
    kind.pace.Add(static_cast<double>(Nanoseconds(now - kind.last_turn).count()));
  }
  kind.steady = kind.waiting > 0;
  kind.last_turn = now;
  return taken;
}

void FairQueue::Finished(const Taken& taken, Nanoseconds took) {
  Kind& kind = Of(taken.lane.kind);
  const int64_t owed = took.count() - taken.charged;
  kind.cost += (static_cast<double>(took.count()) - kind.cost) / kCostMemory;
  if (taken.lane.kind != WorkKind::kAnswer) {
    kind.turn += owed / kWeights[static_cast<size_t>(taken.lane.kind)];
  }
  const auto flow = kind.flows.find(taken.lane.connection);
  if (flow == kind.flows.end()) return;  // it was alone, or is long past
  Move(kind, taken.lane.connection, flow->second, flow->second.turn + owed);
}

FairQueue::Nanoseconds FairQueue::ExpectedWait(Lane lane, size_t tasks, MonotonicTime now) const {
  const Kind& kind = Of(lane.kind);
  if (kind.waiting == 0) return Nanoseconds(0);
  const auto flow = kind.flows.find(lane.connection);
  const size_t own = flow == kind.flows.end() ? 0 : flow->second.waiting.size();
  const size_t others = kind.busy - (own > 0 ? 1 : 0);
  // Every other connection has a turn for each of this one's, as far as there are so many tasks.
  const size_t before = std::min(kind.waiting + tasks, (own + tasks) * (others + 1)) - 1;
  const double wait = static_cast<double>(before + 1) * kind.pace.gap();
  // Nobody had a turn for longer than usual: the workers stand still.
  const double silence =
      kind.steady ? static_cast<double>(Nanoseconds(now - kind.last_turn).count()) : 0;
  return Nanoseconds(static_cast<int64_t>(wait + std::max(0.0, silence - kind.pace.gap())));
}

size_t FairQueue::requests_of(Lane lane) const {
  const Kind& kind = Of(lane.kind);
  const auto flow = kind.flows.find(lane.connection);
  return flow == kind.flows.end() ? 0 : flow->second.requests;
}

}  // namespace wonbon::server
