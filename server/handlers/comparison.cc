// Check and Compare: nothing is written.
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/cluster/submission.h"
#include "core/error.h"
#include "server/handlers/handlers.h"
#include "server/message/convert.h"
#include "server/message/view.h"
#include "wonbon/v1/wire/submission.pb.h"

namespace wonbon::server {
namespace {

absl::Status Check(UnaryCall& call, v1::wire::CheckRequest& request, v1::CheckResponse& response) {
  const Engine& engine = call.backend().engine;
  const absl::StatusOr<bool> body = WantsFull(request.view(), false);
  if (!body.ok()) return body.status();
  absl::StatusOr<Document> document = FromProto(*request.mutable_document());
  if (!document.ok()) return document.status();
  absl::StatusOr<std::unique_ptr<Submission>> submission =
      engine.Prepare(request.collection(), *std::move(document), Engine::Purpose::kCheck);
  if (!submission.ok()) return submission.status();
  absl::Status wanted = call.Alive();
  if (!wanted.ok()) return wanted;
  absl::StatusOr<Decision> decision = engine.Check(**submission, {.canonical_body = *body});
  if (!decision.ok()) return decision.status();
  ToProto(*std::move(decision), *response.mutable_decision());
  response.mutable_decision()->clear_outcome();  // nothing was done
  return absl::OkStatus();
}

absl::StatusOr<Engine::Side> SideFromProto(const char* field, v1::wire::CompareSide& in) {
  Engine::Side side;
  switch (in.side_case()) {
    case v1::wire::CompareSide::kDocumentId:
      side.id = std::move(*in.mutable_document_id());
      return side;
    case v1::wire::CompareSide::kDocument: {
      absl::StatusOr<Document> document = FromProto(*in.mutable_document());
      if (!document.ok()) {
        return InField(field, document.status());
      }
      side.document = *std::move(document);
      return side;
    }
    case v1::wire::CompareSide::SIDE_NOT_SET: break;
  }
  return InvalidField(field, "give a document_id or a document");
}

absl::Status Compare(UnaryCall& call, v1::wire::CompareRequest& request,
                     v1::CompareResponse& response) {
  const absl::StatusOr<bool> spans = WantsFull(request.view(), true);
  if (!spans.ok()) return spans.status();
  absl::StatusOr<Engine::Side> a = SideFromProto("a", *request.mutable_a());
  if (!a.ok()) return a.status();
  absl::StatusOr<Engine::Side> b = SideFromProto("b", *request.mutable_b());
  if (!b.ok()) return b.status();
  const absl::StatusOr<Engine::Comparison> comparison = call.backend().engine.Compare(
      request.collection(), *std::move(a), *std::move(b), *spans);
  if (!comparison.ok()) return comparison.status();
  ToProto(*comparison, response);
  return absl::OkStatus();
}

}  // namespace

void AddComparisonRpcs(RpcService& dedup) {
  dedup.Handle<v1::wire::CheckRequest, v1::CheckResponse>("Check", Check);
  dedup.Handle<v1::wire::CompareRequest, v1::CompareResponse>("Compare", Compare);
}

}  // namespace wonbon::server
