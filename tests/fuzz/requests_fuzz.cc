// Requests as they come from the wire: refused with a field or a reason, or messages whose values
// the engine can judge. The first byte says of which type.
#include <memory>
#include <string>
#include <vector>

#include "core/engine/validate.h"
#include "core/error.h"
#include "core/limits.h"
#include "core/text/utf8.h"
#include "google/protobuf/stubs/logging.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/message/convert.h"
#include "server/message/page_token.h"
#include "server/message/status.h"
#include "server/message/wire.h"
#include "tests/fuzz/fuzz.h"
#include "wonbon/v1/collection_service.pb.h"
#include "wonbon/v1/dedup_service.pb.h"
#include "wonbon/v1/wire/submission.pb.h"

namespace wonbon::server {
namespace {

void Judge(v1::wire::Document& in) {
  absl::StatusOr<Document> document = FromProto(in);
  if (!document.ok()) return;
  const absl::Status valid = ValidateDocument(*document, kDefaultMaxBodyBytes, true);
  if (!valid.ok()) {
    FUZZ_PROMISE(!Reason(valid).empty());
    FUZZ_PROMISE(ToGrpcStatus(valid).error_message().size() <= 2'048);
    return;
  }
  FUZZ_PROMISE(FindInvalidUtf8(document->body) == document->body.size());
  FUZZ_PROMISE(document->body.size() <= kDefaultMaxBodyBytes);
  v1::Document out;
  ToProto(*std::move(document), out);
  FUZZ_PROMISE(out.IsInitialized());
}

template <class Message>
bool Parsed(std::string_view bytes, Message& message) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  const absl::Status status = Parse(grpc::ByteBuffer(&slice, 1), message);
  FUZZ_PROMISE(status.ok() || absl::IsInvalidArgument(status));
  if (status.ok()) Serialize(message);
  return status.ok();
}

void One(uint8_t kind, std::string_view bytes) {
  switch (kind % 9) {
    case 0: {
      v1::wire::SubmitRequest request;
      if (Parsed(bytes, request)) Judge(*request.mutable_document());
      return;
    }
    case 1: {
      v1::wire::SubmitBatchRequest request;
      if (!Parsed(bytes, request)) return;
      FUZZ_PROMISE(request.documents_size() <= static_cast<int>(kMaxBatchDocuments));
      for (v1::wire::Document& document : *request.mutable_documents()) Judge(document);
      return;
    }
    case 2: {
      v1::wire::SubmitStreamRequest request;
      Parsed(bytes, request);
      return;
    }
    case 3: {
      v1::wire::CompareRequest request;
      Parsed(bytes, request);
      return;
    }
    case 4: {
      v1::GetDocumentRequest request;
      Parsed(bytes, request);
      return;
    }
    case 5: {
      v1::UpdateCollectionRequest request;
      if (Parsed(bytes, request)) FromProto(request).status().IgnoreError();
      return;
    }
    case 6: {
      v1::CreateCollectionRequest request;
      if (!Parsed(bytes, request)) return;
      const absl::StatusOr<CollectionSettings> settings = FromProto(request.settings());
      if (settings.ok()) ValidateSettings(*settings).IgnoreError();
      return;
    }
    case 7: {
      v1::ListClustersRequest request;
      if (!Parsed(bytes, request)) return;
      ReadNumericPageToken(PageQuery(request), request.page_token()).status().IgnoreError();
      PageSize(request.page_size()).status().IgnoreError();
      return;
    }
    case 8:
      ReadPageToken("query", bytes).status().IgnoreError();
      // A list's position is a number or an id.
      bytes = bytes.substr(0, kMaxIdBytes);
      FUZZ_PROMISE(ReadPageToken("query", MakePageToken("query", bytes)).value() == bytes);
      ClusterIdFromProto("cluster_id", bytes).status().IgnoreError();
      return;
  }
}

}  // namespace
}  // namespace wonbon::server

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  google::protobuf::SetLogHandler(nullptr);  // each refusal would be a line
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  wonbon::fuzz::Input input(data, size);
  const uint8_t kind = input.Byte();
  wonbon::server::One(kind, input.Rest());
  return 0;
}
