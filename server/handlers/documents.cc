// GetDocument, DeleteDocument and their batches, UnblockDocument, ListTombstones.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "server/handlers/handlers.h"
#include "server/limits.h"
#include "server/log.h"
#include "server/message/convert.h"
#include "server/message/page_token.h"
#include "server/message/status.h"
#include "server/message/view.h"

namespace wonbon::server {
namespace {

absl::Status CheckId(const std::string& field, const std::string& id) {
  if (id.empty()) return InvalidField(field, "must not be empty");
  if (id.size() > kMaxIdBytes) {
    return InvalidField(field, absl::StrCat("at most ", kMaxIdBytes, " bytes, got ", id.size()));
  }
  return absl::OkStatus();
}

absl::Status CheckItemId(size_t index, const std::string& id) {
  return CheckId(absl::StrCat("document_ids[", index, "]"), id);
}

absl::Status GetDocument(UnaryCall& call, v1::GetDocumentRequest& request,
                         v1::GetDocumentResponse& response) {
  absl::Status valid = CheckId("document_id", request.document_id());
  if (!valid.ok()) return valid;
  const absl::StatusOr<bool> body = WantsFull(request.view(), true);
  if (!body.ok()) return body.status();
  absl::StatusOr<StoredDocument> document = call.backend().engine.GetDocument(
      request.collection(), request.document_id(), *body);
  if (!document.ok()) return document.status();
  ToProto(*std::move(document), *response.mutable_document());
  return absl::OkStatus();
}

absl::Status BatchGetDocuments(UnaryCall& call, v1::BatchGetDocumentsRequest& request,
                               v1::BatchGetDocumentsResponse& response) {
  const absl::StatusOr<bool> bodies = WantsFull(request.view(), true);
  if (!bodies.ok()) return bodies.status();
  const Engine& engine = call.backend().engine;
  absl::Status known = engine.GetCollection(request.collection()).status();
  if (!known.ok()) return known;
  const absl::Status no_room =
      Overloaded(ErrorReason::kResponseTooLarge,
                 "no room is left in this answer: ask for this document in another call");
  size_t bytes = 0;
  bool full = false;  // from the first on that does not fit
  for (int i = 0; i < request.document_ids_size(); ++i) {
    absl::Status wanted = call.Alive();
    if (!wanted.ok()) return wanted;
    v1::GetResult& result = *response.add_results();
    absl::Status error = CheckItemId(i, request.document_ids(i));
    if (error.ok() && full) error = no_room;
    if (error.ok()) {
      absl::StatusOr<StoredDocument> document =
          engine.GetDocument(request.collection(), request.document_ids(i), *bodies);
      if (document.ok()) {
        ToProto(*std::move(document), *result.mutable_document());
        bytes += result.ByteSizeLong();
        full = bytes > kMaxPageBytes;
        if (full) {
          result.Clear();
          error = no_room;
        }
      } else {
        error = document.status();
      }
    }
    if (!error.ok()) *result.mutable_error() = ToRpcStatus(error);
  }
  return absl::OkStatus();
}

absl::Status ListTombstones(UnaryCall& call, v1::ListTombstonesRequest& request,
                            v1::ListTombstonesResponse& response) {
  const absl::StatusOr<NamedPageStart> start = NamedStartOf(request);
  if (!start.ok()) return start.status();
  const auto page = call.backend().engine.ListTombstones(
      request.collection(), start->after, static_cast<size_t>(start->size), kMaxScannedPerPage);
  if (!page.ok()) return page.status();
  for (const Tombstone& tombstone : page->tombstones) {
    ToProto(tombstone, *response.add_tombstones());
  }
  if (page->next) response.set_next_page_token(MakePageToken(start->query, *page->next));
  return absl::OkStatus();
}

// What was taken back: by whom, and where; a few lines a second.
void TellDeleted(const UnaryCall& call, const std::string& collection, const std::string& id,
                 uint64_t documents, bool block) {
  const std::optional<uint64_t> left_out = call.backend().deletion_lines.Take();
  if (!left_out.has_value()) return;
  LogInfo("documents deleted", {{"collection", CollectionOrDefault(collection)},
                                {"id", id},
                                {"documents", documents},
                                {"block", block},
                                {"caller", call.caller().name()},
                                {"left_out", *left_out}});
}

using DeleteCall = Call<v1::DeleteDocumentRequest, v1::DeleteDocumentResponse>;

void DeleteDocument(DeleteCall& call) {
  v1::DeleteDocumentRequest& request = call.request();
  const absl::Status valid = CheckId("document_id", request.document_id());
  if (!valid.ok()) return call.Finish(valid);
  Engine::DeleteOptions options{.reason = request.reason(), .block = request.block()};
  options.waiting = {.single = true, .wanted = [&call] { return call.Alive(); }};
  if (request.has_expected_sequence()) options.expected_sequence = request.expected_sequence();
  const absl::Status queued = call.backend().engine.Delete(
      request.collection(), {request.document_id()}, std::move(options),
      [&call](std::vector<absl::StatusOr<Engine::Deletion>> deletions) {
        call.backend().pool.Answer([&call, deletion = std::move(deletions.front())] {
          if (!deletion.ok()) return call.Finish(deletion.status());
          const v1::DeleteDocumentRequest& asked = call.request();
          TellDeleted(call, asked.collection(), asked.document_id(), deletion->deleted ? 1 : 0,
                      asked.block());
          ToProto(deletion->tombstone, *call.response().mutable_tombstone());
          call.response().set_deleted(deletion->deleted);
          call.Finish(absl::OkStatus());
        });
      });
  if (!queued.ok()) call.Finish(queued);
}

using BatchDeleteCall = Call<v1::BatchDeleteDocumentsRequest, v1::BatchDeleteDocumentsResponse>;

// `indexes`: of the ids that were worth asking the engine about.
void AnswerBatchDelete(BatchDeleteCall& call, const std::vector<int>& indexes,
                       const std::vector<absl::StatusOr<Engine::Deletion>>& deletions) {
  uint64_t deleted = 0;
  for (size_t i = 0; i < indexes.size(); ++i) {
    v1::DeleteResult& result = *call.response().mutable_results(indexes[i]);
    if (deletions[i].ok()) {
      deleted += deletions[i]->deleted ? 1 : 0;
      ToProto(deletions[i]->tombstone, *result.mutable_tombstone());
    } else {
      *result.mutable_error() = ToRpcStatus(deletions[i].status());
    }
  }
  TellDeleted(call, call.request().collection(), "", deleted, call.request().block());
  call.Finish(absl::OkStatus());
}

void BatchDeleteDocuments(BatchDeleteCall& call) {
  v1::BatchDeleteDocumentsRequest& request = call.request();
  std::vector<std::string> ids;
  std::vector<int> indexes;
  for (int i = 0; i < request.document_ids_size(); ++i) {
    v1::DeleteResult& result = *call.response().add_results();
    const absl::Status valid = CheckItemId(i, request.document_ids(i));
    if (valid.ok()) {
      ids.push_back(request.document_ids(i));
      indexes.push_back(i);
    } else {
      *result.mutable_error() = ToRpcStatus(valid);
    }
  }
  const absl::Status queued = call.backend().engine.Delete(
      request.collection(), std::move(ids), {.reason = request.reason(),
       .block = request.block(),
       .waiting = {.wanted = [&call] { return call.Alive(); }}},
      [&call, indexes](std::vector<absl::StatusOr<Engine::Deletion>> deletions) {
        call.backend().pool.Answer([&call, indexes, deletions = std::move(deletions)] {
          AnswerBatchDelete(call, indexes, deletions);
        });
      });
  if (!queued.ok()) call.Finish(queued);
}

absl::Status UnblockDocument(UnaryCall& call, v1::UnblockDocumentRequest& request,
                             v1::UnblockDocumentResponse& response) {
  absl::Status valid = CheckId("document_id", request.document_id());
  if (!valid.ok()) return valid;
  const absl::StatusOr<Engine::Unblocking> result =
      call.backend().engine.Unblock(request.collection(), request.document_id());
  if (!result.ok()) return result.status();
  if (result->tombstone) ToProto(*result->tombstone, *response.mutable_tombstone());
  response.set_unblocked(result->unblocked);
  return absl::OkStatus();
}

}  // namespace

void AddDocumentRpcs(RpcService& dedup) {
  dedup.Handle<v1::GetDocumentRequest, v1::GetDocumentResponse>("GetDocument", GetDocument);
  dedup.Handle<v1::BatchGetDocumentsRequest, v1::BatchGetDocumentsResponse>("BatchGetDocuments",
                                                                            BatchGetDocuments);
  dedup.HandleLater<v1::DeleteDocumentRequest, v1::DeleteDocumentResponse>("DeleteDocument",
                                                                           DeleteDocument);
  dedup.HandleLater<v1::BatchDeleteDocumentsRequest, v1::BatchDeleteDocumentsResponse>(
      "BatchDeleteDocuments", BatchDeleteDocuments);
  dedup.Handle<v1::ListTombstonesRequest, v1::ListTombstonesResponse>("ListTombstones",
                                                                      ListTombstones);
  dedup.Handle<v1::UnblockDocumentRequest, v1::UnblockDocumentResponse>("UnblockDocument",
                                                                        UnblockDocument);
}

}  // namespace wonbon::server
