#include "server/access/audit_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "server/limits.h"
#include "server/log.h"
#include "tests/temporary_folder.h"
#include "wonbon/v1/dedup_service.pb.h"

namespace wonbon::server {
namespace {

using Json = nlohmann::json;

class AuditLogTest : public testing::Test {
 protected:
  static const Rpc& Named(std::string_view method) {
    for (const Rpc& rpc : RpcTable()) {
      if (rpc.method == method) return rpc;
    }
    return RpcTable().front();
  }
  static std::vector<Json> Lines(const std::string& path) {
    std::vector<Json> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) lines.push_back(Json::parse(line));
    return lines;
  }

  TemporaryFolder folder_;
  const std::string path_ = folder_.path() / "audit.jsonl";
};

TEST_F(AuditLogTest, EditorsAndAdminsAreWrittenDownAndNobodyElse) {
  const auto log = *AuditLog::Open(path_);
  for (const Rpc& rpc : RpcTable()) EXPECT_EQ(log->Wants(rpc), rpc.role >= Role::kEditor);
  const auto none = *AuditLog::Open("");
  for (const Rpc& rpc : RpcTable()) EXPECT_FALSE(none->Wants(rpc));
}

TEST_F(AuditLogTest, ALineSaysWhoDidWhatAndWhatCameOfIt) {
  const auto log = *AuditLog::Open(path_);
  v1::PinCanonicalRequest request;
  request.set_collection("news");
  request.set_cluster_id("c17");
  request.set_document_id("a\"\n1");
  log->Write({.rpc = Named("PinCanonical"),
              .caller = "desk",
              .peer = "ipv4:10.0.0.7:1",
              .request = &request,
              .answer = absl::OkStatus()});
  log->Write({.rpc = Named("DeleteCollection"),
              .caller = "",
              .peer = "ipv4:10.0.0.8:1",
              .request = nullptr,
              .answer = absl::UnauthenticatedError("x")});
  const std::vector<Json> lines = Lines(path_);
  ASSERT_EQ(lines.size(), 2);
  EXPECT_EQ(lines[0]["caller"], "desk");
  EXPECT_EQ(lines[0]["rpc"], "wonbon.v1.DedupService/PinCanonical");
  EXPECT_EQ(lines[0]["code"], "OK");
  EXPECT_EQ(lines[0]["request"]["documentId"], "a\"\n1");
  EXPECT_EQ(lines[1]["code"], "UNAUTHENTICATED");
  EXPECT_FALSE(lines[1].contains("request"));
}

TEST_F(AuditLogTest, ARequestThatIsTooLongStandsThereWithItsSize) {
  const auto log = *AuditLog::Open(path_);
  v1::SplitClusterRequest request;
  while (request.ByteSizeLong() <= kMaxAuditedRequestBytes) {
    request.add_document_ids(std::string(256, 'a'));
  }
  log->Write({.rpc = Named("SplitCluster"), .caller = "desk", .peer = "", .request = &request,
              .answer = absl::OkStatus()});
  const std::vector<Json> lines = Lines(path_);
  ASSERT_EQ(lines.size(), 1);
  EXPECT_EQ(lines[0]["request_bytes"], request.ByteSizeLong());
}

TEST_F(AuditLogTest, RotationLosesNoLine) {
  const auto log = *AuditLog::Open(path_);
  const auto write = [&] {
    log->Write({.rpc = Named("SplitCluster"), .caller = "desk", .peer = "", .request = nullptr,
                .answer = absl::OkStatus()});
  };
  write();
  std::filesystem::rename(path_, path_ + ".1");
  write();  // not told yet: still to the old one
  log->Reopen();
  write();
  EXPECT_EQ(Lines(path_ + ".1").size(), 2);
  EXPECT_EQ(Lines(path_).size(), 1);
}

TEST_F(AuditLogTest, WhatCannotBeWrittenIsSaid) {
  SetUpLog(LogFormat::kText, LogLevel::kError);
  EXPECT_FALSE(AuditLog::Open(folder_.path()).ok());
  const auto full = AuditLog::Open("/dev/full");
  ASSERT_TRUE(full.ok());
  (*full)->Write({.rpc = Named("SplitCluster"), .caller = "desk", .peer = "", .request = nullptr,
                  .answer = absl::OkStatus()});
  EXPECT_EQ((*full)->failures(), 1);
}

}  // namespace
}  // namespace wonbon::server
