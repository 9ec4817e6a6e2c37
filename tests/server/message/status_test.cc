#include "server/message/status.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "google/rpc/error_details.pb.h"
#include "server/limits.h"
#include "wonbon/v1/error.pb.h"

namespace wonbon::server {
namespace {

struct Details {
  google::rpc::Status status;
  std::map<std::string, google::protobuf::Any> by_type;
};

Details Unpack(const grpc::Status& status) {
  Details details;
  EXPECT_TRUE(details.status.ParseFromString(status.error_details()));
  for (const auto& any : details.status.details()) {
    details.by_type[any.type_url()] = any;
  }
  return details;
}

constexpr char kErrorInfo[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kRetryInfo[] = "type.googleapis.com/google.rpc.RetryInfo";
constexpr char kBadRequest[] = "type.googleapis.com/google.rpc.BadRequest";

TEST(StatusTest, TheContractAndTheEngineListTheSameReasons) {
  const auto& published = *google::protobuf::GetEnumDescriptor<v1::ErrorReason>();
  for (int number = 1; number <= std::numeric_limits<uint8_t>::max(); ++number) {
    const auto* value = published.FindValueByNumber(number);
    const std::string_view reason = Name(static_cast<ErrorReason>(number));
    EXPECT_EQ(value != nullptr ? value->name() : "ERROR_REASON_",
              "ERROR_REASON_" + std::string(reason));
  }
}

TEST(StatusTest, EveryCodeKeepsItsNumberAndHasAStableReason) {
  const std::map<absl::StatusCode, std::string> reasons = {
      {absl::StatusCode::kCancelled, "CANCELLED"},
      {absl::StatusCode::kUnknown, "UNKNOWN"},
      {absl::StatusCode::kInvalidArgument, "INVALID_ARGUMENT"},
      {absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"},
      {absl::StatusCode::kNotFound, "NOT_FOUND"},
      {absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS"},
      {absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED"},
      {absl::StatusCode::kResourceExhausted, "RESOURCE_EXHAUSTED"},
      {absl::StatusCode::kFailedPrecondition, "FAILED_PRECONDITION"},
      {absl::StatusCode::kAborted, "ABORTED"},
      {absl::StatusCode::kOutOfRange, "OUT_OF_RANGE"},
      {absl::StatusCode::kUnimplemented, "UNIMPLEMENTED"},
      {absl::StatusCode::kInternal, "INTERNAL"},
      {absl::StatusCode::kUnavailable, "UNAVAILABLE"},
      {absl::StatusCode::kDataLoss, "DATA_LOSS"},
      {absl::StatusCode::kUnauthenticated, "UNAUTHENTICATED"},
  };
  ASSERT_EQ(reasons.size(), 16);
  for (const auto& [code, reason] : reasons) {
    const grpc::Status status = ToGrpcStatus(absl::Status(code, "why"));
    EXPECT_EQ(static_cast<int>(status.error_code()), static_cast<int>(code));
    EXPECT_EQ(status.error_message(), "why");
    const Details details = Unpack(status);
    EXPECT_EQ(details.status.code(), static_cast<int>(code));
    ASSERT_EQ(details.by_type.count(kErrorInfo), 1) << reason;
    google::rpc::ErrorInfo info;
    ASSERT_TRUE(details.by_type.at(kErrorInfo).UnpackTo(&info));
    EXPECT_EQ(info.domain(), "wonbon");
    EXPECT_EQ(info.reason(), reason);
    const bool retry =
        code == absl::StatusCode::kResourceExhausted || code == absl::StatusCode::kUnavailable;
    EXPECT_EQ(details.by_type.count(kRetryInfo), retry ? 1 : 0) << reason;
    EXPECT_EQ(details.by_type.count(kBadRequest), 0) << reason;
  }
}

TEST(StatusTest, AFullOrFailingDiskIsToBeTriedAgainLater) {
  const auto delay = [](absl::StatusCode code, ErrorReason reason) {
    const Details details = Unpack(ToGrpcStatus(MakeError(code, {.reason = reason}, "why")));
    google::rpc::RetryInfo retry;
    EXPECT_TRUE(details.by_type.at(kRetryInfo).UnpackTo(&retry));
    return absl::Seconds(retry.retry_delay().seconds()) +
           absl::Nanoseconds(retry.retry_delay().nanos());
  };
  EXPECT_EQ(delay(absl::StatusCode::kResourceExhausted, ErrorReason::kDiskFull), kDiskRetryDelay);
  EXPECT_EQ(delay(absl::StatusCode::kUnavailable, ErrorReason::kStoreUnavailable),
            kDiskRetryDelay);
  EXPECT_EQ(delay(absl::StatusCode::kResourceExhausted, ErrorReason::kQueueFull), kRetryDelay);
  EXPECT_EQ(delay(absl::StatusCode::kUnavailable, ErrorReason::kDraining), kRetryDelay);
}

TEST(StatusTest, OkIsOkWithoutDetails) {
  const grpc::Status status = ToGrpcStatus(absl::OkStatus());
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.error_details(), "");
}

TEST(StatusTest, AViolationBecomesABadRequestWithTheFieldsPath) {
  const Details details = Unpack(
      ToGrpcStatus(InvalidField("document.title", "is not valid UTF-8 at byte 7")));
  google::rpc::BadRequest bad_request;
  ASSERT_EQ(details.by_type.count(kBadRequest), 1);
  ASSERT_TRUE(details.by_type.at(kBadRequest).UnpackTo(&bad_request));
  EXPECT_EQ(bad_request.field_violations(0).field(), "document.title");
  EXPECT_EQ(bad_request.field_violations(0).description(), "is not valid UTF-8 at byte 7");
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(details.by_type.at(kErrorInfo).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "INVALID_FIELD");
}

TEST(StatusTest, AnItemOfABatchNamesItsPlace) {
  EXPECT_EQ(ForBatchItem(InvalidField("document.body", "empty"), 3).message(),
            "documents[3].body: empty");
  EXPECT_EQ(ForBatchItem(InvalidField("document", "missing"), 0).message(),
            "documents[0]: missing");
  EXPECT_EQ(ForBatchItem(InvalidField("documented", "x"), 0).message(), "documented: x");
  EXPECT_EQ(ForBatchItem(absl::NotFoundError("document: gone"), 3).message(), "document: gone");
}

TEST(StatusTest, ReasonAndSubjectComeFromTheErrorAndNotFromItsWords) {
  EXPECT_EQ(Reason(DocumentNotFound("deleted: my collection")), "DOCUMENT_NOT_FOUND");
  EXPECT_EQ(Reason(CollectionNotFound("a")), "COLLECTION_NOT_FOUND");
  EXPECT_EQ(Reason(ClusterNotFound("c1")), "CLUSTER_NOT_FOUND");
  EXPECT_EQ(Reason(Draining()), "DRAINING");
  EXPECT_EQ(Reason(absl::InvalidArgumentError("title: not a field of ours")), "INVALID_ARGUMENT");

  google::rpc::ErrorInfo info;
  const Details details = Unpack(ToGrpcStatus(DocumentNotFound("a: b")));
  ASSERT_TRUE(details.by_type.at(kErrorInfo).UnpackTo(&info));
  EXPECT_EQ(info.metadata().at("subject"), "a: b");
}

TEST(StatusTest, AFieldWithAColonInItsPathKeepsIt) {
  const Details details = Unpack(ToGrpcStatus(InvalidField("document.labels[a: b]", "too long")));
  google::rpc::BadRequest bad_request;
  ASSERT_TRUE(details.by_type.at(kBadRequest).UnpackTo(&bad_request));
  EXPECT_EQ(bad_request.field_violations(0).field(), "document.labels[a: b]");
  EXPECT_EQ(bad_request.field_violations(0).description(), "too long");
}

TEST(StatusTest, ALongMessageIsCutBetweenCharacters) {
  std::string message = "x";
  while (message.size() < 2 * kMaxErrorMessageBytes) message += "가";
  const std::string cut = ToGrpcStatus(absl::InternalError(message)).error_message();
  EXPECT_LE(cut.size(), kMaxErrorMessageBytes + 3);
  EXPECT_EQ(cut.substr(cut.size() - 3), "...");
  EXPECT_EQ((cut.size() - 4) % 3, 0) << "whole characters of three bytes";
}

}  // namespace
}  // namespace wonbon::server
