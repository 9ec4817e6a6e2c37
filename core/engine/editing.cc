// Engine: an editor's word. Decided on the commit thread, where clusters are named as the commands
// before it left them.
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/cluster/decide_word.h"
#include "core/engine/parts.h"
#include "core/engine/validate.h"
#include "core/error.h"
#include "core/limits.h"

namespace wonbon {
namespace {

absl::StatusOr<ClusterId> Resolved(const CommitGroup& group, ClusterId id) {
  const ClusterId resolved = group.Resolve(id);
  if (resolved == ClusterId::kNone) return ClusterNotFound(FormatClusterId(id));
  return resolved;
}

// Decides a command on one cluster, the one that `id` leads to by then. `command` outlives it.
template <typename Command>
auto OnCluster(ClusterId id, Command* command,
               absl::StatusOr<Decided<WordResult>> (*decide)(const DecisionContext&,
                                                             const Command&)) {
  return [id, command, decide](const DecisionContext& context,
                               const CommitGroup& group) -> absl::StatusOr<Decided<WordResult>> {
    const absl::StatusOr<ClusterId> cluster = Resolved(group, id);
    if (!cluster.ok()) return cluster.status();
    command->cluster = *cluster;
    return decide(context, *command);
  };
}

absl::Status CheckCount(const char* field, size_t count, size_t most) {
  if (count == 0) return InvalidField(field, "must not be empty");
  if (count <= most) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("at most ", most, ", got ", count));
}

}  // namespace

absl::StatusOr<Engine::Edited> Engine::Edit(std::string_view collection, const Editor& editor,
                                            const Decide& decide) {
  absl::Status valid = ValidateText("actor", editor.actor, kMaxActorBytes);
  if (valid.ok()) valid = ValidateText("note", editor.note, kMaxReasonBytes);
  if (!valid.ok()) return valid;
  Committer& committer = parts_->committer;
  absl::StatusOr<WordResult> result = absl::UnknownError("not run");
  const auto run = [&](CommitGroup& group) {
    const DocumentFetcher fetch = committer.FetcherOf(group);
    absl::StatusOr<Decided<WordResult>> decided = decide(committer.Context(group, fetch), group);
    if (!decided.ok()) {
      result = decided.status();
      return;
    }
    if (decided->change.has_value()) committer.Apply(group, *std::move(decided->change));
    result = std::move(decided->answer);
  };
  const absl::Status written = committer.thread().Run({.documents = 1, .single = true, .run = run});
  if (!written.ok()) return written;
  if (!result.ok()) return result.status();
  absl::StatusOr<ClusterView> cluster = GetCluster(collection, result->cluster, false);
  if (!cluster.ok()) return cluster.status();
  Edited edited{.cluster = *std::move(cluster), .merged = std::move(result->merged)};
  if (result->split_off == ClusterId::kNone) return edited;
  absl::StatusOr<ClusterView> split_off = GetCluster(collection, result->split_off, false);
  if (!split_off.ok()) return split_off.status();
  edited.split_off = *std::move(split_off);
  return edited;
}

absl::StatusOr<Engine::Edited> Engine::PinCanonical(std::string_view collection, ClusterId id,
                                                    std::string_view document_id, Editor editor) {
  const absl::StatusOr<CollectionMoment> at = MomentOf(parts_->published, collection);
  if (!at.ok()) return at.status();
  if (!document_id.empty()) {
    absl::Status valid = ValidateId("document_id", document_id);
    if (!valid.ok()) return valid;
  }
  PinCommand command{.collection = at->collection,
                     .document_id = std::string(document_id),
                     .editor = std::move(editor)};
  return Edit(collection, command.editor, OnCluster(id, &command, DecidePin));
}

absl::StatusOr<Engine::Edited> Engine::MergeClusters(std::string_view collection,
                                                     std::vector<ClusterId> ids, Editor editor) {
  const absl::StatusOr<CollectionMoment> at = MomentOf(parts_->published, collection);
  if (!at.ok()) return at.status();
  absl::Status valid = CheckCount("cluster_ids", ids.size(), kMaxMergedClusters);
  if (!valid.ok()) return valid;
  const auto decide = [&](const DecisionContext& context,
                          const CommitGroup& group) -> absl::StatusOr<Decided<WordResult>> {
    MergeCommand command{.collection = at->collection, .clusters = {}, .editor = editor};
    for (const ClusterId id : ids) {
      const absl::StatusOr<ClusterId> cluster = Resolved(group, id);
      if (!cluster.ok()) return cluster.status();
      command.clusters.push_back(*cluster);
    }
    return DecideMerge(context, command);
  };
  return Edit(collection, editor, decide);
}

absl::StatusOr<Engine::Edited> Engine::SplitCluster(std::string_view collection, ClusterId id,
                                                    std::vector<std::string> document_ids,
                                                    Editor editor) {
  const absl::StatusOr<CollectionMoment> at = MomentOf(parts_->published, collection);
  if (!at.ok()) return at.status();
  absl::Status valid = CheckCount("document_ids", document_ids.size(), kMaxSplitDocuments);
  for (size_t i = 0; valid.ok() && i < document_ids.size(); ++i) {
    valid = ValidateId(absl::StrCat("document_ids[", i, "]"), document_ids[i]);
  }
  if (!valid.ok()) return valid;
  SplitCommand command{.collection = at->collection,
                       .document_ids = std::move(document_ids),
                       .editor = std::move(editor)};
  return Edit(collection, command.editor, OnCluster(id, &command, DecideSplit));
}

}  // namespace wonbon
