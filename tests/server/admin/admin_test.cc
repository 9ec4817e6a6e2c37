// GetStats, the admin endpoint and the metrics.
#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "server/admission/memory_ceiling.h"
#include "tests/server/running_server.h"
#include "tests/server/texts.h"

namespace wonbon {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using AdminTest = RunningServer;

TEST_F(AdminTest, StatsCountWhatIsThere) {
  MustSubmit(MakeDocument("a", ArticleText(1)));
  const v1::Decision last = MustSubmit(MakeDocument("b", ArticleText(1)));
  const v1::GetStatsResponse stats = Stats();
  EXPECT_EQ(stats.documents(), 2);
  EXPECT_EQ(stats.clusters(), 1);
  EXPECT_EQ(stats.collections(), 1);
  EXPECT_EQ(stats.sequence(), last.sequence());
  EXPECT_EQ(stats.durability(), v1::DURABILITY_SYNC);
  EXPECT_EQ(stats.store_id().size(), 32);
  EXPECT_NE(stats.version(), "");
  EXPECT_GT(stats.index_bytes(), 0);
  EXPECT_GT(stats.started_at().seconds(), 0);
  EXPECT_EQ(stats.cannot_write(), "");
}

TEST_F(AdminTest, TheLastDaysDecisionsAreCounted) {
  MustSubmit(MakeDocument("a", ArticleText(1)));
  MustSubmit(MakeDocument("b", ArticleText(1)));
  MustSubmit(MakeDocument("b", ArticleText(1)));  // nothing new
  MustSubmit(MakeDocument("c", ArticleText(2)));
  const v1::RecentDecisions day = Stats().last_day();
  EXPECT_EQ(day.decisions(), 3);
  EXPECT_EQ(day.duplicates(), 1);
  EXPECT_GT(day.span().seconds() * 1'000'000'000 + day.span().nanos(), 0);
}

TEST_F(AdminTest, SlowCallsAreToldWithTheirTrace) {
  server_.reset();
  config_.slow_call = absl::Nanoseconds(1);
  Start();
  v1::SubmitRequest request;
  *request.mutable_document() = MakeDocument("a", ArticleText(1));
  request.set_collection("default");
  const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  {
    grpc::ClientContext context;
    context.AddMetadata("traceparent", trace);
    v1::SubmitResponse response;
    ASSERT_TRUE(dedup_->Submit(&context, request, &response).ok());
  }
  {
    grpc::ClientContext context;
    context.AddMetadata("traceparent", "not one");
    request.set_collection("no\nname");
    v1::SubmitResponse response;
    EXPECT_FALSE(dedup_->Submit(&context, request, &response).ok());
  }
  grpc::ClientContext context;
  v1::ListSlowCallsResponse listed;
  ASSERT_TRUE(admin_->ListSlowCalls(&context, {}, &listed).ok());
  EXPECT_EQ(listed.threshold().nanos(), 1);
  EXPECT_EQ(listed.total(), static_cast<uint64_t>(listed.calls_size()));
  int of_submit = 0;
  for (const v1::SlowCall& call : listed.calls()) {
    EXPECT_EQ(call.caller(), "anonymous");
    if (call.rpc() != "/wonbon.v1.DedupService/Submit") continue;
    ++of_submit;
    const bool good = call.code() == 0;
    EXPECT_EQ(call.collection(), good ? "default" : "");
    EXPECT_EQ(call.traceparent(), good ? trace : "");
    EXPECT_GT(call.request_bytes(), ArticleText(1).size());
    EXPECT_EQ(call.response_bytes() > 0, good);
    EXPECT_GT(call.began_at().seconds(), 1'700'000'000);
    EXPECT_GT(call.took().seconds() * 1'000'000'000 + call.took().nanos(), 0);
  }
  EXPECT_EQ(of_submit, 2);
  EXPECT_THAT(HttpGet("/metrics"), HasSubstr("\nwonbon_slow_calls_total "));
}

TEST_F(AdminTest, TheConfigurationIsToldWithoutSecrets) {
  server_.reset();
  config_.origins["threads"] = "flag --threads";
  Start();
  grpc::ClientContext context;
  v1::GetConfigurationResponse told;
  ASSERT_TRUE(admin_->GetConfiguration(&context, {}, &told).ok());
  std::map<std::string, v1::Setting> settings;
  for (const v1::Setting& setting : told.settings()) settings[setting.name()] = setting;
  EXPECT_EQ(settings["threads"].origin(), "flag --threads");
  EXPECT_EQ(settings["durability"].origin(), "default");
  EXPECT_EQ(settings["durability"].value(), "sync");
  EXPECT_EQ(settings["slow_call"].value(), "1s");
  EXPECT_EQ(settings["seed_file"].value(), "unset");
  EXPECT_NE(settings["data_dir"].help(), "");
}

TEST_F(AdminTest, ProbesAnswer) {
  EXPECT_THAT(HttpGet("/livez"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(HttpGet("/readyz"), StartsWith("HTTP/1.1 200"));
  const std::string verbose = HttpGet("/readyz?verbose");
  EXPECT_THAT(verbose, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(verbose, HasSubstr("state: ok\ngrpc port: ok\nwrites: ok\nsubmissions: ok\n"));
  EXPECT_THAT(HttpGet("/"), HasSubstr("Location: /dashboard/\r\n"));
  EXPECT_THAT(HttpGet("/nothing"), StartsWith("HTTP/1.1 404"));
  const std::string post = Http("POST /livez HTTP/1.1\r\n");
  EXPECT_THAT(post, StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(post, HasSubstr("Allow: GET, HEAD\r\n"));
  EXPECT_THAT(HttpGet("/livez?a=%"), StartsWith("HTTP/1.1 400"));
  const std::string head = Http("HEAD /livez HTTP/1.1\r\n");
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(head.substr(head.size() - 4), "\r\n\r\n") << "no body";
}

TEST_F(AdminTest, WhatIsNoHttpOrTooMuchOfItIsRefused) {
  EXPECT_THAT(Http("rubbish\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(Http("GET /livez HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n"),
              StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(Http("POST /livez HTTP/1.1\r\nContent-Length: 1000000\r\n"),
              StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(HttpGet("/livez"), StartsWith("HTTP/1.1 200"));
}

TEST_F(AdminTest, MetricsCountCallsByTheNamesDashboardsKnow) {
  MustSubmit(MakeDocument("a", ArticleText(1)));
  MustSubmit(MakeDocument("b", ArticleText(1)));
  v1::SubmitResponse response;
  grpc::ClientContext context;
  EXPECT_FALSE(dedup_->Submit(&context, {}, &response).ok());
  const std::string metrics = HttpGet("/metrics");
  EXPECT_THAT(metrics, HasSubstr("Content-Type: text/plain; version=0.0.4"));
  const std::string labels =
      R"(grpc_method="Submit",grpc_service="wonbon.v1.DedupService",grpc_type="unary")";
  const std::string submit = "{" + labels;
  EXPECT_THAT(metrics, HasSubstr("grpc_server_started_total" + submit + "} 3"));
  EXPECT_THAT(metrics, HasSubstr("grpc_server_msg_received_total" + submit + "} 3"));
  EXPECT_THAT(metrics, HasSubstr("grpc_server_msg_sent_total" + submit + "} 2"));
  EXPECT_THAT(metrics, HasSubstr("grpc_server_handling_seconds_count" + submit + "} 3"));
  EXPECT_THAT(metrics, HasSubstr(R"(grpc_server_handled_total{grpc_code="OK",)" + labels + "} 2"));
  EXPECT_THAT(metrics, HasSubstr(R"(grpc_server_handled_total{grpc_code="InvalidArgument",)" +
                                 labels + "} 1"));
  EXPECT_THAT(metrics, HasSubstr(R"(grpc_type="bidi_stream")"));
  EXPECT_THAT(metrics, HasSubstr(R"(grpc_type="server_stream")"));
}

TEST_F(AdminTest, MetricsShowWonbonsOwnNumbers) {
  MustSubmit(MakeDocument("a", ArticleText(1)));
  MustSubmit(MakeDocument("b", ArticleText(1)));
  const std::string metrics = HttpGet("/metrics");
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_documents 2"));
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_clusters 1"));
  // "default" is made, then two documents come, each in a group of its own.
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_commit_seconds_count{part=\"decide\"} 3"));
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_commit_seconds_count{part=\"write\"} 3"));
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_commit_seconds_count{part=\"publish\"} 3"));
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_fsync_seconds_count 3"));
  EXPECT_THAT(metrics, Not(HasSubstr("\nwonbon_fsync_seconds_sum 0\n")));
  for (const char* stage : {"prepare", "judge", "commit"}) {
    EXPECT_THAT(metrics, HasSubstr(absl::StrCat("\nwonbon_submission_seconds_count{stage=\"", stage,
                                                "\"} 2")));
  }
  // The second one finds the first, and is a copy of it: a pair.
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_submission_candidates_sum 1\n"));
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_submission_judged_pairs_count 2\n"));
  EXPECT_THAT(metrics,
              HasSubstr(R"(wonbon_decisions_total{outcome="CREATED",relation="EXACT"} 1)"));
  EXPECT_THAT(metrics,
              HasSubstr(R"(wonbon_decisions_total{outcome="CREATED",relation="UNIQUE"} 1)"));
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_build_info{version=\"" WONBON_VERSION "\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_cannot_write{reason=\"\"} 0"));
  for (const char* name :
       {"wonbon_sequence", "wonbon_collections", "wonbon_index_bytes", "wonbon_store_bytes",
        "wonbon_article_cache_bytes", "wonbon_evicted_postings", "wonbon_commit_groups_total",
        "wonbon_judged_pairs_total", "wonbon_queued_requests", "wonbon_queued_commits",
        "wonbon_request_bytes_in_flight", "wonbon_open_streams", "wonbon_expired_documents_total",
        "process_start_time_seconds", "process_resident_memory_bytes",
        "process_cpu_seconds_total", "process_open_fds", "process_max_fds"}) {
    EXPECT_THAT(metrics, HasSubstr(std::string("\n") + name + " ")) << name;
  }
}

TEST_F(AdminTest, RejectedDocumentsAndRefusedCallsAreCountedByReason) {
  v1::SubmitBatchRequest batch;
  *batch.add_documents() = MakeDocument("a", ArticleText(1));
  *batch.add_documents() = MakeDocument("", ArticleText(2));
  *batch.add_documents() = MakeDocument("c", "\xff");
  EXPECT_EQ(MustSubmitBatch(batch).results_size(), 3);
  grpc::ClientContext read_only;
  v1::SetReadOnlyRequest request;
  request.set_read_only(true);
  v1::SetReadOnlyResponse response;
  ASSERT_TRUE(admin_->SetReadOnly(&read_only, request, &response).ok());
  grpc::ClientContext context;
  v1::SubmitRequest submit;
  *submit.mutable_document() = MakeDocument("d", ArticleText(3));
  v1::SubmitResponse answer;
  EXPECT_EQ(dedup_->Submit(&context, submit, &answer).error_code(),
            grpc::StatusCode::UNAVAILABLE);
  const std::string metrics = HttpGet("/metrics");
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_rejected_documents_total{reason=\"INVALID_FIELD\"} 2"));
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_rejected_documents_total{reason=\"READ_ONLY\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_refused_calls_total{reason=\"READ_ONLY\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("\nwonbon_refused_calls_total{reason=\"OTHER\"} 0"));
}

TEST_F(AdminTest, ComponentsMakeUpTheMemory) {
  uint64_t total = 0;
  std::set<std::string> names;
  const v1::GetStatsResponse stats = Stats();
  for (const v1::MemoryPart& part : stats.memory()) {
    total += part.bytes();
    names.insert(part.component());
    EXPECT_THAT(HttpGet("/metrics"), HasSubstr("\nwonbon_memory_component_bytes{component=\"" +
                                               part.component() + "\"} "));
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(stats.memory_size()));
  EXPECT_TRUE(names.contains("unaccounted"));
  // tests/monitoring has how near that is to what is resident, of a server that is filled.
  EXPECT_GT(total, server::AnonymousMemory());
}

TEST_F(AdminTest, TheEndpointCanBeOff) {
  server_.reset();
  config_.admin_listen.clear();
  Start();
  EXPECT_EQ(server_->admin_address(), "");
  ExpectUnharmed();
}

TEST_F(AdminTest, ATakenPortOrFolderIsAClearError) {
  server::Config config = LoopbackConfig();
  config.data_dir += "-other";
  config.listen = server_->grpc_address();
  auto second = server::Server::Start(config);
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("Address already in use"));
  config.listen = "127.0.0.1:0";
  config.admin_listen = server_->admin_address();
  second = server::Server::Start(config);
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("--admin-listen"));
  config = LoopbackConfig();
  second = server::Server::Start(config);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition) << second.status();
  ExpectUnharmed();
}

}  // namespace
}  // namespace wonbon
