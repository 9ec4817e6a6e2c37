// Between the contract's messages and the engine's values: the only place that knows both.
// Pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/decision.h"
#include "core/document.h"
#include "core/engine.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "wonbon/v1/collection_service.pb.h"
#include "wonbon/v1/dedup_service.pb.h"
#include "wonbon/v1/wire/document.pb.h"

namespace wonbon::server {

// --- In. Text is moved out of the message, not copied. -------------------------------------------
// INVALID_ARGUMENT, on "document.published_at" for a time outside the years 1 to 9999, on
// "document.content_type" for a value the contract does not have. All else is for the engine to
// judge.
absl::StatusOr<Document> FromProto(v1::wire::Document& in);
// INVALID_ARGUMENT, on "settings.retention", for a duration that is none.
absl::StatusOr<CollectionSettings> FromProto(const v1::CollectionSettings& in);
// INVALID_ARGUMENT, on `field`, for a time outside the years 1 to 9999.
absl::StatusOr<absl::Time> TimeFromProto(std::string_view field,
                                         const google::protobuf::Timestamp& in);
// What an update changes: the settings its mask names, or without a mask those that are set.
// INVALID_ARGUMENT, on "update_mask", for a path that is no setting.
absl::StatusOr<SettingsUpdate> FromProto(const v1::UpdateCollectionRequest& in);
// INVALID_ARGUMENT, on `field`, for text that is no cluster id.
absl::StatusOr<ClusterId> ClusterIdFromProto(std::string_view field, std::string_view text);

// --- Out -----------------------------------------------------------------------------------------
void ToProto(absl::Time in, google::protobuf::Timestamp& out);
void ToProto(absl::Duration in, google::protobuf::Duration& out);
void ToProto(Document in, v1::Document& out);
void ToProto(CanonicalCopy in, v1::CanonicalCopy& out);
void ToProto(const Match& in, v1::Match& out);
void ToProto(Decision in, v1::Decision& out);
void ToProto(StoredDocument in, v1::StoredDocument& out);
void ToProto(const Tombstone& in, v1::Tombstone& out);
void ToProto(EditorWord in, v1::EditorWord& out);
void ToProto(ClusterView in, v1::Cluster& out);
void ToProto(const ClusterEvent& in, v1::ClusterEvent& out);
void ToProto(const Engine::CollectionView& in, v1::Collection& out);
void ToProto(const Engine::Comparison& in, v1::CompareResponse& out);

}  // namespace wonbon::server
