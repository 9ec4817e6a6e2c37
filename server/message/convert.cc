#include "server/message/convert.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/error.h"
#include "core/judge/model.h"
#include "server/limits.h"

namespace wonbon::server {
namespace {

constexpr int32_t kNanosPerSecond = 1'000'000'000;

// The values of the two enums are the same (core/relation.h, core/decision.h, core/record.h).
static_assert(static_cast<int>(Relation::kUnique) == v1::RELATION_UNIQUE);
static_assert(static_cast<int>(Relation::kTemplate) == v1::RELATION_TEMPLATE);
static_assert(static_cast<int>(Outcome::kUnchanged) == v1::OUTCOME_UNCHANGED);
static_assert(static_cast<int>(CanonicalReason::kOnlyDocument) ==
              v1::CANONICAL_REASON_ONLY_DOCUMENT);
static_assert(static_cast<int>(CanonicalReason::kLatestRevision) ==
              v1::CANONICAL_REASON_LATEST_REVISION);
static_assert(static_cast<int>(EventType::kCreated) == v1::CLUSTER_EVENT_TYPE_CREATED);
static_assert(static_cast<int>(EventType::kUnpinned) == v1::CLUSTER_EVENT_TYPE_UNPINNED);
static_assert(static_cast<int>(EditorialAct::kPin) == v1::EDITORIAL_ACT_PIN);
static_assert(static_cast<int>(EditorialAct::kSplit) == v1::EDITORIAL_ACT_SPLIT);
static_assert(static_cast<int>(ContentType::kHtml) == v1::CONTENT_TYPE_HTML);

v1::Relation ToProto(Relation in) { return static_cast<v1::Relation>(in); }

std::string ClusterIdToProto(ClusterId id) {
  return id == ClusterId::kNone ? std::string() : FormatClusterId(id);
}

template <class Out>
void AddFlags(uint8_t flags, Out& out) {
  if (flags & kFlagTruncatedCandidates) out.add_flags(v1::FLAG_TRUNCATED_CANDIDATES);
  if (flags & kFlagShortText) out.add_flags(v1::FLAG_SHORT_TEXT);
}

}  // namespace

absl::StatusOr<absl::Time> TimeFromProto(std::string_view field,
                                         const google::protobuf::Timestamp& in) {
  if (in.seconds() < kMinTimestampSeconds || in.seconds() > kMaxTimestampSeconds ||
      in.nanos() < 0 || in.nanos() >= kNanosPerSecond) {
    return InvalidField(field, "must be in the years 1 to 9999");
  }
  return absl::FromUnixSeconds(in.seconds()) + absl::Nanoseconds(in.nanos());
}

absl::StatusOr<Document> FromProto(v1::wire::Document& in) {
  if (!v1::ContentType_IsValid(in.content_type())) {
    return InvalidField("document.content_type", "not a ContentType");
  }
  Document out;
  out.id = std::move(*in.mutable_id());
  out.title = std::move(*in.mutable_title());
  out.body = std::move(*in.mutable_body());
  out.content_type = static_cast<ContentType>(in.content_type());
  out.publisher = std::move(*in.mutable_publisher());
  out.url = std::move(*in.mutable_url());
  out.byline = std::move(*in.mutable_byline());
  out.section = std::move(*in.mutable_section());
  if (in.has_published_at()) {
    absl::StatusOr<absl::Time> at = TimeFromProto("document.published_at", in.published_at());
    if (!at.ok()) return at.status();
    out.published_at = *at;
  }
  out.labels.reserve(in.labels().size());
  for (auto& [key, value] : *in.mutable_labels()) out.labels.emplace_back(key, std::move(value));
  std::sort(out.labels.begin(), out.labels.end());
  return out;
}

absl::StatusOr<CollectionSettings> FromProto(const v1::CollectionSettings& in) {
  CollectionSettings out;
  out.preferred_publishers.assign(in.preferred_publishers().begin(),
                                  in.preferred_publishers().end());
  out.wire_publishers.assign(in.wire_publishers().begin(), in.wire_publishers().end());
  if (in.has_retention()) {
    const google::protobuf::Duration& retention = in.retention();
    if (retention.seconds() < 0 || retention.seconds() > kMaxDurationSeconds ||
        retention.nanos() < 0 || retention.nanos() >= kNanosPerSecond) {
      return InvalidField("settings.retention", "must not be negative nor past 10,000 years");
    }
    out.retention = absl::Seconds(retention.seconds()) + absl::Nanoseconds(retention.nanos());
  }
  return out;
}

absl::StatusOr<SettingsUpdate> FromProto(const v1::UpdateCollectionRequest& in) {
  absl::StatusOr<CollectionSettings> settings = FromProto(in.settings());
  if (!settings.ok()) return settings.status();
  bool preferred = !in.has_update_mask() && !settings->preferred_publishers.empty();
  bool wire = !in.has_update_mask() && !settings->wire_publishers.empty();
  bool retention = !in.has_update_mask() && in.settings().has_retention();
  for (const std::string& path : in.update_mask().paths()) {
    const bool all = path == "*";
    if (!all && v1::CollectionSettings::descriptor()->FindFieldByName(path) == nullptr) {
      return InvalidField("update_mask", absl::StrCat("no such setting: \"", path, "\""));
    }
    preferred |= all || path == "preferred_publishers";
    wire |= all || path == "wire_publishers";
    retention |= all || path == "retention";
  }
  SettingsUpdate out;
  if (preferred) out.preferred_publishers = std::move(settings->preferred_publishers);
  if (wire) out.wire_publishers = std::move(settings->wire_publishers);
  if (retention) out.retention = settings->retention;
  return out;
}

absl::StatusOr<ClusterId> ClusterIdFromProto(std::string_view field, std::string_view text) {
  const std::optional<ClusterId> id = ParseClusterId(text);
  if (!id || FormatClusterId(*id) != text) {
    return InvalidField(field, "a cluster id is \"c\" and a number, as in c17");
  }
  return *id;
}

void ToProto(absl::Time in, google::protobuf::Timestamp& out) {
  const int64_t seconds = absl::ToUnixSeconds(in);  // floor, so that nanos are not negative
  out.set_seconds(seconds);
  out.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(in - absl::FromUnixSeconds(seconds))));
}

void ToProto(absl::Duration in, google::protobuf::Duration& out) {
  absl::Duration rest;
  out.set_seconds(absl::IDivDuration(in, absl::Seconds(1), &rest));
  out.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
}

void ToProto(Document in, v1::Document& out) {
  out.set_id(std::move(in.id));
  if (!in.title.empty()) out.set_title(std::move(in.title));
  if (!in.body.empty()) out.set_body(std::move(in.body));
  if (in.content_type != ContentType::kDetect) {
    out.set_content_type(static_cast<v1::ContentType>(in.content_type));
  }
  if (!in.publisher.empty()) out.set_publisher(std::move(in.publisher));
  if (!in.url.empty()) out.set_url(std::move(in.url));
  if (in.published_at) ToProto(*in.published_at, *out.mutable_published_at());
  if (!in.byline.empty()) out.set_byline(std::move(in.byline));
  if (!in.section.empty()) out.set_section(std::move(in.section));
  for (auto& [key, value] : in.labels) (*out.mutable_labels())[key] = std::move(value);
}

void ToProto(CanonicalCopy in, v1::CanonicalCopy& out) {
  out.set_document_id(std::move(in.document_id));
  out.set_title(std::move(in.title));
  out.set_publisher(std::move(in.publisher));
  out.set_url(std::move(in.url));
  if (in.published_at) ToProto(*in.published_at, *out.mutable_published_at());
  out.set_body(std::move(in.body));
  out.set_reason(static_cast<v1::CanonicalReason>(in.reason));
}

void ToProto(const Match& in, v1::Match& out) {
  out.set_document_id(in.document_id);
  out.set_cluster_id(ClusterIdToProto(in.cluster));
  out.set_relation(ToProto(in.relation));
  out.set_jaccard(in.jaccard);
  out.set_containment(in.containment);
  out.set_containment_in(in.containment_in);
  out.set_score(in.score);
}

void ToProto(Decision in, v1::Decision& out) {
  out.set_document_id(std::move(in.document_id));
  out.set_outcome(static_cast<v1::Outcome>(in.outcome));
  out.set_relation(ToProto(in.relation));
  out.set_cluster_id(ClusterIdToProto(in.cluster));
  out.set_is_canonical(in.is_canonical);
  ToProto(std::move(in.canonical), *out.mutable_canonical());
  if (in.best_match) ToProto(*in.best_match, *out.mutable_best_match());
  for (const Match& match : in.matches) ToProto(match, *out.add_matches());
  for (const Match& link : in.links) ToProto(link, *out.add_links());
  for (const ClusterId merged : in.merged) out.add_merged_cluster_ids(ClusterIdToProto(merged));
  for (std::string& id : in.moved_ids) out.add_moved_document_ids(std::move(id));
  out.set_moved_documents(in.moved_documents);
  out.set_cluster_size(in.cluster_size);
  out.set_sequence(in.sequence);
  AddFlags(in.flags, out);
}

void ToProto(StoredDocument in, v1::StoredDocument& out) {
  ToProto(std::move(in.document), *out.mutable_document());
  out.set_cluster_id(ClusterIdToProto(in.cluster));
  out.set_canonical_document_id(std::move(in.canonical_document_id));
  out.set_relation(ToProto(in.relation));
  out.set_sequence(in.sequence);
  ToProto(in.received_at, *out.mutable_received_at());
  AddFlags(in.flags, out);
}

void ToProto(const Tombstone& in, v1::Tombstone& out) {
  out.set_document_id(in.id);
  out.set_reason(in.reason);
  ToProto(in.deleted_at, *out.mutable_deleted_at());
  out.set_sequence(in.sequence);
  out.set_blocked(in.blocked);
}

void ToProto(EditorWord in, v1::EditorWord& out) {
  out.set_act(static_cast<v1::EditorialAct>(in.act));
  out.set_sequence(in.sequence);
  ToProto(absl::FromUnixMicros(in.said_us), *out.mutable_said_at());
  out.set_actor(std::move(in.actor));
  out.set_note(std::move(in.note));
  out.set_document_id(std::move(in.document_id));
  for (const ClusterId id : in.clusters) out.add_cluster_ids(ClusterIdToProto(id));
}

void ToProto(ClusterView in, v1::Cluster& out) {
  out.set_cluster_id(ClusterIdToProto(in.id));
  ToProto(std::move(in.canonical), *out.mutable_canonical());
  out.set_size(in.size);
  out.set_sequence(in.sequence);
  for (ClusterMember& member : in.members) {
    v1::ClusterMember& added = *out.add_members();
    added.set_document_id(std::move(member.document_id));
    added.set_relation(ToProto(member.relation));
    added.set_sequence(member.sequence);
  }
  out.set_pinned_document_id(std::move(in.pinned_id));
  for (EditorWord& word : in.words) ToProto(std::move(word), *out.add_words());
  ToProto(in.last_received, *out.mutable_last_received_at());
}

void ToProto(const ClusterEvent& in, v1::ClusterEvent& out) {
  out.set_sequence(in.sequence);
  out.set_type(static_cast<v1::ClusterEventType>(in.type));
  out.set_cluster_id(ClusterIdToProto(in.cluster));
  out.set_document_id(in.document_id);
  out.set_other_cluster_id(ClusterIdToProto(in.other_cluster));
  ToProto(absl::FromUnixMicros(in.committed_us), *out.mutable_committed_at());
}

void ToProto(const Engine::CollectionView& in, v1::Collection& out) {
  out.set_name(in.record.name);
  v1::CollectionSettings& settings = *out.mutable_settings();
  for (const std::string& name : in.record.settings.preferred_publishers) {
    settings.add_preferred_publishers(name);
  }
  for (const std::string& name : in.record.settings.wire_publishers) {
    settings.add_wire_publishers(name);
  }
  if (in.record.settings.retention > absl::ZeroDuration()) {
    ToProto(in.record.settings.retention, *settings.mutable_retention());
  }
  ToProto(in.record.created_at, *out.mutable_created_at());
  out.set_documents(in.documents);
  out.set_clusters(in.clusters);
}

void ToProto(const Engine::Comparison& in, v1::CompareResponse& out) {
  const Judgement& judgement = in.judgement;
  out.set_relation(ToProto(judgement.relation));
  out.set_same_article(judgement.same_article());
  out.set_score(judgement.score);
  out.set_jaccard(judgement.jaccard);
  out.set_containment(judgement.containment);
  out.set_containment_in(judgement.containment_in);
  out.set_rule(std::string(Name(judgement.rule)));
  out.set_model_version(ModelVersion());
  for (const FeatureField& field : kFeatureFields) {
    v1::Feature& feature = *out.add_features();
    feature.set_name(std::string(field.name));
    feature.set_value(judgement.features.*field.value);
    feature.set_contribution(Contribution(judgement.features, field.value));
  }
  const auto span = [](const Span& from, v1::TextSpan& to) {
    to.set_begin(from.begin);
    to.set_end(from.end);
  };
  for (const SharedSpan& shared : in.spans.shared) {
    v1::SharedSpan& added = *out.add_shared();
    span(shared.a, *added.mutable_a());
    span(shared.b, *added.mutable_b());
  }
  for (const Span& only : in.spans.only_a) span(only, *out.add_only_a());
  for (const Span& only : in.spans.only_b) span(only, *out.add_only_b());
}

}  // namespace wonbon::server
