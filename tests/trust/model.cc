#include "tests/trust/model.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "core/error.h"
#include "core/relation.h"
#include "tests/oracle/tell.h"

namespace wonbon::trust {
namespace {

using oracle::Command;

// Errors by which the engine says that it did nothing for want of a disk or of room.
bool IsRefusal(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status) ||
         absl::IsDataLoss(status) || absl::IsInternal(status);
}

std::string Words(const Document& document) {
  return absl::StrCat(document.title, "|", document.publisher, "|", document.url, "|",
                      document.body);
}

std::string DocumentWords(ClusterId cluster, Relation relation, Sequence sequence,
                          const std::string& sent) {
  const std::string name(Name(relation));
  return absl::StrCat("in ", FormatClusterId(cluster), " ", name, ", sequence ", sequence, ", ",
                      std::hash<std::string>()(sent));
}

std::string ClusterWords(const std::string& canonical, CanonicalReason reason, size_t size,
                         Sequence sequence) {
  return absl::StrCat("canonical ", canonical, " reason ", static_cast<int>(reason), ", size ",
                      size, ", sequence ", sequence);
}

std::string DeletionWords(const std::string& id, absl::StatusCode code, bool deleted) {
  return absl::StrCat(id, " ", absl::StatusCodeToString(code), " ", deleted);
}

Answer Told(const absl::StatusOr<Decision>& decision) {
  Answer answer{.acknowledged = !IsRefusal(decision.status()), .told = oracle::Tell(decision)};
  if (!decision.ok()) return answer;
  answer.outcome = decision->outcome;
  if (decision->outcome != Outcome::kUnchanged) answer.sequence = decision->sequence;
  return answer;
}

Answer Delete(Engine& engine, const std::string& collection, const std::string& id) {
  Answer answer;
  absl::Notification done;
  const absl::Status queued = engine.Delete(
      collection, {id}, {}, [&](std::vector<absl::StatusOr<Engine::Deletion>> results) {
        const absl::StatusOr<Engine::Deletion>& result = results.front();
        const bool deleted = result.ok() && result->deleted;
        answer = {.acknowledged = !IsRefusal(result.status()),
                  .sequence = deleted ? result->tombstone.sequence : 0,
                  .told = DeletionWords(id, result.status().code(), deleted)};
        done.Notify();
      });
  if (!queued.ok()) return {.told = queued.ToString()};
  done.WaitForNotification();
  return answer;
}

}  // namespace

std::string Difference(const Picture& engine, const Picture& model) {
  for (const auto& [about, words] : model) {
    const auto found = engine.find(about);
    const std::string got = found == engine.end() ? "nothing" : found->second;
    if (got != words) return absl::StrCat(about, ": engine: ", got, "; model: ", words);
  }
  for (const auto& [about, words] : engine) {
    if (!model.contains(about)) return absl::StrCat(about, ": engine: ", words, "; model: nothing");
  }
  return "";
}

CollectionSettings Settings() {
  return {.preferred_publishers = {"가람일보", "누리신문"},
          .wire_publishers = {"푸른통신", "가온통신"},
          .retention = absl::Hours(24 * 20)};
}

absl::Status SetUp(Engine& engine) {
  if (absl::Status made = engine.EnsureDefaultCollection(); !made.ok()) return made;
  const auto standing = engine.GetCollection(kCollection);
  if (!standing.ok()) return standing.status();
  const CollectionSettings settings = Settings();
  if (standing->record.settings.retention == settings.retention) return absl::OkStatus();
  return engine
      .UpdateCollection(kCollection, {.preferred_publishers = settings.preferred_publishers,
                                      .wire_publishers = settings.wire_publishers,
                                      .retention = settings.retention})
      .status();
}

Answer Run(Engine& engine, const Command& command, const std::string& collection) {
  switch (command.kind) {
    case Command::Kind::kSubmit: return Told(engine.Submit(collection, command.document));
    case Command::Kind::kDelete: return Delete(engine, collection, command.id);
    default: break;  // editors are not of these campaigns
  }
  const absl::StatusOr<uint64_t> expired = engine.ExpireDocuments();
  return {.acknowledged = expired.ok(),
          .told = expired.ok() ? absl::StrCat("expired ", *expired) : expired.status().ToString()};
}

Answer Model::Apply(const Engine& engine, const Command& command, absl::Time now) {
  const int64_t now_us = absl::ToUnixMicros(now);
  switch (command.kind) {
    case Command::Kind::kSubmit: {
      const auto prepared = engine.Prepare(collection_, command.document);
      if (!prepared.ok()) return {.told = prepared.status().ToString()};
      const absl::StatusOr<Decision> decision = oracle_.Submit(**prepared, now_us);
      if (decision.ok() && decision->outcome != Outcome::kUnchanged) {
        sent_[command.document.id] = Words(command.document);
        deleted_.erase(command.document.id);
      }
      return Told(decision);
    }
    case Command::Kind::kDelete: {
      const absl::StatusOr<bool> deleted = oracle_.Delete(command.id);
      if (deleted.ok() && *deleted) deleted_.insert(command.id);
      return {.acknowledged = true,
              .told = DeletionWords(command.id, deleted.status().code(), deleted.ok() && *deleted)};
    }
    default: break;  // editors are not of these campaigns
  }
  return {.acknowledged = true, .told = absl::StrCat("expired ", oracle_.Expire(now_us))};
}

Picture Model::Standing() const {
  Picture picture;
  for (const auto& [id, number] : oracle_.ids()) {
    const oracle::DecisionOracle::Document& document = oracle_.documents().at(number);
    picture["document " + id] = DocumentWords(document.cluster, document.relation,
                                              document.sequence, sent_.at(id));
  }
  for (const auto& [id, cluster] : oracle_.clusters()) {
    picture["cluster " + FormatClusterId(id)] =
        ClusterWords(oracle_.documents().at(cluster.canonical).text().id, cluster.reason,
                     oracle_.MembersOf(id).size(), cluster.sequence);
  }
  for (const auto& [from, to] : oracle_.redirects()) {
    const bool stands = oracle_.clusters().contains(to);
    picture["redirect " + FormatClusterId(from)] = stands ? FormatClusterId(to) : "nowhere";
  }
  for (const std::string& id : deleted_) picture["deleted " + id] = "yes";
  return picture;
}

absl::StatusOr<Picture> Model::StandingIn(const Engine& engine) const {
  Picture picture;
  DocumentNumber after = DocumentNumber::kNone;
  do {
    const auto page = engine.ListDocuments(collection_, after, 100, true, kMaxPageBytes);
    if (!page.ok()) return page.status();
    for (const StoredDocument& document : page->documents) {
      // By its id, too: the table that leads there is another one.
      const auto by_id = engine.GetDocument(collection_, document.document.id, true);
      if (!by_id.ok()) return by_id.status();
      picture["document " + document.document.id] = DocumentWords(
          by_id->cluster, by_id->relation, by_id->sequence, Words(by_id->document));
    }
    after = page->next;
  } while (after != DocumentNumber::kNone);
  std::optional<ClusterPosition> behind = ClusterPosition();
  do {
    const auto page = engine.ListClusters(collection_, *behind, 100, {});
    if (!page.ok()) return page.status();
    for (const ClusterView& cluster : page->clusters) {
      picture["cluster " + FormatClusterId(cluster.id)] = ClusterWords(
          cluster.canonical.document_id, cluster.canonical.reason, cluster.size, cluster.sequence);
    }
    behind = page->next;
  } while (behind);
  for (const auto& [from, to] : oracle_.redirects()) {
    const auto view = engine.GetCluster(collection_, from, false);
    if (!view.ok() && !absl::IsNotFound(view.status())) return view.status();
    picture["redirect " + FormatClusterId(from)] =
        view.ok() ? FormatClusterId(view->id) : "nowhere";
  }
  for (const std::string& id : deleted_) {
    const absl::Status status = engine.GetDocument(collection_, id, false).status();
    if (!status.ok() && !absl::IsNotFound(status)) return status;
    const bool deleted = ReasonOf(status) == ErrorReason::kDocumentDeleted;
    picture["deleted " + id] = deleted ? "yes" : std::string(status.message());
  }
  return picture;
}

}  // namespace wonbon::trust
